import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { TapStats } from '../tap/tap.ts';
import { startGateway, startUpstream, type TestGateway } from './fixture.ts';

type Line =
  | { type: 'exchange'; exchange: { sequence: number; path: string } }
  | { type: 'lost'; count: number }
  | { type: 'heartbeat'; stats: { kept: number; bytes: number; capacityBytes: number } };

interface Viewer {
  readonly lines: Line[];
  pause(): void;
  resume(): void;
  until(done: (lines: Line[]) => boolean): Promise<void>;
}

/** A raw connection, so that it can really stop reading. */
async function view(gateway: TestGateway, backfill = 0): Promise<Viewer> {
  const socket = connect(gateway.adminSocket);
  onTestFinished(() => void socket.destroy());
  socket.write(`GET /tap?backfill=${backfill} HTTP/1.0\r\n\r\n`);
  const lines: Line[] = [];
  const watchers = new Set<() => void>();
  let rest = '';
  let inHead = true;
  socket.setEncoding('utf8').on('data', (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      if (!inHead) lines.push(JSON.parse(part) as Line);
      else if (part === '\r') inHead = false;
    }
    for (const watcher of [...watchers]) watcher();
  });
  const until = (done: (seen: Line[]) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!done(lines)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
    });
  await until((seen) => seen.some((line) => line.type === 'heartbeat'));
  return { lines, pause: () => void socket.pause(), resume: () => void socket.resume(), until };
}

const tapOf = async (gateway: TestGateway) => (await gateway.admin<{ tap: TapStats }>('/stats')).tap;

test('a viewer gets each exchange in order, and the kept ones first', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const gateway = await startGateway({ upstreamPort: upstream.port });
  for (const path of ['a', 'b']) await (await fetch(`http://127.0.0.1:${gateway.port}/app/${path}`)).text();
  const viewer = await view(gateway, 1);
  await (await fetch(`http://127.0.0.1:${gateway.port}/app/c`)).text();
  await viewer.until((lines) => lines.filter((line) => line.type === 'exchange').length === 2);
  const seen = viewer.lines.flatMap((line) => (line.type === 'exchange' ? [line.exchange] : []));
  expect(seen.map(({ path, sequence }) => [path, sequence])).toEqual([
    ['/app/b', 2],
    ['/app/c', 3],
  ]);
  expect(await tapOf(gateway)).toMatchObject({ kept: 3, viewers: 1, lost: 0 });
});

test('a viewer that does not read loses events, which are counted, and no request waits for it', {
  timeout: 40_000,
}, async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const gateway = await startGateway({ upstreamPort: upstream.port, yaml: 'tap: { capacityBytes: 1048576 }' });
  const viewer = await view(gateway);
  viewer.pause();
  const query = 'q'.repeat(6000);
  const total = 3_000;
  let next = 0;
  let slowest = 0;
  const send = async () => {
    while (next++ < total) {
      const began = performance.now();
      const response = await fetch(`http://127.0.0.1:${gateway.port}/app?${query}`);
      await response.text();
      slowest = Math.max(slowest, performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: 16 }, send));
  expect(slowest).toBeLessThan(2_000);
  const tap = await tapOf(gateway);
  expect(tap.bytes).toBeLessThanOrEqual(tap.capacityBytes);
  expect(tap.lost).toBeGreaterThan(0);

  viewer.resume();
  await viewer.until((lines) => lines.some((line) => line.type === 'lost'));
  const got = viewer.lines.filter((line) => line.type === 'exchange').length;
  const lost = viewer.lines.reduce((sum, line) => sum + (line.type === 'lost' ? line.count : 0), 0);
  expect(got + lost).toBe(total);
});

test('secrets are gone before anything is kept', async () => {
  const upstream = await startUpstream((_req, res) => void res.setHeader('set-cookie', 'id=secret').end('ok'));
  const gateway = await startGateway({ upstreamPort: upstream.port, yaml: 'redact: [X-Api-Key]' });
  const headers = { authorization: 'Bearer secret', cookie: 'a=secret', 'x-api-key': 'secret', accept: 'text/plain' };
  await (await fetch(`http://127.0.0.1:${gateway.port}/app`, { headers })).text();
  const detail = await gateway.recorded((row) => row.path === '/app');
  expect(JSON.stringify(detail)).not.toContain('secret');
  expect(detail.requestHeaders).toContainEqual(['authorization', '[redacted]']);
  expect(detail.requestHeaders).toContainEqual(['accept', 'text/plain']);
  expect(detail.responseHeaders).toContainEqual(['set-cookie', '[redacted]']);
});

test('a detail has each stage with its time, and what really happened', async () => {
  const upstream = await startUpstream((_req, res) => void setTimeout(() => res.end('ok'), 30));
  const gateway = await startGateway({ upstreamPort: upstream.port });
  await (await fetch(`http://127.0.0.1:${gateway.port}/app/x`)).text();
  const detail = await gateway.recorded((row) => row.path === '/app/x');
  const forward = detail.stages.find((stage) => stage.stage === 'forward');
  expect(detail.stages).toHaveLength(11);
  expect(forward?.durationMs).toBeGreaterThanOrEqual(29);
  expect(forward?.sentence).toMatch(/at 127\.0\.0\.1:\d+, which answered 200\.$/);
  expect(detail.upstreamMs).toBeCloseTo(forward?.durationMs ?? 0, 5);
  expect(detail.stages.at(-1)?.sentence).toBe('The caller got 200 with 2 bytes.');
});
