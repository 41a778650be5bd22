// Real servers for tests: redis-server of this machine, and on a Docker engine Postgres behind PgBouncer in transaction
// mode, and RabbitMQ. Each can be stopped and started, frozen and thawed, and is gone when its tests are over.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';

const run = promisify(execFile);

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
export const HAS_ENGINE = process.env.GATEHOUSE_TEST_ENGINE === '1';
/** For hooks that start servers: an engine that also runs other tests takes its time. */
export const STARTING_MS = 300_000;

export function needRedis(context: TestContext): void {
  if (!hasRedis) context.skip('needs redis-server; install the package redis-server');
}

export function needEngine(context: TestContext): void {
  if (!HAS_ENGINE) context.skip('needs a Docker engine; run eval "$(.ci/engine/up)" and set GATEHOUSE_TEST_ENGINE=1');
}

export interface RealServer {
  port: number;
  stop(): Promise<void>;
  /** On the same port, with what it had kept. */
  start(): Promise<void>;
  /** It keeps its connections and answers nothing. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  remove(): Promise<void>;
}

export async function startRedis(): Promise<RealServer> {
  const port = await findFreePort();
  let child = await spawnRedis(port);
  return {
    port,
    stop: () => end(child),
    async start() {
      child = await spawnRedis(port);
    },
    freeze: async () => void child.kill('SIGSTOP'),
    thaw: async () => void child.kill('SIGCONT'),
    remove: () => end(child),
  };
}

function spawnRedis(port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.includes('Ready to accept connections')) resolve(child);
    });
    child.once('exit', () => reject(new Error(`redis-server ended: ${text}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Redis takes no port 0, and a container that is started again keeps a port only when it was told which. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const PASSWORD = 'of-this-test-alone';

async function docker(...argv: string[]): Promise<string> {
  return (await run('docker', argv)).stdout.trim();
}

interface Container {
  image: string;
  containerPort: number;
  options: string[];
}

async function startContainer({ image, containerPort, options }: Container): Promise<RealServer & { id: string }> {
  const port = await findFreePort();
  const published = ['--publish', `127.0.0.1:${port}:${containerPort}`];
  const id = await docker('run', '--detach', ...published, ...options, `gatehouse-local/${image}:trixie`);
  return {
    ...{ id, port },
    stop: async () => void (await docker('kill', id)),
    start: async () => void (await docker('start', id)),
    freeze: async () => void (await docker('pause', id)),
    thaw: async () => void (await docker('unpause', id)),
    remove: async () => void (await docker('rm', '--force', '--volumes', id)),
  };
}

/** Asks until the answer is yes. A container that has ended will never say it. */
async function until(id: string, isReady: () => Promise<boolean>): Promise<void> {
  while (!(await isReady().catch(() => false))) {
    const state = await docker('inspect', '--format', '{{.State.Status}}', id);
    if (state !== 'running') throw new Error(`the container is ${state}: ${await docker('logs', '--tail', '20', id)}`);
    await delay(300);
  }
}

const untilExecuted = (id: string, ...command: string[]) =>
  until(id, async () => {
    await docker('exec', id, ...command);
    return true;
  });

export interface RealPostgres extends RealServer {
  password: string;
  /** Of a new, empty database, through PgBouncer. */
  createDatabase(): Promise<URL>;
  remove(): Promise<void>;
}

/** What is stopped and frozen is PgBouncer. */
export async function startPostgres({ poolSize = 5 } = {}): Promise<RealPostgres> {
  const network = `gatehouse-test-shop-${randomBytes(4).toString('hex')}`;
  await docker('network', 'create', network);
  const inNetwork = ['--network', network];
  const postgres = await startContainer({
    image: 'postgres',
    containerPort: 5432,
    options: [
      ...[...inNetwork, '--network-alias', 'postgres'],
      // In memory: it is never stopped here, and its first start writes to the disk for minutes on a busy machine.
      ...['--tmpfs', '/var/lib/postgresql/data'],
      ...toEnvironment({ POSTGRES_USER: 'shop', POSTGRES_PASSWORD: PASSWORD, POSTGRES_INITDB_ARGS: '--no-sync' }),
    ],
  });
  await untilExecuted(postgres.id, 'pg_isready', '-h', '127.0.0.1', '-U', 'shop');
  const bouncer = await startContainer({
    image: 'pgbouncer',
    containerPort: 6432,
    options: [
      ...inNetwork,
      ...toEnvironment({
        ...{ DB_HOST: 'postgres', DB_USER: 'shop', DB_PASSWORD: PASSWORD, AUTH_TYPE: 'scram-sha-256', DB_NAME: '*' },
        ...{ POOL_MODE: 'transaction', LISTEN_PORT: '6432', DEFAULT_POOL_SIZE: String(poolSize) },
      }),
    ],
  });
  await untilExecuted(bouncer.id, 'pg_isready', '-h', 'localhost', '-p', '6432');
  return {
    ...bouncer,
    password: PASSWORD,
    async createDatabase() {
      const name = `test_${randomBytes(4).toString('hex')}`;
      await docker('exec', postgres.id, 'createdb', '--username', 'shop', name);
      return new URL(`postgres://shop@127.0.0.1:${bouncer.port}/${name}`);
    },
    async remove() {
      await bouncer.remove();
      await postgres.remove();
      await docker('network', 'rm', network);
    },
  };
}

export interface RealRabbit extends RealServer {
  url: URL;
  password: string;
}

export async function startRabbit(): Promise<RealRabbit> {
  const broker = await startContainer({
    image: 'rabbitmq',
    containerPort: 5672,
    options: toEnvironment({ RABBITMQ_DEFAULT_USER: 'shop', RABBITMQ_DEFAULT_PASS: PASSWORD }).concat(
      '--hostname',
      'rabbitmq',
    ),
  });
  // Not by its own tools: run before the server has made its cookie they make one that the server cannot read.
  const isUp = async () => (await docker('logs', broker.id)).includes('Server startup complete');
  await until(broker.id, isUp);
  return { ...broker, url: new URL(`amqp://shop@127.0.0.1:${broker.port}`), password: PASSWORD };
}

function toEnvironment(variables: Record<string, string>): string[] {
  return Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
}
