import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, connect, createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { CATALOGUE } from '../data/catalogue.ts';
import { type ServiceProcess, startService } from './serviceProcess.ts';

const folder = mkdtempSync(join(tmpdir(), 'services-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const started: ServiceProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((service) => service.stop()));
});

async function start(role: string, port: number, environment: Record<string, string> = {}) {
  const service = startService([role], { GATEHOUSE_PORTS: JSON.stringify({ [port]: '127.0.0.1:0' }), ...environment });
  started.push(service);
  const { address } = await service.line((line) => line.address !== undefined);
  return { service, url: `http://${address}` };
}

test.each([
  ['backend', 8000, '/api/health/', '/api/products/'],
  ['recommender', 8001, '/health', '/user/123/'],
  ['search', 8002, '/health', '/query/?q=red+kettle'],
  ['pricing', 8003, '/health', '/calculate/?product_id=1&quantity=10'],
  ['chatbot', 8004, '/health', '/chat/?question=how+long+is+delivery'],
  ['fraud', 8005, '/health', '/rules/'],
  ['forecasting', 8006, '/health', '/product/1/'],
  ['vision', 8007, '/health', '/'],
  ['celery-worker', 9808, '/health', '/'],
  ['celery-beat', 9808, '/health', '/'],
])(
  '%s listens for port %i, is healthy, answers, has metrics and ends within a second',
  async (role, port, health, path) => {
    const { service, url } = await start(role, port);
    expect((await fetch(url + health)).status).toBe(200);
    const answer = await fetch(url + path);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toBeTypeOf('object');
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(`http_requests_total{method="GET"`);
    const { code, ms } = await service.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(1_000);
  },
);

test('an exchange leaves one log line with its identity, and a health probe leaves none', async () => {
  const { service, url } = await start('search', 8002);
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await fetch(`${url}/health`);
  const headers = { 'x-request-id': 'abc-1', traceparent: `00-${traceId}-b7ad6b7169203331-01` };
  await fetch(`${url}/query/?q=tent`, { headers });
  const line = await service.line((line) => line.request_id === 'abc-1');
  expect(line).toMatchObject({
    level: 'info',
    method: 'GET',
    path: '/query/',
    status: 200,
    trace_id: traceId,
    service: 'search',
  });
  expect(service.lines.some((line) => line.path === '/health')).toBe(false);
});

test('faults are only injected where they are allowed, and the answer admits to them', async () => {
  const allowed = await start('pricing', 8003, { GATEHOUSE_FAULTS: '1' });
  const faulty = await fetch(`${allowed.url}/calculate/?product_id=1&status=503`);
  expect(faulty.status).toBe(503);
  expect(faulty.headers.get('x-gatehouse-fault')).toBe('status=503');

  const plain = await start('pricing', 8003);
  expect((await fetch(`${plain.url}/calculate/?product_id=1&status=503`)).status).toBe(200);
});

test('a body over the limit is refused with 413, and a body that is not JSON with 400', async () => {
  const { url } = await start('fraud', 8005);
  const post = (body: string) => fetch(`${url}/check/`, { method: 'POST', body });
  expect((await post('x'.repeat(1024 * 1024 + 1))).status).toBe(413);
  expect((await post('{')).status).toBe(400);
  expect((await post('{"amount_cents": 60000}')).status).toBe(200);
});

test('the worker really works off a task that it was sent', async () => {
  const { service, url } = await start('celery-worker', 9808);
  const body = JSON.stringify({ task: 'count-stock' });
  expect((await fetch(`${url}/tasks/`, { method: 'POST', body })).status).toBe(202);
  expect(await service.line((line) => line.task === 'count-stock')).toMatchObject({
    products: CATALOGUE.length,
  });
  expect((await fetch(`${url}/tasks/`, { method: 'POST', body: '{"task":"toString"}' })).status).toBe(400);
});

test('the job makes keys, ends, and services then enforce them: health is answered, the rest is not', async () => {
  const keys = { private: join(folder, 'private.pem'), public: join(folder, 'public.pem') };
  const job = startService(['identity-keys'], {
    GATEHOUSE_IDENTITY_KEY_FILE: keys.private,
    GATEHOUSE_IDENTITY_PUBLIC_FILE: keys.public,
  });
  if (job.child.exitCode === null) await once(job.child, 'exit');
  expect(job.child.exitCode).toBe(0);

  const { service, url } = await start('search', 8002, { GATEHOUSE_IDENTITY_FILE: keys.public });
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const refused = await fetch(`${url}/query/?q=kettle`);
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ code: 'not-through-gateway' });
  expect(await service.line((line) => line.path === '/query/')).toMatchObject({
    identity_fault: 'it has no signature of the gateway',
  });
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('gateway_signature_checks_total{result="refused"');
});

test('a role that is not known, or a port that cannot be bound, ends the program with the reason', async () => {
  const unknown = startService(['nothing'], {});
  await expect(unknown.line(() => false)).rejects.toThrow('role "nothing" is not known');
  expect(unknown.child.exitCode).toBe(2);
  const unmapped = startService(['backend'], { GATEHOUSE_PORTS: '{}' });
  await expect(unmapped.line(() => false)).rejects.toThrow('port 8000 is not in GATEHOUSE_PORTS');
  expect(unmapped.child.exitCode).toBe(1);
});

test('an HTTP stand-in says what it is, and is only healthy on its health path', async () => {
  const free = await freePort();
  const service = startService(['stand-in', 'elasticsearch'], { GATEHOUSE_PORTS: `{"9200":"127.0.0.1:${free}"}` });
  started.push(service);
  expect((await service.line((line) => line.stand_in === 'elasticsearch')).message).toContain(
    'no real elasticsearch runs here',
  );
  expect((await fetch(`http://127.0.0.1:${free}/_cluster/health`)).status).toBe(200);
  const other = await fetch(`http://127.0.0.1:${free}/_search`);
  expect(other.status).toBe(501);
  expect(await other.json()).toMatchObject({ standIn: 'elasticsearch' });
});

test('a TCP stand-in accepts a connection and closes it', async () => {
  const free = await freePort();
  const service = startService(['stand-in', 'postgres'], { GATEHOUSE_PORTS: `{"5432":"127.0.0.1:${free}"}` });
  started.push(service);
  await service.line((line) => line.stand_in === 'postgres');
  const socket = connect(free, '127.0.0.1').resume();
  await new Promise((resolve, reject) => socket.once('close', resolve).once('error', reject));
});

test('the nginx stand-in rewrites, forwards and logs as the platform’s nginx does; 502 when the gateway is gone', async () => {
  const gateway = createHttp((request, response) => {
    response.end(JSON.stringify({ url: request.url, headers: request.headers }));
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const gatewayPort = (gateway.address() as AddressInfo).port;
  const hosts = join(folder, 'hosts.json');
  writeFileSync(hosts, JSON.stringify({ 'api_gateway:8080': `127.0.0.1:${gatewayPort}` }));
  const service = startService(['stand-in', 'nginx'], {
    GATEHOUSE_PORTS: '{"80":"127.0.0.1:0"}',
    GATEHOUSE_HOSTS_FILE: hosts,
  });
  started.push(service);
  const { address } = await service.line((line) => line.address !== undefined);
  expect(await (await fetch(`http://${address}/api/ai/search/query/?q=a`)).json()).toMatchObject({
    url: '/ai/search/query/?q=a',
    headers: { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-host': address },
  });
  // What a client claims of itself is dropped, and the log has the id under which the gateway knows the request.
  const claims = { 'x-forwarded-for': '192.0.2.9', 'x-request-id': 'mine', traceparent: '00-1-1-01' };
  const passed = await fetch(`http://${address}/api/auth/login?token=x`, { headers: claims });
  const { headers } = (await passed.json()) as { headers: Record<string, string> };
  expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-request-id': passed.headers.get('x-request-id') });
  expect(headers).not.toHaveProperty('traceparent');
  const line = await service.line(({ path }) => path === '/backend/auth/login');
  expect(line).toMatchObject({
    request_id: headers['x-request-id'],
    status: 200,
    upstream_status: '200',
    scheme: 'http',
  });
  gateway.closeAllConnections();
  await new Promise((resolve) => gateway.close(resolve));
  expect((await fetch(`http://${address}/health`)).status).toBe(502);
});

async function freePort(): Promise<number> {
  const server = createTcp();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
