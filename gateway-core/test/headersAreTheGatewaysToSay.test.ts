import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { startGateway, startUpstream } from './fixture.ts';
import { exchangeRaw } from './rawSocket.ts';

async function forwardedHeaders(fields: string, yaml = ''): Promise<IncomingHttpHeaders> {
  let seen: IncomingHttpHeaders = {};
  const upstream = await startUpstream((req, res) => {
    seen = req.headers;
    res.end();
  });
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml });
  await exchangeRaw(port, `GET /app HTTP/1.1\r\nHost: shop.example:8443\r\nConnection: close\r\n${fields}\r\n`);
  return seen;
}

const CLAIMS = [
  'X-Forwarded-For: 1.2.3.4, 10.9.9.9',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Host: api.example',
  'X-Forwarded-Port: 443',
  'Forwarded: for=1.2.3.4',
  'X-Real-IP: 1.2.3.4',
  'X-Original-URL: /admin',
  'X-Request-Id: abcdef-123456',
  '',
].join('\r\n');

test('nobody but a trusted proxy may speak for a client', async () => {
  const seen = await forwardedHeaders(CLAIMS);
  expect(seen).toMatchObject({
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'shop.example:8443',
    'x-forwarded-port': '8443',
  });
  for (const name of ['forwarded', 'x-real-ip', 'x-original-url']) expect(seen[name]).toBeUndefined();
  expect(seen['x-request-id']).not.toBe('abcdef-123456');
});

test('a trusted proxy is believed, right to left', async () => {
  const seen = await forwardedHeaders(CLAIMS, 'trustedProxies: [127.0.0.0/8, 10.0.0.0/8]');
  expect(seen).toMatchObject({
    'x-forwarded-for': '1.2.3.4, 10.9.9.9, 127.0.0.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'api.example',
    'x-forwarded-port': '443',
    'x-request-id': 'abcdef-123456',
  });
});

test('a client cannot take our fields away through Connection (CVE-2026-33805)', async () => {
  const seen = await forwardedHeaders(
    'Connection: x-forwarded-for, x-request-id, traceparent, x-secret, host\r\nX-Secret: 1\r\nKeep-Alive: 1\r\nTE: trailers\r\nProxy-Authorization: x\r\nX-Gatehouse-Identity: me\r\n',
  );
  expect(seen['x-forwarded-for']).toBe('127.0.0.1');
  expect(seen.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-03$/);
  expect(seen['x-request-id']).toBeDefined();
  for (const name of ['x-secret', 'keep-alive', 'te', 'proxy-authorization', 'x-gatehouse-identity'])
    expect(seen[name]).toBeUndefined();
});

test('a trace is continued with a span of our own', async () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const seen = await forwardedHeaders(`Traceparent: 00-${trace}-b7ad6b7169203331-00\r\nTracestate: a=1\r\n`);
  expect(seen.traceparent).toMatch(new RegExp(`^00-${trace}-(?!b7ad6b7169203331)[0-9a-f]{16}-00$`));
  expect(seen.tracestate).toBe('a=1');
});

test('an answer loses what belongs to the connection and keeps repeated fields apart', async () => {
  const upstream = await startUpstream((_req, res) => {
    res.writeHead(200, [
      ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Private', '1', 'Connection', 'X-Private, keep-alive'],
      ...['Upgrade', 'h2c', 'Content-Length', '2'],
    ]);
    res.end('ok');
  });
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const answer = await exchangeRaw(port, 'GET /app HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n');
  expect(answer).toContain('Set-Cookie: a=1\r\nSet-Cookie: b=2');
  expect(answer).toContain('x-request-id: ');
  expect(answer).not.toMatch(/x-private|upgrade:/i);
});

test('HEAD, 204 and 304 have no body and leave the connection usable', async () => {
  let connections = 0;
  const upstream = await startUpstream((req, res) => {
    if (req.url === '/204') res.writeHead(204).end();
    else if (req.url === '/304') res.writeHead(304, { etag: '"x"', 'content-length': '5' }).end();
    else res.writeHead(200, { 'content-length': '5' }).end('hello');
  });
  upstream.server.on('connection', () => {
    connections += 1;
  });
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const answer = await exchangeRaw(
    port,
    [
      'HEAD /app/head HTTP/1.1\r\nHost: shop\r\n\r\n',
      'GET /app/204 HTTP/1.1\r\nHost: shop\r\n\r\n',
      'GET /app/304 HTTP/1.1\r\nHost: shop\r\n\r\n',
      'GET /app/get HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n',
    ].join(''),
  );
  expect(answer.match(/HTTP\/1\.1 (\d+)/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 204', 'HTTP/1.1 304', 'HTTP/1.1 200']);
  expect(answer.match(/hello/g)).toHaveLength(1);
  expect(connections).toBeGreaterThan(0);
});

test('connections to the upstream are used again', async () => {
  let connections = 0;
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  upstream.server.on('connection', () => {
    connections += 1;
  });
  const { port } = await startGateway({ upstreamPort: upstream.port });
  for (let index = 0; index < 20; index++) await (await fetch(`http://127.0.0.1:${port}/app`)).text();
  expect(connections).toBe(1);
});

test('rules of the route and of the defaults hold in both directions', async () => {
  let seen: IncomingHttpHeaders = {};
  const upstream = await startUpstream((req, res) => {
    seen = req.headers;
    res
      .writeHead(200, { server: 'secret/1.0', 'x-powered-by': 'x', 'x-internal': '1', 'cache-control': 'private' })
      .end();
  });
  const { port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: `  - { id: ruled, paths: [/ruled], upstream: app, headers: { request: { set: { X-Tenant: shop }, remove: [X-Debug] }, response: { set: { Cache-Control: no-store }, add: { X-Frame-Options: DENY }, remove: [X-Internal] } } }
defaults: { headers: { request: { set: { X-Tenant: default, X-Stage: prod } } } }`,
  });
  const ask = (path: string) =>
    exchangeRaw(
      port,
      `GET ${path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nX-Debug: 1\r\nX-Tenant: evil\r\n\r\n`,
    );
  const ruled = await ask('/ruled');
  expect(seen).toMatchObject({ 'x-tenant': 'shop', 'x-stage': 'prod' });
  expect(seen['x-debug']).toBeUndefined();
  expect(ruled).toMatch(/\r\nCache-Control: no-store\r\n/i);
  expect(ruled).toMatch(/\r\nX-Frame-Options: DENY\r\n/i);
  expect(ruled).not.toMatch(/private|x-internal|server:|powered/i);

  const plain = await ask('/app');
  expect(seen).toMatchObject({ 'x-tenant': 'default', 'x-debug': '1' });
  expect(plain).toMatch(/cache-control: private[\s\S]*/i);
  expect(plain).toMatch(/\r\nvia: 1\.1 gatehouse-[0-9a-f]{6}\r\n/);
  expect(plain).not.toMatch(/secret|powered/i);
});
