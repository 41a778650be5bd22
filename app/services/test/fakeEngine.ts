// A tiny Docker Engine API on a unix socket, for what a real engine cannot be asked to do: go, hang and lie at will.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeContainer {
  id: string;
  service: string;
  running: boolean;
  startedAt: string;
  /** Lines with their stamps: `2026-…Z text`. */
  log: string[];
}

export interface FakeEngine {
  readonly socketPath: string;
  readonly containers: Map<string, FakeContainer>;
  readonly eventStreams: Set<ServerResponse>;
  readonly connections: number;
  listen(): Promise<void>;
  /** Cuts every connection and listens no more. */
  die(): Promise<void>;
  /** Keeps its connections and answers nothing any more. */
  hang(): void;
  emit(action: string, container: FakeContainer): void;
  /** Appends to the log, and sends it to those who follow. */
  log(container: FakeContainer, line: string): void;
  /** Stops the container, as far as followers of its log see it. */
  endLogs(container: FakeContainer): void;
  close(): Promise<void>;
}

const labels = (service: string) => ({
  'com.docker.compose.project': 'shop',
  'com.docker.compose.service': service,
});

function toInspect({ id, service, running, startedAt }: FakeContainer) {
  return {
    Id: id,
    Name: `/shop-${service}-1`,
    Image: 'sha256:1',
    State: { Status: running ? 'running' : 'exited', ExitCode: running ? 0 : 137, StartedAt: startedAt },
    Config: { Image: 'shop/x:1', Labels: labels(service) },
  };
}

export function createFakeEngine(): FakeEngine {
  const folder = mkdtempSync(join(tmpdir(), 'gh-fake-'));
  const socketPath = join(folder, 'engine.sock');
  const containers = new Map<string, FakeContainer>();
  const eventStreams = new Set<ServerResponse>();
  const followers = new Map<string, Set<ServerResponse>>();
  let server: Server | undefined;
  let hangs = false;
  let connections = 0;

  const json = (answer: ServerResponse, status: number, body: unknown) =>
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

  const logs = (url: URL, id: string, answer: ServerResponse) => {
    const container = containers.get(id);
    if (!container) return json(answer, 404, { message: 'no such container' });
    const since = Number(url.searchParams.get('since') ?? 0);
    const tail = url.searchParams.get('tail') ?? 'all';
    const kept = container.log.filter((line) => Date.parse(line.split(' ')[0] ?? '') / 1000 >= since);
    answer.writeHead(200).flushHeaders();
    for (const line of tail === 'all' ? kept : kept.slice(kept.length - Number(tail))) answer.write(frame(line));
    if (!container.running || url.searchParams.get('follow') !== 'true') return answer.end();
    const own = followers.get(id) ?? new Set();
    followers.set(id, own.add(answer));
    return answer.once('close', () => own.delete(answer));
  };

  const handle = (request: IncomingMessage, answer: ServerResponse): unknown => {
    if (hangs) return undefined;
    const url = new URL(request.url ?? '/', 'http://engine');
    const [, id = ''] = /^\/containers\/([^/]+)\//.exec(url.pathname) ?? [];
    if (url.pathname === '/_ping') return answer.end('OK');
    if (url.pathname === '/info') return json(answer, 200, { Name: 'fake', ServerVersion: '28.2', Labels: null });
    if (url.pathname === '/networks') return json(answer, 200, []);
    if (url.pathname === '/containers/json') {
      return json(
        answer,
        200,
        [...containers.values()].map((one) => ({ Id: one.id, Labels: labels(one.service) })),
      );
    }
    if (url.pathname === '/events') {
      answer.writeHead(200).flushHeaders();
      eventStreams.add(answer);
      return answer.once('close', () => eventStreams.delete(answer));
    }
    if (url.pathname.endsWith('/logs')) return logs(url, id, answer);
    const container = containers.get(id);
    return container ? json(answer, 200, toInspect(container)) : json(answer, 404, { message: 'no such container' });
  };

  const die = async () => {
    const old = server;
    server = undefined;
    old?.closeAllConnections();
    await new Promise((resolve) => (old ? old.close(resolve) : resolve(undefined)));
  };

  return {
    socketPath,
    containers,
    eventStreams,
    get connections() {
      return connections;
    },
    listen: () =>
      new Promise((resolve) => {
        hangs = false;
        server = createServer(handle).listen(socketPath, () => resolve());
        server.on('connection', (socket) => {
          connections += 1;
          socket.on('close', () => {
            connections -= 1;
          });
        });
      }),
    die,
    hang() {
      hangs = true;
    },
    emit(action, { id, service }) {
      const event = { Type: 'container', Action: action, Actor: { ID: id, Attributes: labels(service) }, time: 1 };
      for (const stream of eventStreams) stream.write(`${JSON.stringify(event)}\n`);
    },
    log(container, line) {
      container.log.push(line);
      for (const follower of followers.get(container.id) ?? []) follower.write(frame(line));
    },
    endLogs(container) {
      for (const follower of followers.get(container.id) ?? []) follower.end();
    },
    async close() {
      await die();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function frame(line: string): Buffer {
  const body = Buffer.from(`${line}\n`);
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}
