// What the relay costs: HTTP to one unix socket, directly, through a relay's pipes, and through an exec of a Docker engine
// (with DOCKER_HOST=unix://… and the gateway's image). All in one run; prints JSON. --quick for a short one.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createEngine } from '../app/services/docker/engine.ts';
import { openRelay } from '../app/services/tunnel/relay.ts';
import { createRelayAgent } from '../app/services/tunnel/relayAgent.ts';
import { createRelayMux } from '../gateway-core/index.ts';

const isQuick = process.argv.includes('--quick');
const seconds = isQuick ? 1 : 4;
const openings = isQuick ? 3 : 7;
const megabytes = isQuick ? 64 : 512;
const connections = 8;
const image = 'gatehouse/api-gateway:0.1.0';
const program = fileURLToPath(new URL('../dist/gateway/gateway.js', import.meta.url));

/** Of the size of the admin API's /stats, and a download. The same text runs in a process here and in the container. */
const server = `
  const answer = Buffer.alloc(4096, 32), block = Buffer.alloc(65536, 120);
  require('node:http').createServer((request, response) => {
    let left = Number(new URL(request.url, 'http://x').searchParams.get('bytes'));
    if (left === 0) return response.end(answer);
    const write = () => { while (left > 0) { left -= block.length; if (!response.write(block)) return response.once('drain', write); } response.end(); };
    write();
  }).listen(process.env.GATEHOUSE_ADMIN_SOCKET, () => {
    require('node:fs').chmodSync(process.env.GATEHOUSE_ADMIN_SOCKET, 0o666);
    console.log('ready');
  });`;

/** One way to the socket, freshly opened. */
interface Way {
  readonly route: { agent: Agent; socketPath?: string };
  rssMb(): number | null;
  close(): Promise<void>;
}

interface Row {
  name: string;
  firstAnswerMs: number;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  megabytesPerSecond: number;
  rssMb: number | null;
}

async function get({ route }: Way, path: string): Promise<number> {
  const outgoing = request({ ...route, path, headers: { host: 'bench' } }).end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) bytes += chunk.length;
  return bytes;
}

async function measure(name: string, open: () => Way): Promise<Row> {
  const firsts: number[] = [];
  for (let index = 0; index < openings; index += 1) {
    const at = performance.now();
    const way = open();
    await get(way, '/');
    firsts.push(performance.now() - at);
    await way.close();
  }
  const way = open();
  await get(way, '/');
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1000;
  const ask = async () => {
    while (performance.now() < end) {
      const at = performance.now();
      await get(way, '/');
      latencies.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: connections }, ask));
  const at = performance.now();
  const bytes = await get(way, `/?bytes=${megabytes * 2 ** 20}`);
  const downloadMs = performance.now() - at;
  const row = {
    name,
    firstAnswerMs: quantile(firsts, 0.5),
    requestsPerSecond: Math.round(latencies.length / seconds),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    megabytesPerSecond: Math.round(bytes / 2 ** 20 / (downloadMs / 1000)),
    rssMb: way.rssMb(),
  };
  await way.close();
  return row;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2));
}

function openDirect(socketPath: string): Way {
  const agent = new Agent({ keepAlive: false, maxSockets: connections });
  return { route: { agent, socketPath }, rssMb: () => null, close: async () => agent.destroy() };
}

/** The relay as a child of this process: its own cost, without an engine. */
function openPipes(socketPath: string): Way {
  const env = { PATH: process.env.PATH, GATEHOUSE_ADMIN_SOCKET: socketPath };
  const child = spawn(process.execPath, [program, 'relay'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const mux = createRelayMux({ output: child.stdin, onFailure: (error) => child.stdin.destroy(error) });
  child.stdout.on('data', (chunk: Buffer) => mux.receive(chunk));
  const connect = async () => mux.connect(`unix:${socketPath}`);
  return {
    route: { agent: createRelayAgent({ connect }) },
    rssMb: () => toMb(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })),
    async close() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

/** The relay as the console opens it. */
function openExec(enginePath: string, container: string): Way {
  const openEngine = () => createEngine({ kind: 'socket', path: enginePath });
  const relay = openRelay({ openEngine, container, name: container });
  return {
    route: { agent: createRelayAgent(relay) },
    rssMb() {
      const lines = docker('top', container, '-eo', 'rss,pid,args').split('\n');
      return toMb(lines.find((line) => line.endsWith(' relay')) ?? '');
    },
    close: relay.close,
  };
}

function toMb(line: string): number | null {
  const kilobytes = Number.parseInt(line, 10);
  return Number.isNaN(kilobytes) ? null : Math.round(kilobytes / 1024);
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Runs `work` with the socket of a server in a container of its own, which is removed afterwards. */
async function inContainer(folder: string, work: (container: string) => Promise<void>): Promise<void> {
  const container = `gatehouse-bench-relay-${process.pid}`;
  const mounted = ['--volume', `${folder}:/run/gatehouse`, '--user', '0'];
  docker('run', '-d', '--init', '--name', container, ...mounted, '--entrypoint', 'node', image, '-e', server);
  try {
    while (!docker('logs', container).includes('ready')) await delay(50);
    await work(container);
  } finally {
    docker('rm', '-f', container);
  }
}

if (!existsSync(program)) throw new Error(`${program} does not exist; run npm run build first`);
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
chmodSync(folder, 0o755);
const socketPath = join(folder, 'admin.sock');
const rows: Row[] = [];
const local = spawn(process.execPath, ['-e', server], {
  env: { PATH: process.env.PATH, GATEHOUSE_ADMIN_SOCKET: socketPath },
  stdio: ['ignore', 'pipe', 'inherit'],
});
await once(local.stdout, 'data');
rows.push(await measure('direct', () => openDirect(socketPath)));
rows.push(await measure('relay-pipes', () => openPipes(socketPath)));
local.kill();
await once(local, 'exit');
rmSync(socketPath, { force: true });

const enginePath = /^unix:\/\/(.+)$/.exec(process.env.DOCKER_HOST ?? '')?.[1];
if (enginePath) {
  await inContainer(folder, async (container) => {
    rows.push(await measure('container-direct', () => openDirect(socketPath)));
    rows.push(await measure('relay-exec', () => openExec(enginePath, container)));
  });
}
rmSync(folder, { recursive: true, force: true });

const ratio = (a: string, b: string, of: 'requestsPerSecond' | 'megabytesPerSecond') => {
  const [first, second] = [a, b].map((name) => rows.find((row) => row.name === name)?.[of]);
  return first && second ? { [`${a}/${b} ${of}`]: Number((first / second).toFixed(3)) } : {};
};
const pairs = [
  ['relay-pipes', 'direct'],
  ['relay-exec', 'container-direct'],
] as const;
const ratios = Object.assign(
  {},
  ...pairs.flatMap(([a, b]) => [ratio(a, b, 'requestsPerSecond'), ratio(a, b, 'megabytesPerSecond')]),
);
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version };
process.stdout.write(`${JSON.stringify({ bench: 'relay', machine, rows, ratios }, null, 2)}\n`);
