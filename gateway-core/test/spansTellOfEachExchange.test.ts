import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type CollectedSpan, startCollector } from './collector.ts';
import { startGateway, startUpstream } from './fixture.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const SERVER = 2;
const CLIENT = 3;

const toYaml = (url: string, more = '') =>
  `telemetry: { traces: { otlpUrl: "${url}", delayMs: 10${more} }, redact: { query: [session] } }`;

/** Both spans of the exchange, once they are sent. */
async function pairOf(spans: CollectedSpan[]): Promise<{ server: CollectedSpan; client: CollectedSpan }> {
  await expect.poll(() => spans.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
  const [server, client] = [SERVER, CLIENT].map((kind) => spans.find((span) => span.kind === kind));
  if (!server || !client) throw new Error('a span is missing');
  return { server, client };
}

test('a server span and a client span, by the conventions, in the trace of the caller', async () => {
  let traceparent: unknown;
  const upstream = await startUpstream((req, res) => {
    traceparent = req.headers.traceparent;
    res.writeHead(404).end();
  });
  const collector = await startCollector();
  const { port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: toYaml(collector.url, ', headers: { x-key: abc }, serviceName: edge'),
  });
  await fetch(`http://127.0.0.1:${port}/app/items/7?q=blue&session=1`, {
    method: 'PUT',
    headers: { traceparent: `00-${TRACE}-${SPAN}-01`, 'user-agent': 'probe/1' },
  });
  const { server, client } = await pairOf(collector.spans);
  expect(server).toMatchObject({ traceId: TRACE, parentSpanId: SPAN, name: 'PUT /app/*', status: {} });
  expect(server.attributes).toEqual({
    'http.request.method': 'PUT',
    'http.response.status_code': 404,
    'http.route': '/app/*',
    'url.scheme': 'http',
    'url.path': '/app/items/7',
    'url.query': 'q=[redacted]&session=[redacted]',
    'server.address': '127.0.0.1',
    'server.port': port,
    'client.address': '127.0.0.1',
    'network.peer.address': '127.0.0.1',
    'network.protocol.version': '1.1',
    'user_agent.original': 'probe/1',
    'gatehouse.route.id': 'app',
    'gatehouse.request.id': expect.any(String),
  });
  expect(client).toMatchObject({ traceId: TRACE, parentSpanId: server.spanId, name: 'PUT', status: { code: 2 } });
  expect(client.attributes).toEqual({
    'http.request.method': 'PUT',
    'http.response.status_code': 404,
    'error.type': '404',
    'url.full': `http://127.0.0.1:${upstream.port}/items/7?q=[redacted]&session=[redacted]`,
    'server.address': '127.0.0.1',
    'server.port': upstream.port,
    'network.peer.address': '127.0.0.1',
    'network.peer.port': upstream.port,
    'network.protocol.version': '1.1',
    'gatehouse.upstream.name': 'app',
  });
  expect(traceparent).toBe(`00-${TRACE}-${client.spanId}-01`);
  expect(BigInt(client.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(server.startTimeUnixNano));
  expect(BigInt(client.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(server.endTimeUnixNano));
  expect(server.resource).toMatchObject({ 'service.name': 'edge', 'service.instance.id': 'test' });
  expect(collector.requests[0]).toEqual({ contentType: 'application/json', key: 'abc' });
});

test('a failed try says why, an invented method is no name, and no try means no client span', async () => {
  const collector = await startCollector();
  const { port } = await startGateway({ upstreamPort: 1, yaml: toYaml(collector.url, ', query: kept') });
  await fetch(`http://127.0.0.1:${port}/app?q=blue&session=1`, { method: 'PROPFIND' });
  const { server, client } = await pairOf(collector.spans);
  expect(server).toMatchObject({ name: 'HTTP /app/*', status: { code: 2 } });
  expect(server.attributes).toMatchObject({
    'http.request.method': '_OTHER',
    'http.request.method_original': 'PROPFIND',
    'http.response.status_code': 502,
    'error.type': 'upstream-unreachable',
    'url.query': 'q=blue&session=[redacted]',
  });
  expect(client).toMatchObject({ name: 'HTTP', status: { code: 2 } });
  expect(client.attributes).toMatchObject({ 'error.type': 'upstream-unreachable' });
  expect(client.attributes).not.toHaveProperty('http.response.status_code');

  collector.spans.length = 0;
  await fetch(`http://127.0.0.1:${port}/nowhere`);
  await expect.poll(() => collector.spans.length).toBe(1);
  expect(collector.spans[0]).toMatchObject({ name: 'GET', kind: SERVER, status: {} });
  expect(collector.spans[0]?.attributes).toMatchObject({ 'gatehouse.problem.code': 'no-route' });
});

test('each try is a client span of its own, and its upstream gets that one for its parent', async () => {
  const parents: unknown[] = [];
  const upstream = await startUpstream((req, res) => {
    parents.push(req.headers.traceparent);
    res.writeHead(parents.length === 1 ? 503 : 200).end();
  });
  const collector = await startCollector();
  const { port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: `  - { id: again, paths: [/again], upstream: app, retry: { attempts: 2 } }\n${toYaml(collector.url)}`,
  });
  expect((await fetch(`http://127.0.0.1:${port}/again`)).status).toBe(200);
  await expect.poll(() => collector.spans.length).toBe(3);
  const [server, first, second] = collector.spans;
  expect(server).toMatchObject({ kind: SERVER, status: {}, attributes: { 'http.response.status_code': 200 } });
  expect(first).toMatchObject({
    parentSpanId: server?.spanId,
    attributes: { 'http.response.status_code': 503, 'error.type': '503' },
  });
  expect(first?.attributes).not.toHaveProperty('http.request.resend_count');
  expect(second).toMatchObject({ parentSpanId: server?.spanId, attributes: { 'http.request.resend_count': 1 } });
  expect(parents).toEqual([first, second].map((span) => `00-${server?.traceId}-${span?.spanId}-03`));
  expect(BigInt(first?.endTimeUnixNano ?? 0)).toBeLessThanOrEqual(BigInt(second?.startTimeUnixNano ?? 0));
});

test('a WebSocket is one server span until it closes', async () => {
  const upstream = await startUpstream(() => undefined);
  new WebSocketServer({ server: upstream.server });
  const collector = await startCollector();
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: toYaml(collector.url) });
  const socket = new WebSocket(`ws://127.0.0.1:${port}/app`);
  await once(socket, 'open');
  expect(collector.spans).toEqual([]);
  socket.close();
  const { server } = await pairOf(collector.spans);
  expect(server.attributes).toMatchObject({ 'http.response.status_code': 101, 'http.route': '/app/*' });
});

test('an untrusted caller is not let into its own trace, only linked to it', async () => {
  const seen: Record<string, unknown>[] = [];
  const upstream = await startUpstream((req, res) => {
    seen.push(req.headers);
    res.end();
  });
  const collector = await startCollector();
  const { port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: `telemetry: { traces: { otlpUrl: "${collector.url}", delayMs: 10, ratio: 0.9999999 }, traceContext: { from: trusted-proxies } }`,
  });
  const headers = { traceparent: `00-${TRACE}-${SPAN}-00`, tracestate: 'a=1', baggage: 'user=1' };
  await fetch(`http://127.0.0.1:${port}/app`, { headers });
  const { server } = await pairOf(collector.spans);
  expect(server.traceId).not.toBe(TRACE);
  expect(server.links).toMatchObject([{ traceId: TRACE, spanId: SPAN }]);
  expect(seen[0]).toMatchObject({ tracestate: expect.stringMatching(/^ot=th:0000/) });
  expect(seen[0]).not.toHaveProperty('baggage');
});

test('baggage and tracestate pass on without what cannot be read', async () => {
  const seen: Record<string, unknown>[] = [];
  const upstream = await startUpstream((req, res) => {
    seen.push(req.headers);
    res.end();
  });
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const traceparent = `00-${TRACE}-${SPAN}-01`;
  await fetch(`http://127.0.0.1:${port}/app`, {
    headers: { traceparent, tracestate: 'a=1,b=2', baggage: 'a=1,b,c=3' },
  });
  await fetch(`http://127.0.0.1:${port}/app`, { headers: { traceparent, tracestate: 'a=1,B=2', baggage: '"' } });
  expect(seen[0]).toMatchObject({ tracestate: 'a=1,b=2', baggage: 'a=1,c=3' });
  expect(seen[1]).not.toHaveProperty('tracestate');
  expect(seen[1]).not.toHaveProperty('baggage');
  expect(seen[1]).toHaveProperty('traceparent');
});

test('what the sampling leaves out makes no span, and upstreams are told', async () => {
  const seen: unknown[] = [];
  const upstream = await startUpstream((req, res) => {
    seen.push(req.headers.traceparent);
    res.end();
  });
  const collector = await startCollector();
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: toYaml(collector.url, ', ratio: 0') });
  for (let count = 0; count < 5; count++) await fetch(`http://127.0.0.1:${port}/app`);
  // The caller's decision stands above the ratio.
  await fetch(`http://127.0.0.1:${port}/app`, { headers: { traceparent: `00-${TRACE}-${SPAN}-01` } });
  await pairOf(collector.spans);
  expect(collector.spans).toHaveLength(2);
  expect(seen.slice(0, 5)).toEqual(Array(5).fill(expect.stringMatching(/-02$/)));
});

test('a collector that is down or says no costs spans, which are counted, and no request', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const collector = await startCollector();
  collector.status = 400;
  const { gateway, port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: toYaml(collector.url, ', queueSpans: 4, batchSpans: 2'),
  });
  for (let count = 0; count < 20; count++)
    expect(await (await fetch(`http://127.0.0.1:${port}/app`)).text()).toBe('ok');
  const metrics = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const droppedIn = (text: string) =>
    [...text.matchAll(/^gatehouse_gateway_spans_dropped_total\{.*\} (\d+)$/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
  await expect.poll(async () => droppedIn(await metrics())).toBe(40);
  expect(await gateway.close({ graceMs: 0 })).toBe(true);
});

test('the collector is dialled where the hosts file says', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const collector = await startCollector();
  const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const hostsFile = join(folder, 'hosts.json');
  writeFileSync(hostsFile, JSON.stringify({ 'jaeger:4318': `127.0.0.1:${new URL(collector.url).port}` }));
  const { port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: toYaml('http://jaeger:4318/v1/traces'),
    hostsFile,
  });
  await (await fetch(`http://127.0.0.1:${port}/app`)).text();
  await pairOf(collector.spans);
});

test('closing sends what still waits', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const collector = await startCollector();
  const { gateway, port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: `telemetry: { traces: { otlpUrl: "${collector.url}", delayMs: 60000 } }`,
  });
  await (await fetch(`http://127.0.0.1:${port}/app`)).text();
  await gateway.close({ graceMs: 1_000 });
  expect(collector.spans).toHaveLength(2);
});
