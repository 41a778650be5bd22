import { expect, test } from 'vitest';
import type { ExchangeRow } from '../tap/exchangeRecord.ts';
import { callAdmin, watchAdmin } from './adminCalls.ts';
import { startGateway, startUpstream, type TestGateway } from './fixture.ts';

interface Line {
  type: string;
  exchange?: { path: string; sequence: number };
  count?: number;
  why?: string;
  resume?: string;
}

async function start(yaml = ''): Promise<TestGateway> {
  const upstream = await startUpstream((req, res) => {
    const status = Number(/status=(\d+)/.exec(req.url ?? '')?.[1] ?? 200);
    res.writeHead(status, { 'content-type': 'application/json' }).end('{"ok":true,"password":"topsecret"}');
  });
  return startGateway({ upstreamPort: upstream.port, yaml });
}

const ask = async ({ port }: TestGateway, path: string, init: RequestInit = {}) =>
  (await fetch(`http://127.0.0.1:${port}${path}`, init)).text();
const pathsOf = (lines: readonly Line[]) => lines.flatMap(({ exchange }) => (exchange ? [exchange.path] : []));

test('a stream with a filter gives what fits, of what was kept and of what comes', async () => {
  const gateway = await start();
  for (const path of ['/app/a?status=500', '/app/b', '/nowhere']) await ask(gateway, path);
  const { seen } = await watchAdmin<Line>(gateway.adminSocket, '/v1/tap?backfill=10&status=5xx&status=404');
  for (const path of ['/app/c?status=503', '/app/d', '/app/e?status=404']) await ask(gateway, path);
  await expect.poll(() => pathsOf(seen).length).toBe(4);
  expect(pathsOf(seen)).toEqual(['/app/a?status=500', '/nowhere', '/app/c?status=503', '/app/e?status=404']);
  expect(seen.filter(({ type }) => type === 'lost')).toEqual([]);
});

test('kept exchanges are found after the fact, page by page', async () => {
  const gateway = await start();
  for (let count = 0; count < 5; count++) await ask(gateway, `/app/${count}?status=${count % 2 === 0 ? 500 : 200}`);
  const find = async (query: string) =>
    (await callAdmin(gateway.adminSocket, `/v1/exchanges?${query}`)).json<{
      exchanges: ExchangeRow[];
      next: number | null;
    }>();
  const first = await find('status=5xx&route=app&method=GET&minMs=0&path=/app&limit=2');
  expect(first.exchanges.map(({ path }) => path)).toEqual(['/app/4?status=500', '/app/2?status=500']);
  const second = await find(`status=5xx&limit=2&before=${first.next}`);
  expect(second.exchanges.map(({ path }) => path)).toEqual(['/app/0?status=500']);
  expect(second.next).toBeNull();
  const [newest] = first.exchanges;
  expect((await find(`trace=${newest?.traceId}`)).exchanges).toHaveLength(1);
  expect((await find(`since=${Date.now() + 60_000}`)).exchanges).toEqual([]);
  expect((await find('client=127.0.0.1&upstream=127.0.0.1')).exchanges).toHaveLength(5);
});

test('a viewer whose connection broke gets what it missed', async () => {
  const gateway = await start();
  const first = await watchAdmin<Line>(gateway.adminSocket, '/v1/tap');
  await ask(gateway, '/app/seen');
  await expect.poll(() => pathsOf(first.seen)).toEqual(['/app/seen']);
  const [run] = (first.seen[0]?.resume ?? '').split('-');
  const sequence = first.seen.findLast(({ exchange }) => exchange)?.exchange?.sequence;
  first.close();
  for (const path of ['/app/missed', '/app/too']) await ask(gateway, path);
  const second = await watchAdmin<Line>(gateway.adminSocket, `/v1/tap?after=${run}-${sequence}`);
  await ask(gateway, '/app/live');
  await expect.poll(() => pathsOf(second.seen)).toEqual(['/app/missed', '/app/too', '/app/live']);
  expect(second.seen.filter(({ type }) => type === 'lost' || type === 'restarted')).toEqual([]);
});

test('one who comes back too late, or to another run, is told', async () => {
  const gateway = await start('tap: { capacityBytes: 65536 }');
  const first = await watchAdmin<Line>(gateway.adminSocket, '/v1/tap');
  const resume = first.seen[0]?.resume ?? '';
  first.close();
  for (let count = 0; count < 60; count++) await ask(gateway, `/app/${count}`);
  const late = await watchAdmin<Line>(gateway.adminSocket, `/v1/tap?after=${resume}`);
  await expect.poll(() => pathsOf(late.seen).at(-1)).toBe('/app/59');
  const gone = late.seen.find(({ type }) => type === 'lost');
  expect(gone?.why).toBe('gone');
  expect((gone?.count ?? 0) + pathsOf(late.seen).length).toBe(60);
  const other = await watchAdmin<Line>(gateway.adminSocket, '/v1/tap?after=00000000-1000');
  await expect.poll(() => pathsOf(other.seen).at(-1)).toBe('/app/59');
  expect(other.seen.map(({ type }) => type).filter((type) => type !== 'exchange' && type !== 'heartbeat')).toEqual([
    'restarted',
    'lost',
  ]);
});

test('beginnings of bodies are kept where asked for, without secrets', async () => {
  const gateway = await start('tap: { bodyPreviewBytes: 30 }\ntelemetry: { redact: { fields: [iban] } }');
  await ask(gateway, '/app/x?token=topsecret', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"IBAN":"topsecret","name":"a long one that is cut"}',
  });
  const detail = await gateway.recorded(({ path }) => path.startsWith('/app/x'));
  expect(JSON.stringify(detail)).not.toContain('topsecret');
  expect(detail.path).toBe('/app/x?token=[redacted]');
  expect(detail.stages.find(({ stage }) => stage === 'forward')?.sentence).toContain('/x?token=[redacted]');
  expect(detail.requestBody).toEqual({
    contentType: 'application/json',
    text: '{"IBAN":"[redacted]","name":"a ',
    isCut: true,
  });
  expect(detail.responseBody).toMatchObject({ text: '{"ok":true,"password":"[redacted]"', isCut: true });
});
