import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../clock/clock.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import { callAdmin } from './adminCalls.ts';
import { startUpstream } from './fixture.ts';

interface Timed {
  readonly gateway: Gateway;
  readonly socket: string;
  advance(ms: number): void;
  ask(path?: string): Promise<number>;
}

/** A gateway whose clock stands still until it is told to go on. */
async function start(upstreamPort: number, more = ''): Promise<Timed> {
  let passedMs = 0;
  const clock: Clock = { now: () => 1_700_000_000_000 + passedMs, monotonic: () => 5_000 + passedMs };
  const config = loadConfig(`
version: 1
listen: { host: 127.0.0.1, port: 0 }
upstreams: { app: { url: "http://127.0.0.1:${upstreamPort}" } }
routes: [{ id: app, paths: [/app], upstream: app }]
${more}`);
  const gateway = createGateway(config, { clock });
  const folder = mkdtempSync(join(tmpdir(), 'clock-'));
  onTestFinished(async () => {
    await gateway.close({ graceMs: 0 });
    rmSync(folder, { recursive: true });
  });
  const { port } = await gateway.listen();
  const socket = join(folder, 'admin.sock');
  await gateway.adminListen(socket);
  const advance = (ms: number) => {
    passedMs += ms;
  };
  return {
    gateway,
    socket,
    advance,
    ask: async (path = '/app') => (await fetch(`http://127.0.0.1:${port}${path}`)).status,
  };
}

test('an open breaker tries again when the clock says so, and not before', async () => {
  const { ask, advance, gateway } = await start(1);
  const transitions: string[] = [];
  gateway.on('breaker', ({ to, at }) => transitions.push(`${to} at ${at - 1_700_000_000_000}`));
  for (let count = 0; count < 5; count++) expect(await ask()).toBe(502);
  expect(await ask()).toBe(503);
  advance(9_000);
  expect(await ask()).toBe(503);
  // Longer than any jitter makes the 10 s.
  advance(9_000);
  expect(await ask()).toBe(502);
  await expect.poll(() => transitions.length).toBe(3);
  expect(transitions[0]).toBe('open at 0');
  expect(transitions[1]).toBe('half-open at 18000');
});

test('a limit gives back what the clock says has passed', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const { ask, advance } = await start(
    upstream.port,
    'defaults: { limits: [few] }\nlimits: { policies: { few: { by: [ip], rate: 2, perSeconds: 60 } } }',
  );
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
  advance(29_000);
  expect(await ask()).toBe(429);
  advance(1_000);
  expect([await ask(), await ask()]).toEqual([200, 429]);
});

test('what is recorded has the time of the clock', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const { ask, advance, socket } = await start(upstream.port);
  advance(1_234);
  await ask();
  const page = (await callAdmin(socket, '/v1/exchanges')).json<{ exchanges: { at: number; durationMs: number }[] }>();
  expect(page.exchanges).toMatchObject([{ at: 1_700_000_001_234, durationMs: 0 }]);
  const stats = (await callAdmin(socket, '/v1/stats')).json();
  expect(stats).toMatchObject({ startedAt: 1_700_000_000_000, at: 1_700_000_001_234 });
});
