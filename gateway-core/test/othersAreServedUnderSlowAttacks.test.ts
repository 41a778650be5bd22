import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually, startGateway, startUpstream } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';

const hasTool = spawnSync('slowhttptest', ['-h']).error === undefined;
const SECONDS = 10;
const ATTACKERS = 100;
/** More than the kernel's buffers hold for a client that does not read. */
const PAGE = Buffer.alloc(4_500_000, 120);
/** Windows short enough for several of them in one run. */
const BOUNDS = 'server: { headersTimeoutMs: 2000, slowWindowMs: 2000, minBytesPerSecond: 500 }\n';

interface Stats {
  inFlight: number;
  routes: Record<string, { status: Record<string, number> }>;
}

/** Debian's slowhttptest: connections that are slow in one way. Resolves when it has ended. */
async function attack(port: number, args: readonly string[]): Promise<void> {
  const child = spawn(
    'slowhttptest',
    ['-c', String(ATTACKERS), '-r', String(ATTACKERS), '-l', String(SECONDS), '-i', '1', '-p', '3', ...args, '-u', `http://127.0.0.1:${port}/app/page`],
    { stdio: 'ignore' },
  ); // biome-ignore format: one call
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'exit');
}

describe.skipIf(!hasTool)(
  `with slowhttptest${hasTool ? '' : ' (it is not installed: apt-get install slowhttptest)'}`,
  () => {
    test.each<[mode: string, args: string[], cut: (stats: Stats) => number]>([
      ['header fields', ['-H', '-x', '24'], ({ routes }) => routes['-']?.status['4xx'] ?? 0],
      ['bodies', ['-B', '-s', '8192', '-x', '10'], ({ routes }) => routes.app?.status['4xx'] ?? 0],
      [
        'reading',
        ['-X', '-w', '10', '-y', '20', '-n', '1', '-z', '5'],
        ({ routes }) => routes.app?.status.aborted ?? 0,
      ],
    ])('slow %s leave the gateway serving others', { timeout: 60_000 }, async (_mode, args, cut) => {
      const upstream = await startUpstream((req, res) => {
        req.on('error', () => undefined).on('end', () => res.end(req.url === '/quick' ? 'ok' : PAGE));
        req.resume();
      });
      const { port, admin } = await startGateway({ upstreamPort: upstream.port, yaml: BOUNDS });
      let running = true;
      const attacked = attack(port, args).finally(() => {
        running = false;
      });
      let [served, cutMeanwhile] = [0, 0];
      while (running) {
        // A connection of its own each time, as a new visitor has it.
        const raw = await openRawSocket(port);
        raw.send('GET /app/quick HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n');
        expect(await raw.closed()).toMatch(/^HTTP\/1\.1 200 [\s\S]*ok$/);
        served += 1;
        if (running) cutMeanwhile = cut(await admin<Stats>('/stats'));
      }
      await attacked;
      expect(served).toBeGreaterThan(3);
      // Not by luck: the slow ones were cut while the attack still ran.
      expect(cutMeanwhile).toBeGreaterThan(ATTACKERS / 10);
      await eventually(async () => (await admin<Stats>('/stats')).inFlight === 0);
    });
  },
);
