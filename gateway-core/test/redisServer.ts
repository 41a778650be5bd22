// A real redis-server on loopback, without anything on disk, that can be stopped, started again and frozen.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { onTestFinished, type TestContext } from 'vitest';

const isInstalled = spawnSync('redis-server', ['--version']).status === 0;

/** For tests that cannot run without it. */
export function needsRedis(context: TestContext): void {
  if (!isInstalled) context.skip('needs redis-server; install the package redis-server');
}

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Kills it; its port answers no more. */
  stop(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  /** It keeps its connections and answers nothing. */
  freeze(): void;
  thaw(): void;
}

export async function startRedis(extraArguments: readonly string[] = []): Promise<RedisServer> {
  const port = await findFreePort();
  let child = await spawnRedis(port, extraArguments);
  onTestFinished(() => end(child));
  return {
    port,
    url: `redis://127.0.0.1:${port}/0`,
    stop: () => end(child),
    async restart() {
      await end(child);
      child = await spawnRedis(port, extraArguments);
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  };
}

function spawnRedis(port: number, extraArguments: readonly string[]): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...extraArguments];
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

/** Redis takes no port 0. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
