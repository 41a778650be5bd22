import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../../.ci/engine/images/stand-in/stand-in.mjs', import.meta.url));

let child: ChildProcess;
/** Where the ports of the product are bound. */
const ports = new Map<number, number>();
beforeAll(async () => {
  child = spawn(process.execPath, [PROGRAM], {
    env: { PATH: process.env.PATH, STAND_IN: 'jaeger', STAND_IN_LISTEN: '127.0.0.1:0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      for (const [, bound, port] of text.matchAll(/"port":(\d+),"insteadOf":(\d+)/g))
        ports.set(Number(port), Number(bound));
      if (ports.size === 3) resolve();
    });
  });
});
afterAll(() => void child.kill('SIGKILL'));

const url = (port: number, path: string) => `http://127.0.0.1:${ports.get(port)}${path}`;
const TRACE = '0af7651916cd43dd8448eb211c80319c';

interface Span {
  spanID: string;
  processID: string;
  references: { refType: string; spanID: string }[];
  [field: string]: unknown;
}
interface Trace {
  traceID: string;
  spans: Span[];
  processes: Record<string, { serviceName: string }>;
}
async function ask(path: string): Promise<{ status: number; data: unknown; standIn: string }> {
  const response = await fetch(url(16686, path));
  return { status: response.status, ...((await response.json()) as { data: unknown; standIn: string }) };
}

function send(service: string, ...spans: object[]): Promise<Response> {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
  return fetch(url(4318, '/v1/traces'), { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}
const span = (spanId: string, more: object = {}) => ({
  ...{ traceId: TRACE, spanId, name: 'GET', kind: 2, attributes: [] },
  ...{ startTimeUnixNano: '1760000000123456789', endTimeUnixNano: '1760000000125456789', ...more },
});

test('spans of two services are one trace, with parents, times and tags as Jaeger shows them', async () => {
  const attributes = [
    { key: 'gatehouse.request.id', value: { stringValue: 'r1' } },
    { key: 'http.response.status_code', value: { intValue: 503 } },
  ];
  const sent = await send('api-gateway', span('a'.repeat(16), { attributes, status: { code: 2 } }));
  expect(await sent.json()).toMatchObject({ partialSuccess: { rejectedSpans: 0 } });
  await send('backend', span('b'.repeat(16), { parentSpanId: 'a'.repeat(16), name: 'GET /api/orders/' }));

  expect(await ask('/api/services')).toMatchObject({ data: ['api-gateway', 'backend'], standIn: 'jaeger' });
  const { data } = await ask(`/api/traces/${TRACE}`);
  const [trace] = data as Trace[];
  const [first, second] = trace?.spans ?? [];
  expect(first).toMatchObject({
    ...{ operationName: 'GET', startTime: 1_760_000_000_123_456, duration: 2_000, references: [] },
    tags: expect.arrayContaining([
      { key: 'http.response.status_code', type: 'int64', value: 503 },
      { key: 'span.kind', type: 'string', value: 'server' },
      { key: 'error', type: 'bool', value: true },
    ]),
  });
  expect(second?.references).toEqual([{ refType: 'CHILD_OF', traceID: TRACE, spanID: 'a'.repeat(16) }]);
  expect(trace?.processes[String(second?.processID)]).toMatchObject({ serviceName: 'backend' });
});

test('traces are found by service, operation and tags', async () => {
  const find = async (query: string) =>
    ((await ask(`/api/traces?${query}`)).data as Trace[]).map(({ traceID }) => traceID);
  expect(await find('service=backend')).toEqual([TRACE]);
  expect(await find(`service=api-gateway&tags=${encodeURIComponent('{"gatehouse.request.id":"r1"}')}`)).toEqual([
    TRACE,
  ]);
  expect(await find('service=api-gateway&tag=gatehouse.request.id:r2')).toEqual([]);
  expect(await find('service=backend&operation=POST')).toEqual([]);
  expect(await ask('/api/services/backend/operations')).toMatchObject({ data: ['GET /api/orders/'] });
});

test('what is not there, not asked for well or no span is said to be so', async () => {
  expect(await ask(`/api/traces/${'f'.repeat(32)}`)).toMatchObject({
    status: 404,
    errors: [{ msg: 'trace not found' }],
  });
  expect((await ask('/api/traces')).status).toBe(400);
  expect((await ask('/api/what')).status).toBe(501);
  const sent = await send('backend', { ...span('c'.repeat(16)), traceId: 'short' });
  expect(await sent.json()).toMatchObject({ partialSuccess: { rejectedSpans: 1 } });
});

test('the ring is bounded: the oldest trace goes first', async () => {
  const toId = (index: number) => index.toString(16).padStart(32, '1');
  for (let batch = 0; batch < 21; batch += 1) {
    const spans = Array.from({ length: 1_000 }, (_, index) =>
      span(index.toString(16).padStart(16, '2'), { traceId: toId(batch) }),
    );
    expect((await send('filler', ...spans)).status).toBe(200);
  }
  expect((await ask(`/api/traces/${TRACE}`)).status).toBe(404);
  expect((await ask(`/api/traces/${toId(0)}`)).status).toBe(404);
  expect((await ask(`/api/traces/${toId(20)}`)).status).toBe(200);
});
