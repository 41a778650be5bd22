import { expect, test } from 'vitest';
import { callAdmin, watchAdmin } from './adminCalls.ts';
import { startGateway, startUpstream } from './fixture.ts';
import { ask, startMany, startReplica } from './replicas.ts';

test('a breaker is held open and closed for as long as was said, or until it is let go', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const { port, adminSocket } = await startGateway({ upstreamPort: upstream.port });
  const hold = (query: string) => callAdmin(adminSocket, `/v1/upstreams/app/breaker?${query}`, { method: 'PUT' });
  const statusOf = async () => (await ask(port, '/app')).status;

  const held = await hold('state=open&forMs=60000');
  expect(held.json()).toMatchObject({ upstream: 'app', state: 'open', forcedUntil: expect.any(Number) });
  expect(await statusOf()).toBe(503);
  expect((await ask(port, '/metrics')).body).toContain('gatehouse_gateway_breaker_held{upstream="app"} 1');

  const released = await callAdmin(adminSocket, '/v1/upstreams/app/breaker', { method: 'DELETE' });
  expect(released.json()).toMatchObject({ state: 'half-open', forcedUntil: null });
  expect(await statusOf()).toBe(200);

  await hold('state=open&forMs=1');
  await expect.poll(statusOf).toBe(200);
});

test('a breaker that is held closed lets everything through', async () => {
  const { port, adminSocket } = await startGateway({ upstreamPort: 1 });
  await callAdmin(adminSocket, '/v1/upstreams/app/breaker?state=closed&forMs=60000', { method: 'PUT' });
  for (let count = 0; count < 12; count++) expect((await ask(port, '/app')).status).toBe(502);
});

test('a drained replica gets nothing new until it is taken back, and both are events', async () => {
  const [one, two] = [
    await startReplica((_req, res) => res.end('one')),
    await startReplica((_req, res) => res.end('two')),
  ];
  const { port, adminSocket } = await startMany({ replicas: [one.id, two.id] });
  const events = await watchAdmin<{ type: string; replica?: string; reason?: string }>(adminSocket, '/v1/events');
  const path = `/v1/upstreams/many/replicas/${encodeURIComponent(one.id)}/drain`;
  const drained = await callAdmin(adminSocket, `${path}?forMs=60000`, { method: 'PUT' });
  expect(drained.json<{ replicas: object[] }>().replicas).toMatchObject([
    { id: one.id, drainedUntil: expect.any(Number) },
    { id: two.id, drainedUntil: null },
  ]);
  for (let count = 0; count < 10; count++) expect((await ask(port, '/many')).body).toBe('two');
  expect(one.requests).toBe(0);

  await callAdmin(adminSocket, path, { method: 'DELETE' });
  await expect.poll(async () => (await ask(port, '/many')).body).toBe('one');
  await expect.poll(() => events.seen.filter(({ type }) => type === 'replica').length).toBe(2);
  expect(events.seen.filter(({ type }) => type === 'replica')).toMatchObject([
    { replica: one.id, reason: 'drained by an operator for 60 s' },
    { replica: one.id, reason: 'taken back by an operator' },
  ]);
});

test.each<[path: string, status: number, detail: RegExp]>([
  ['/v1/upstreams/none/breaker?state=open&forMs=1', 404, /no upstream "none"; there are app/],
  ['/v1/upstreams/app/breaker?state=half-open&forMs=1', 400, /takes open, closed/],
  ['/v1/upstreams/app/breaker?state=open', 400, /"forMs" is missing/],
  ['/v1/upstreams/app/breaker?state=open&forMs=86400001', 400, /from 1 to 86400000/],
  ['/v1/upstreams/app/replicas/none:1/drain?forMs=1', 404, /no replica "none:1"; it has 127\.0\.0\.1:1/],
])('%s is refused', async (path, status, detail) => {
  const { adminSocket } = await startGateway({ upstreamPort: 1 });
  const answer = await callAdmin(adminSocket, path, { method: 'PUT' });
  expect(answer.json()).toMatchObject({ status, detail: expect.stringMatching(detail) });
});

test('the breaker of one replica is held, and the reason stands in its story', async () => {
  const [one, two] = [
    await startReplica((_req, res) => res.end('one')),
    await startReplica((_req, res) => res.end('two')),
  ];
  const { port, adminSocket } = await startMany({ replicas: [one.id, two.id] });
  const query = `replica=${encodeURIComponent(one.id)}`;
  const hold = `/v1/upstreams/many/breaker?state=open&forMs=60000&reason=bad%20build&${query}`;
  const held = await callAdmin(adminSocket, hold, { method: 'PUT' });
  expect(held.json()).toMatchObject({
    state: 'closed',
    replicas: [
      { replica: one.id, state: 'open', transitions: [{ reason: 'held open by an operator for 60 s (bad build)' }] },
      { replica: two.id, state: 'closed', forcedUntil: null },
    ],
  });
  for (let count = 0; count < 10; count++) expect((await ask(port, '/many')).body).toBe('two');
  const released = await callAdmin(adminSocket, `/v1/upstreams/many/breaker?${query}`, { method: 'DELETE' });
  expect(released.json<{ replicas: object[] }>().replicas[0]).toMatchObject({ state: 'half-open', forcedUntil: null });
  const nobody = await callAdmin(adminSocket, hold.replace(/replica=.*/, 'replica=none%3A1'), { method: 'PUT' });
  expect(nobody.json()).toMatchObject({ status: 404, code: 'replica-unknown' });
});

test('a breaker that tripped by itself lets trials pass once it is reset', async () => {
  const { port, adminSocket } = await startGateway({ upstreamPort: 1 });
  for (let count = 0; count < 6; count++) await ask(port, '/app');
  const [before] = (await callAdmin(adminSocket, '/v1/breakers')).json<{ state: string }[]>();
  expect(before?.state).toBe('open');
  const reset = await callAdmin(adminSocket, '/v1/upstreams/app/breaker/reset?reason=fixed', { method: 'POST' });
  expect(reset.json()).toMatchObject({
    state: 'half-open',
    nextTrialAt: null,
    transitions: [{ reason: expect.stringMatching(/^reset by an operator \(fixed\): \d trials? may pass$/) }, {}],
  });
});
