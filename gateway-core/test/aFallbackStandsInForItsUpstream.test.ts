import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { createGateway } from '../gateway.ts';
import { eventually } from './fixture.ts';
import { ask, detailOf, findClosedPort, startBytes, startMany, startReplica, toMany, viewMany } from './replicas.ts';

const FALLBACK = `fallback: { status: 200, contentType: "application/json", body: '{"products":[]}' }`;

const reasons: [reason: string, start: () => Promise<string>, upstream: string, code: string][] = [
  ['unreachable', findClosedPort, '', 'upstream-unreachable'],
  ['reset', () => startBytes((socket) => socket.resetAndDestroy()), '', 'upstream-reset'],
  ['reset', () => startBytes((socket) => socket.end('nonsense\r\n')), '', 'upstream-bad-response'],
  ['timeout', () => startBytes(() => undefined), 'timeouts: { responseHeaderMs: 50 }', 'upstream-timeout'],
];
for (const [reason, start, upstream, code] of reasons)
  test(`the fixed answer is given for ${code}, marked with ${reason}`, async () => {
    const gateway = await startMany({ replicas: [await start()], upstream, route: FALLBACK });
    const got = await ask(gateway.port, '/many');
    expect(got).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-gatehouse-fallback': reason, 'cache-control': 'no-store' },
      body: '{"products":[]}',
    });
    expect(await detailOf(gateway, got)).toMatchObject({ status: 200, code, fallback: reason });
    const { routes } = await gateway.admin<{ routes: Record<string, object> }>('/stats');
    expect(routes.many).toMatchObject({
      requests: 1,
      degraded: 1,
      upstreamFailures: 1,
      status: { '2xx': 1, '5xx': 0 },
    });
    expect((await viewMany(gateway)).totals.fallbacks).toBe(1);
  });

test('it stands in while the breaker is open, while there is no place and while no replica is in use', async () => {
  const replica = await startReplica(() => undefined);
  const gateway = await startMany({
    replicas: [replica.id],
    upstream: 'concurrency: { maxInFlight: 1, maxQueued: 0 }',
    route: FALLBACK,
  });
  const running = ask(gateway.port, '/many').catch(() => undefined);
  await eventually(() => replica.requests === 1);
  const reasonOf = async () => (await ask(gateway.port, '/many')).headers['x-gatehouse-fallback'];
  expect(await reasonOf()).toBe('saturated');
  gateway.gateway.upstreams.drainReplica('many', replica.id, Date.now() + 60_000);
  expect(await reasonOf()).toBe('no-healthy-replica');
  gateway.gateway.upstreams.forceBreaker('many', 'open', Date.now() + 60_000);
  gateway.gateway.upstreams.clearDrain('many', replica.id);
  const open = await ask(gateway.port, '/many');
  expect(open.headers).toMatchObject({ 'x-gatehouse-fallback': 'breaker-open', 'retry-after': expect.any(String) });
  await replica.stop();
  await running;
});

test('5xx of the upstream are its own to say, unless the route asks for it', async () => {
  const failing = await startReplica((_req, res) => void res.writeHead(500, { 'x-which': 'mine' }).end('broken'));
  const plain = await startMany({ replicas: [failing.id], route: FALLBACK });
  expect(await ask(plain.port, '/many')).toMatchObject({ status: 500, body: 'broken', headers: { 'x-which': 'mine' } });
  const covered = await startMany({
    replicas: [failing.id],
    route: FALLBACK.replace('fallback: {', 'fallback: { on: [5xx],'),
  });
  const got = await ask(covered.port, '/many');
  expect(got).toMatchObject({ status: 200, body: '{"products":[]}', headers: { 'x-gatehouse-fallback': '5xx' } });
  expect(got.headers['x-which']).toBeUndefined();
  expect(await detailOf(covered, got)).toMatchObject({ status: 200, fallback: '5xx', tries: [{ status: 500 }] });
  // The connection is used again, since the answer that nobody got was read to its end.
  await ask(covered.port, '/many');
  expect((await viewMany(covered)).replicas[0]).toMatchObject({ connections: { open: 1 } });
});

test('the faults of a caller are never covered up, and HEAD gets no body', async () => {
  const closed = await findClosedPort();
  const gateway = await startMany({
    replicas: [closed],
    route: `${FALLBACK}, bodyLimitBytes: 3`,
  });
  const large = await ask(gateway.port, '/many', { method: 'POST', body: 'four' });
  expect(large.status).toBe(413);
  expect(large.headers['x-gatehouse-fallback']).toBeUndefined();
  const head = await ask(gateway.port, '/many', { method: 'HEAD' });
  expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': '15' } });
});

test('it may be a file, which has to be there when the configuration is put in force', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'sorry.html');
  const route = `fallback: { contentType: text/html, file: ${JSON.stringify(file)} }`;
  const replicas = [await findClosedPort()];
  const { upstreams, yaml } = toMany({ replicas, route });
  const config = loadConfig(`version: 1\nupstreams:\n${upstreams}\nroutes:\n${yaml}`);
  expect(() => createGateway(config)).toThrow(`the fallback of route "many" cannot be read from ${file}`);
  writeFileSync(file, '<p>Sorry</p>');
  const gateway = await startMany({ replicas, route });
  expect(await ask(gateway.port, '/many')).toMatchObject({
    status: 503,
    body: '<p>Sorry</p>',
    headers: { 'content-type': 'text/html' },
  });
  writeFileSync(file, 'x'.repeat(1024 * 1024 + 1));
  expect(() => gateway.gateway.replaceConfig(config)).toThrow('it is not a file of at most 1048576 bytes');
  expect((await ask(gateway.port, '/many')).body).toBe('<p>Sorry</p>');
});
