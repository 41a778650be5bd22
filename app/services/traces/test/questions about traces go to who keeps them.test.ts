import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Connection, type TraceSearch, traceQuerySchema } from '../../../contract/index.ts';
import type { Observed } from '../../docker/reducer.ts';
import { createLiveValue } from '../../stream/liveValue.ts';
import { connection, container, observed } from '../../test/samples.ts';
import { createCollectors } from '../otlp/collectors.ts';
import { bodyLimitBytes } from '../otlp/exportRequest.ts';
import { createTraceDesk, type TraceDesk } from '../traceDesk.ts';

interface StandIn {
  query(request: object): { status: number; body: unknown } | undefined;
  collect(request: object): unknown;
}
// The stand-in that stacks of tests run speaks the part of Jaeger's API that is asked for here, over spans that it was sent.
const standIn = new URL('../../../../.ci/engine/images/stand-in/jaeger.mjs', import.meta.url);
const { createJaeger } = (await import(standIn.href)) as { createJaeger(): StandIn };

const environment = 'docker~shop';
const { signal } = new AbortController();
const query = traceQuerySchema.parse({});
const jaegerParts = createJaeger();
const containers = createLiveValue<Observed | undefined>(undefined);
let collectors: ReturnType<typeof createCollectors>;
let jaeger: Server;
let desk: TraceDesk;
let asked: string[];

beforeEach(async () => {
  asked = [];
  jaeger = createServer((request, response) => {
    const [pathname = '', search = ''] = (request.url ?? '').split('?');
    asked.push(pathname);
    const answer = jaegerParts.query({ method: request.method, pathname, search, body: undefined });
    response.writeHead(answer?.status ?? 404).end(JSON.stringify(answer?.body ?? {}));
  }).listen(0, '127.0.0.1');
  await once(jaeger, 'listening');
  collectors = createCollectors();
  containers.set(undefined);
  desk = createTraceDesk({
    stack: { observed: containers, connection: createLiveValue<Connection>(connection('engine', 'live')) },
    collectors: { find: () => collectors.find(environment), onChange: collectors.onChange },
    findSaid: () => new Set(),
    openEngine: () => {
      throw new Error('no engine is needed');
    },
    isLocalEngine: () => true,
    now: Date.now,
  });
});
afterEach(async () => {
  await Promise.all([desk.close(), collectors.closeAll()]);
  jaeger.closeAllConnections();
  jaeger.close();
  await once(jaeger, 'close');
});

const runJaeger = () =>
  containers.set(
    observed([
      container({
        service: 'jaeger',
        image: 'jaegertracing/jaeger:2.10.0',
        ports: [
          {
            containerPort: 16686,
            protocol: 'tcp',
            hostIp: '127.0.0.1',
            hostPort: (jaeger.address() as AddressInfo).port,
          },
        ],
      }),
    ]),
  );

let count = 0;
/** Of one request: the gateway's span and that of a service below it. */
function request(service: string, { failed = false, ms = 20 } = {}) {
  count += 1;
  const traceId = count.toString(16).padStart(32, 'a');
  const startMs = Date.now() - 1000 + count;
  const made = (spanId: string, parentSpanId: string, from: number, to: number) => ({
    ...{ traceId, spanId, parentSpanId, name: `GET /${service}`, kind: 2 },
    startTimeUnixNano: `${startMs + from}000000`,
    endTimeUnixNano: `${startMs + to}000000`,
    attributes: [{ key: 'gatehouse.route.id', value: { stringValue: `route-${service}` } }],
    status: failed ? { code: 2 } : {},
  });
  const of = (name: string, ...spans: object[]) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: name } }] },
    scopeSpans: [{ spans }],
  });
  const body = {
    resourceSpans: [
      of('api-gateway', made('aaaaaaaaaaaaaaaa', '', 0, ms)),
      of(service, made('bbbbbbbbbbbbbbbb', 'aaaaaaaaaaaaaaaa', 5, ms - 5)),
    ],
  };
  return { traceId, body };
}

const range = () => ({ from: Date.now() - 60_000, to: Date.now() + 60_000 });
const found = ({ traces }: TraceSearch) => traces.map(({ traceId }) => traceId);

function send(
  endpoint: string,
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const all = { 'content-type': 'application/json', ...headers };
  return fetch(`${endpoint}/v1/traces`, { method: 'POST', body, headers: all });
}

test('where nobody keeps traces it is said why, and nothing is listened on', async () => {
  containers.set(observed([container({ service: 'api' })]));
  const why = { code: 'traces-absent', message: 'No service of the project is a Jaeger.' };
  await expect(desk.search(query, range(), signal)).rejects.toMatchObject(why);
  await expect(desk.detail('ab', signal)).rejects.toMatchObject(why);
  expect(collectors.find(environment)).toBeUndefined();
});

test('a Jaeger that runs is asked once there is a question: by service, route, failure, duration and id', async () => {
  runJaeger();
  expect(asked).toEqual([]);
  const fine = request('search');
  const failed = request('backend', { failed: true, ms: 300 });
  for (const { body } of [fine, failed])
    jaegerParts.collect({ method: 'POST', pathname: '/v1/traces', search: '', body });
  const search = async (given: object) => found(await desk.search({ ...query, ...given }, range(), signal));
  expect(await search({})).toEqual([failed.traceId, fine.traceId]);
  expect(await search({ service: 'search' })).toEqual([fine.traceId]);
  expect(await search({ route: 'route-backend' })).toEqual([failed.traceId]);
  expect(await search({ error: true })).toEqual([failed.traceId]);
  expect(await search({ minMs: 100 })).toEqual([failed.traceId]);
  expect(await search({ maxMs: 100 })).toEqual([fine.traceId]);
  const trace = await desk.detail(fine.traceId, signal);
  expect(trace.spans.map(({ service, depth }) => [service, depth])).toEqual([
    ['api-gateway', 0],
    ['search', 1],
  ]);
  expect((await desk.span(fine.traceId, 'bbbbbbbbbbbbbbbb', signal)).attributes).toContainEqual({
    key: 'gatehouse.route.id',
    value: 'route-search',
  });
  await expect(desk.detail('f'.repeat(32), signal)).rejects.toMatchObject({ code: 'trace-unknown' });
});

test('what answers on its port and is no Jaeger is said to be none', async () => {
  jaeger.removeAllListeners('request');
  jaeger.on('request', (_, response) => response.end('<html>'));
  runJaeger();
  await expect(desk.search(query, range(), signal)).rejects.toMatchObject({
    code: 'traces-unreachable',
    message: expect.stringContaining("is not Jaeger's query API"),
  });
});

test('when the host was asked to listen, what is sent to it is found, also where a Jaeger runs', async () => {
  runJaeger();
  const collector = await collectors.open(environment, { port: 0, isAsked: true });
  const { endpoint } = collector.describe();
  expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  await expect(collectors.open(environment, { port: 0, isAsked: true })).rejects.toMatchObject({ code: 'bad-input' });
  const { traceId, body } = request('search');
  expect((await send(endpoint, JSON.stringify(body))).status).toBe(200);
  const zipped = request('backend');
  const answer = await send(endpoint, gzipSync(JSON.stringify(zipped.body)), { 'content-encoding': 'gzip' });
  expect([answer.status, await answer.json()]).toEqual([200, {}]);
  expect(found(await desk.search(query, range(), signal))).toEqual([zipped.traceId, traceId]);
  expect((await desk.detail(traceId, signal)).source).toBe('collector');
  expect(asked).toEqual([]);
  await collectors.close(environment);
  await expect(fetch(endpoint)).rejects.toThrow();
});

test('what it does not take it refuses with the remedy, and keeps nothing of it', async () => {
  const collector = await collectors.open(environment, { port: 0, isAsked: true });
  const { endpoint } = collector.describe();
  const body = JSON.stringify(request('search').body);
  const statuses = [
    await send(endpoint, body, { 'content-type': 'application/x-protobuf' }),
    await send(endpoint, body, { origin: 'http://evil.example' }),
    await send(endpoint, '{"resourceSpans":7}'),
    await send(endpoint, '{"resourceSpans":['),
    await send(endpoint, 'no gzip', { 'content-encoding': 'gzip' }),
    await send(endpoint, gzipSync(Buffer.alloc(bodyLimitBytes + 1, ' ')), { 'content-encoding': 'gzip' }),
    await fetch(`${endpoint}/v1/logs`, { method: 'POST' }),
  ];
  expect(statuses.map(({ status }) => status)).toEqual([415, 403, 400, 400, 400, 413, 404]);
  expect(await statuses[0]?.json()).toMatchObject({ message: expect.stringContaining('http/json') });
  const partly = await send(endpoint, JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{}] }] }] }));
  expect(await partly.json()).toMatchObject({ partialSuccess: { rejectedSpans: '1' } });
  expect(collector.describe()).toMatchObject({ traces: 0, spans: 0, refusedSpans: 1 });
});

test('who watches gets the newest when there are others, and what is asked instead when that changes', async () => {
  containers.set(observed([container({ service: 'api' })]));
  const { describe } = await collectors.open(environment, { port: 0, isAsked: true });
  const leaving = new AbortController();
  const watching = desk.watch(query, 60_000, leaving.signal);
  const next = async () => (await watching.next()).value as TraceSearch;
  expect(found(await next())).toEqual([]);
  const { traceId, body } = request('search');
  const later = next();
  await send(describe().endpoint, JSON.stringify(body));
  expect(found(await later)).toEqual([traceId]);
  const last = next();
  await collectors.close(environment);
  await expect(last).rejects.toMatchObject({ code: 'traces-absent' });
  leaving.abort();
});
