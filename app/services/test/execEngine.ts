// A tiny engine that executes one thing: a relay as a real process, framed and hijacked as Docker does it. It can be told
// to execute something else, to refuse, to cut and to go, which a real engine cannot be asked for.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { programs } from '../../../scripts/programs.mjs';

export interface ExecEngine {
  readonly socketPath: string;
  /** The commands that were asked for. */
  readonly commands: string[][];
  /** Processes that run now. */
  readonly running: Set<ChildProcess>;
  /** What is spawned in the place of the relay; by default the relay of the gateway's sources. */
  program: string[];
  /** What exec is answered with instead, as a status. */
  refusal: number | undefined;
  /** Said on stdout instead of running anything, with exit code 127, as dockerd does for a missing program. */
  runtimeError: string | undefined;
  environment: NodeJS.ProcessEnv;
  hasContainer: boolean;
  /** Cuts the hijacked connections, and leaves it to the relays to notice. */
  cut(): void;
  listen(): Promise<void>;
  die(): Promise<void>;
  close(): Promise<void>;
}

export function createExecEngine(adminSocket: string): ExecEngine {
  const folder = mkdtempSync(join(tmpdir(), 'gh-exec-'));
  const exitCodes: (number | null)[] = [];
  const connections = new Set<Duplex>();
  let server: Server | undefined;

  const json = (answer: ServerResponse, status: number, body: unknown) =>
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

  const handle = async (request: IncomingMessage, answer: ServerResponse) => {
    const path = request.url ?? '';
    if (path === '/_ping') return answer.end('OK');
    if (path.endsWith('/json') && path.startsWith('/exec/')) {
      const code = exitCodes[Number(path.split('/')[2])];
      return json(answer, 200, { Running: code === null, ExitCode: code ?? null });
    }
    if (path.endsWith('/json')) {
      return engine.hasContainer ? json(answer, 200, inspection) : json(answer, 404, { message: 'No such container' });
    }
    if (!path.endsWith('/exec')) return json(answer, 404, { message: path });
    if (engine.refusal !== undefined) return json(answer, engine.refusal, { message: 'exec is not for you' });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    engine.commands.push((JSON.parse(Buffer.concat(chunks).toString()) as { Cmd: string[] }).Cmd);
    return json(answer, 201, { Id: String(exitCodes.push(null) - 1) });
  };

  const start = (index: number, socket: Duplex) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket)).on('error', () => socket.destroy());
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    if (engine.runtimeError !== undefined) {
      exitCodes[index] = 127;
      return socket.end(frame(1, Buffer.from(engine.runtimeError)));
    }
    const [command = '', ...args] = engine.program;
    const child = spawn(command, args, { env: engine.environment, stdio: ['pipe', 'pipe', 'pipe'] });
    engine.running.add(child);
    child.stdin.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => socket.writable && socket.write(frame(1, chunk)));
    child.stderr.on('data', (chunk: Buffer) => socket.writable && socket.write(frame(2, chunk)));
    socket.on('data', (chunk: Buffer) => child.stdin.write(chunk));
    // As dockerd: a client that goes takes the input along, and nothing else.
    socket.on('end', () => child.stdin.end()).on('close', () => child.stdin.end());
    return child.on('close', (code, signal) => {
      exitCodes[index] = signal ? 137 : code;
      engine.running.delete(child);
      socket.end();
    });
  };

  const engine: ExecEngine = {
    socketPath: join(folder, 'engine.sock'),
    commands: [],
    running: new Set(),
    program: [process.execPath, programs.gateway, 'relay'],
    refusal: undefined,
    runtimeError: undefined,
    environment: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      GATEHOUSE_ADMIN_SOCKET: adminSocket,
    },
    hasContainer: true,
    cut() {
      for (const connection of connections) connection.destroy();
    },
    async listen() {
      server = createServer((request, answer) => void handle(request, answer));
      server.on('upgrade', (request, socket) => {
        start(Number((request.url ?? '').split('/')[2]), socket);
      });
      server.listen(engine.socketPath);
      await once(server, 'listening');
    },
    async die() {
      const old = server;
      server = undefined;
      engine.cut();
      old?.closeAllConnections();
      await new Promise((resolve) => (old ? old.close(resolve) : resolve(undefined)));
    },
    async close() {
      await engine.die();
      for (const child of engine.running) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return engine;
}

const inspection = {
  Id: 'gateway',
  Name: '/shop-api_gateway-1',
  Image: 'sha256:1',
  State: { Status: 'running' },
  Config: { Image: 'gatehouse/api-gateway:1', Entrypoint: ['node', '/opt/gatehouse/gateway.js'] },
};

function frame(channel: 1 | 2, body: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = channel;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}
