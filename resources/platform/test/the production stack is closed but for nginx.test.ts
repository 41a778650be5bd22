import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readCompose } from './composeFiles.ts';
import { type Answered, type Asked, findWayToWorker, type Walk, walkAsCustomer } from './customer.ts';
import { docker, getFrom, HAS_ENGINE, needEngine, readFrom, SERVER_NAME, type Stack, startStack } from './engine.ts';
import { findOpen, open, runningBatches } from './openedEdge.ts';

let stack: Stack;
let authority: Buffer;
beforeAll(async () => {
  if (!HAS_ENGINE) return;
  stack = await startStack('prod');
  authority = readFileSync(join(stack.folder, 'nginx/certificates/ca.crt'));
}, 240_000);
afterAll(async () => {
  // Not there when it did not become healthy; it was taken down then.
  if (HAS_ENGINE) await stack?.down();
}, 60_000);
beforeEach(needEngine);

function askOverTls(path: string, { method = 'GET', token, body: sent, headers = {} }: Asked = {}): Promise<Answered> {
  const own = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
  const place = { host: '127.0.0.1', port: 443, servername: SERVER_NAME, ca: authority };
  return new Promise((resolve, reject) => {
    request({ ...place, path, method, headers: own }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end(sent === undefined ? undefined : JSON.stringify(sent));
  });
}

test('every service runs and is healthy', async () => {
  const lines = (await stack.compose('ps', '--all', '--format', '{{.Service}} {{.State}} {{.Health}}')).split('\n');
  const names = Object.keys(readCompose('prod').services).sort();
  expect(lines.sort()).toEqual(names.map((name) => `${name} running healthy`));
});

test('a request goes through nginx on 443 and the gateway to the recommender, with the security headers', async () => {
  const { status, headers, body } = await askOverTls('/api/ai/recommender/user/123/');
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({ user: '123' });
  expect(headers).toMatchObject({
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-frame-options': 'SAMEORIGIN',
    'x-content-type-options': 'nosniff',
    'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

describe('a customer', () => {
  let walk: Walk;

  test('signs up, looks around on both sides, orders once and is charged', async () => {
    walk = await walkAsCustomer(askOverTls);
  }, 60_000);

  test('can be followed from nginx’ request id through gateway, backend and queue to the worker', async () => {
    const tags = encodeURIComponent(JSON.stringify({ 'gatehouse.request.id': walk.orderRequestId }));
    const url = `http://jaeger:16686/api/traces?service=api-gateway&tags=${tags}`;
    await expect
      .poll(async () => findWayToWorker(await readFrom(stack, 'backend', url)), { timeout: 20_000, interval: 1_000 })
      .toEqual([
        'api-gateway server',
        'api-gateway client',
        'backend server',
        'backend producer',
        'celery-worker consumer',
      ]);
  }, 30_000);
});

test('a service refuses what the gateway did not sign, and tells Prometheus', async () => {
  expect(await getFrom(stack, 'celery_worker', 'http://backend:8000/api/products/')).toBe('403');
  expect(await getFrom(stack, 'fraud', 'http://recommender:8001/user/123/')).toBe('403');
  const address = await stack.address('recommender', 'monitoring_network');
  const metrics = await readFrom(stack, 'fraud', `http://${address}:9464/metrics`);
  expect(metrics).toMatch(/gateway_signature_checks_total\{result="refused",service="recommender"\} [1-9]/);
});

test('port 80 only sends to 443, and /metrics is nobody’s from outside', async () => {
  const answer = await fetch('http://127.0.0.1/api/backend/api/products/?a=1', { redirect: 'manual' });
  expect(answer.status).toBe(301);
  expect(answer.headers.get('location')).toBe('https://127.0.0.1/api/backend/api/products/?a=1');
  for (const path of ['/metrics', '/api/ai/search/metrics', '/stub_status']) {
    expect((await askOverTls(path)).status, path).toBe(404);
  }
});

test('TLS 1.2 and 1.3 are spoken, and nothing older', async () => {
  const speak = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
    new Promise<string | null>((resolve) => {
      const options = { minVersion: version, maxVersion: version, ca: authority, servername: SERVER_NAME };
      const socket = connectTls({ host: '127.0.0.1', port: 443, ciphers: 'DEFAULT@SECLEVEL=0', ...options }, () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
      socket.on('error', () => resolve(null));
    });
  expect(await speak('TLSv1.3')).toBe('TLSv1.3');
  expect(await speak('TLSv1.2')).toBe('TLSv1.2');
  expect(await speak('TLSv1.1')).toBeNull();
});

test('nginx alone publishes ports, by the engine’s own account', async () => {
  const format = '{{index .Config.Labels "com.docker.compose.service"}} {{json .HostConfig.PortBindings}}';
  const containers = (await stack.compose('ps', '-q')).split('\n');
  const published = (await docker('inspect', '--format', format, ...containers))
    .split('\n')
    .filter((line) => !/ (\{\}|null)$/.test(line));
  expect(published.map((line) => line.split(' ')[0])).toEqual(['nginx']);
  expect(published[0]).toMatch(/"443\/tcp".*"80\/tcp"/);
  for (const port of [8080, 8000, 8001, 5432, 9090]) expect(await canConnect(port), `port ${port}`).toBe(false);
});

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

test('the backend reaches no AI service: not by name, not over the monitoring network, not by address', async () => {
  const overMonitoring = await stack.address('recommender', 'monitoring_network');
  const overAi = await stack.address('recommender', 'ai_network');
  expect(await getFrom(stack, 'backend', 'http://recommender:8001/health')).toBe('ECONNREFUSED');
  expect(await getFrom(stack, 'backend', `http://${overMonitoring}:8001/health`)).toBe('ECONNREFUSED');
  expect(await getFrom(stack, 'backend', `http://${overAi}:8001/health`)).toBe('timeout');
  expect(await getFrom(stack, 'backend', `http://${overMonitoring}:9464/metrics`)).toBe('200');
});

test('the networks are internal, and a store is in none that is watched', async () => {
  for (const network of ['backend_network', 'ai_network', 'monitoring_network']) {
    expect(await docker('network', 'inspect', '--format', '{{.Internal}}', `${stack.project}_${network}`)).toBe('true');
  }
  // Outside: an address that is reserved for documentation would be sent to a gateway, if there were one.
  expect(await getFrom(stack, 'backend', 'http://192.0.2.1/')).toMatch(/ENETUNREACH|timeout/);
});

test('passwords come from files: stores take them, and refuse to do without', async () => {
  const password = readFileSync(join(stack.folder, 'secrets/postgres_password'), 'utf8');
  const query = ['psql', '-h', 'localhost', '-p', '6432', '-U', 'shop', '-Atc', 'select current_user', 'shop'];
  expect(await stack.exec('pgbouncer', 'env', `PGPASSWORD=${password}`, ...query)).toBe('shop');
  await expect(stack.exec('pgbouncer', 'env', 'PGPASSWORD=wrong', ...query)).rejects.toThrow(/authentication failed/);
  expect(await stack.exec('redis', 'redis-cli', 'get', 'anything')).toContain('NOAUTH');
  expect(await stack.exec('rabbitmq', 'rabbitmqctl', '-q', 'list_users', '--no-table-headers')).toMatch(/^shop\s/);
});

test('limits are in force, and the platform’s own containers can write and gain nothing', async () => {
  const format = '{{.HostConfig.Memory}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.Config.User}}';
  const [search = ''] = (await stack.compose('ps', '-q', 'search')).split('\n');
  expect(await docker('inspect', '--format', format, search)).toBe(`${256 * 1024 ** 2} true [ALL] node`);
  expect(await stack.exec('search', 'id', '-u')).toBe('1000');
  // The admin socket is there and belongs to the gateway's user alone.
  expect(await stack.exec('api_gateway', 'stat', '-c', '%a %F', '/run/gatehouse/admin.sock')).toBe('600 socket');
});

describe('by the rules of posture', () => {
  test('nothing is open', async () => {
    expect(await findOpen(stack)).toEqual([]);
  }, 60_000);

  // While it runs: at its edge, on its networks and in what the engine can be told of a container.
  test.each(runningBatches.map((batch) => [batch.map(({ what }) => what).join('; '), batch] as const))(
    '%s: found, and nothing else is',
    async (_, batch) => {
      const close = await open(stack, batch);
      try {
        const expected = batch.flatMap(({ failures }) => failures).sort();
        // Workers of nginx that began before its reload still take connections for a moment.
        await expect.poll(() => findOpen(stack), { timeout: 60_000, interval: 2_000 }).toEqual(expected);
      } finally {
        await close();
      }
    },
    120_000,
  );
});
