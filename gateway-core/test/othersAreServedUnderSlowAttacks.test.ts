import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { repetitions } from '../../scripts/endurance.mjs';
import { eventually, startGateway, startUpstream } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';

const hasTool = spawnSync('slowhttptest', ['-h']).error === undefined;
const SECONDS = repetitions({ usual: 6, ci: 8, soak: 120 });
const ATTACKERS = 100;
/** More than the kernel's buffers hold for a client that does not read. */
const PAGE = Buffer.alloc(4_500_000, 120);
/** Windows short enough for several of them in one run. */
const BOUNDS = 'server: { headersTimeoutMs: 2000, slowWindowMs: 2000, minBytesPerSecond: 500 }\n';

/** Debian's slowhttptest: connections that are slow in one way. Resolves when it has ended. */
async function attack(port: number, mode: readonly string[]): Promise<void> {
  const size = ['-c', String(ATTACKERS), '-r', String(ATTACKERS), '-l', String(SECONDS), '-i', '1', '-p', '3'];
  const url = `http://127.0.0.1:${port}/app/page`;
  const child = spawn('slowhttptest', [...size, ...mode, '-u', url], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'exit');
}

const ATTACKS: [what: string, mode: string[], cut: RegExp][] = [
  ['header fields', ['-H', '-x', '24'], /requests_total\{[^}]*code="request-timeout"[^}]*\} (\d+)/],
  ['bodies', ['-B', '-s', '8192', '-x', '10'], /slow_clients_cut_total\{what="body"\} (\d+)/],
  ['reading', ['-X', '-w', '10', '-y', '20', '-n', '1', '-z', '5'], /slow_clients_cut_total\{what="answer"\} (\d+)/],
];

describe.skipIf(!hasTool)(
  `with slowhttptest${hasTool ? '' : ' (it is not installed: apt-get install slowhttptest)'}`,
  () => {
    test.each(ATTACKS)(
      'slow %s leave the gateway serving others',
      { timeout: 60_000 + 1_000 * SECONDS },
      async (_what, mode, cut) => {
        const upstream = await startUpstream((req, res) => {
          req.on('error', () => undefined).on('end', () => res.end(req.url === '/quick' ? 'ok' : PAGE));
          req.resume();
        });
        const { port, admin } = await startGateway({ upstreamPort: upstream.port, yaml: BOUNDS });
        let running = true;
        const attacked = attack(port, mode).finally(() => {
          running = false;
        });
        let served = 0;
        while (running) {
          // A connection of its own each time, as a new visitor has it.
          const raw = await openRawSocket(port);
          raw.send('GET /app/quick HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n');
          expect(await raw.closed()).toMatch(/^HTTP\/1\.1 200 [\s\S]*ok$/);
          served += 1;
        }
        await attacked;
        expect(served).toBeGreaterThan(3);
        // Not by luck: it was the gateway that ended slow ones. On a busy machine their windows hardly fit into one run.
        const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        expect(Number(cut.exec(metrics)?.[1])).toBeGreaterThan(0);
        await eventually(async () => (await admin<{ inFlight: number }>('/stats')).inFlight === 0);
      },
    );
  },
);
