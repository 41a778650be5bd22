// What is compared, and how each is started: as a process of its own, on the core that only the candidate under test uses.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type Ground,
  writeGatewayOff,
  writeGatewayOn,
  writeGatewayTenth,
  writeHaproxy,
  writeNginx,
} from './configs.ts';

export interface Running {
  readonly port: number;
  /** null: the origin itself, whose memory says nothing. */
  readonly child: ChildProcess | null;
}

export interface Candidate {
  readonly name: string;
  /** Why it cannot take part; undefined when it can. */
  findObstacle(): string | undefined;
  start(ground: Ground): Promise<Running>;
}

const peers = fileURLToPath(new URL('peers.ts', import.meta.url));
const gateway = fileURLToPath(new URL('../../dist/gateway/gateway.js', import.meta.url));

/** Undefined where processes cannot be pinned, or there is nothing to pin them to. */
export function findPinning(): { load: string; candidate: string } | undefined {
  if (cpus().length < 2 || spawnSync('taskset', ['--version']).error) return undefined;
  return { load: '0', candidate: '1' };
}

/** Its output to stderr comes through; stdout is the caller's to read. */
export function spawnPinned(core: string | undefined, command: string, args: readonly string[]): ChildProcess {
  const line = core === undefined ? [command, ...args] : ['taskset', '-c', core, command, ...args];
  const [first = command, ...rest] = line;
  return spawn(first, rest, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_ENV: 'production' } });
}

export async function readLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the process has no stdout to read from');
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error(`${describe(child)} ended without a word`);
}

/** Without its task, which is long. */
function describe({ spawnargs }: ChildProcess): string {
  return spawnargs.filter((argument) => !argument.startsWith('{')).join(' ');
}

const onCandidateCore = (command: string, args: readonly string[]) =>
  spawnPinned(findPinning()?.candidate, command, args);

function createPeer(name: string): Candidate {
  return {
    name,
    findObstacle: () => undefined,
    async start({ origin }) {
      const child = onCandidateCore(process.execPath, [peers, name, String(origin)]);
      return { port: Number(await readLine(child)), child };
    },
  };
}

type Write = (ground: Ground, port: number) => string;

function createServerProgram(name: string, write: Write, toArguments: (config: string) => string[]): Candidate {
  const find = () => ['/usr/sbin', '/usr/bin', '/usr/local/bin'].map((folder) => `${folder}/${name}`).find(existsSync);
  return {
    name,
    findObstacle: () => (find() === undefined ? `${name} is not installed; it is a package of Debian` : undefined),
    async start(ground) {
      const port = await findFreePort();
      const child = onCandidateCore(find() ?? name, toArguments(write(ground, port)));
      await untilListening(port, child);
      return { port, child };
    },
  };
}

/** `flags` are for Node. */
export function createGatewayCandidate(name: string, write: Write, flags: readonly string[] = []): Candidate {
  return {
    name,
    findObstacle: () => (existsSync(gateway) ? undefined : `${gateway} does not exist; run npm run build first`),
    async start(ground) {
      const port = await findFreePort();
      const child = onCandidateCore(process.execPath, [...flags, gateway, '--config', write(ground, port)]);
      child.stdout?.resume();
      await untilListening(port, child);
      return { port, child };
    },
  };
}

/** In the order of the table. */
export const candidates: readonly Candidate[] = [
  {
    name: 'direct',
    findObstacle: () => undefined,
    start: async ({ origin }) => ({ port: origin, child: null }),
  },
  createServerProgram('nginx', writeNginx, (config) => ['-c', config]),
  createServerProgram('haproxy', writeHaproxy, (config) => ['-db', '-f', config]),
  createPeer('http-proxy'),
  createPeer('http-proxy-3'),
  createPeer('http-proxy-3-bare'),
  createPeer('fastify-http-proxy'),
  createPeer('undici'),
  createGatewayCandidate('gateway-on', writeGatewayOn),
  createGatewayCandidate('gateway-on-tenth', writeGatewayTenth),
  createGatewayCandidate('gateway-off', writeGatewayOff),
];

/** Programs that cannot say which port they took get one that was free a moment ago. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('a TCP server has no port');
  return address.port;
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await delay(20);
  }
  throw new Error(`${describe(child)} ended with ${child.exitCode}`);
}

export async function stop({ child }: Running): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Of a process and its children (nginx has a worker); null where nobody says it. */
function listProcesses({ child }: Running): string[] | null {
  if (child?.pid === undefined) return null;
  const { stdout, error } = spawnSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' });
  return error ? null : [String(child.pid), ...stdout.split('\n').filter((pid) => pid !== '')];
}

/** Fields of /proc/PID/stat are behind a name that may have spaces; times in ticks of 10 ms (man 5 proc_pid_stat). */
export function readCpuMs(running: Running): number | null {
  try {
    const times = listProcesses(running)?.map((pid) => {
      const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      const fields = rest.split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    });
    return times?.reduce((sum, ms) => sum + ms, 0) ?? null;
  } catch {
    return null;
  }
}

/** Of a process and its children, in MiB; null where nobody says it. */
export function readRssMb({ child }: Running): number | null {
  if (child?.pid === undefined) return null;
  const pid = String(child.pid);
  const { stdout, error } = spawnSync('ps', ['-o', 'rss=', '--pid', pid, '--ppid', pid], { encoding: 'utf8' });
  if (error) return null;
  return Math.round(stdout.split('\n').reduce((sum, line) => sum + Number(line), 0) / 1024);
}
