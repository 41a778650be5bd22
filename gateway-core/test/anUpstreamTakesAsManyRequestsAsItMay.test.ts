import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { eventually } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';
import { ask, startMany, startReplica, viewMany } from './replicas.ts';

/** An upstream that answers when it is told to. */
async function startHeld() {
  const held: ServerResponse[] = [];
  const replica = await startReplica((_req, res) => void held.push(res));
  return { replica, held, answerNext: () => held.shift()?.end('done') };
}

const limits = (maxInFlight: number, maxQueued: number, maxQueueMs = 60_000) =>
  `concurrency: { maxInFlight: ${maxInFlight}, maxQueued: ${maxQueued}, maxQueueMs: ${maxQueueMs} }`;

test('what is too much waits, what is too much to wait is 503 at once', async () => {
  const { replica, held, answerNext } = await startHeld();
  const gateway = await startMany({ replicas: [replica.id], upstream: limits(2, 1, 5_000) });
  const running = [ask(gateway.port, '/many'), ask(gateway.port, '/many')];
  await eventually(() => held.length === 2);
  const waiting = ask(gateway.port, '/many');
  await eventually(async () => (await viewMany(gateway)).queued === 1);
  const refused = await ask(gateway.port, '/many');
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'upstream-saturated' });
  expect(replica.requests).toBe(2);
  answerNext();
  await eventually(() => replica.requests === 3);
  answerNext();
  answerNext();
  for (const each of [...running, waiting]) expect((await each).body).toBe('done');
  expect(await viewMany(gateway)).toMatchObject({ inFlight: 0, queued: 0, totals: { queued: 1, saturated: 1 } });
});

test('who waits too long is 503, and its place in the queue is free', async () => {
  const { replica, held, answerNext } = await startHeld();
  const gateway = await startMany({ replicas: [replica.id], upstream: limits(1, 1, 100) });
  const running = ask(gateway.port, '/many');
  await eventually(() => held.length === 1);
  const late = await ask(gateway.port, '/many');
  expect(late.status).toBe(503);
  expect(JSON.parse(late.body)).toMatchObject({ code: 'upstream-saturated' });
  expect((await viewMany(gateway)).queued).toBe(0);
  answerNext();
  await running;
});

test('who leaves the queue frees its place, and never reaches the upstream', async () => {
  const { replica, held, answerNext } = await startHeld();
  const gateway = await startMany({ replicas: [replica.id], upstream: limits(1, 1) });
  const running = ask(gateway.port, '/many');
  await eventually(() => held.length === 1);
  const raw = await openRawSocket(gateway.port);
  raw.send('GET /many/left HTTP/1.1\r\nHost: shop\r\n\r\n');
  await eventually(async () => (await viewMany(gateway)).queued === 1);
  raw.reset();
  await eventually(async () => (await viewMany(gateway)).queued === 0);
  const next = ask(gateway.port, '/many');
  await eventually(async () => (await viewMany(gateway)).queued === 1);
  answerNext();
  await eventually(() => held.length === 1);
  answerNext();
  expect((await Promise.all([running, next])).map(({ body }) => body)).toEqual(['done', 'done']);
  expect(replica.requests).toBe(2);
  expect(await gateway.recorded((row) => row.path === '/many/left')).toMatchObject({ status: null, tries: [] });
});

test('a breaker that opens sends all who wait away', async () => {
  const { replica, held, answerNext } = await startHeld();
  const gateway = await startMany({ replicas: [replica.id], upstream: limits(1, 5) });
  const running = ask(gateway.port, '/many');
  await eventually(() => held.length === 1);
  const waiting = [ask(gateway.port, '/many'), ask(gateway.port, '/many')];
  await eventually(async () => (await viewMany(gateway)).queued === 2);
  gateway.gateway.upstreams.forceBreaker('many', 'open', Date.now() + 60_000);
  for (const each of waiting) expect(JSON.parse((await each).body)).toMatchObject({ code: 'breaker-open' });
  answerNext();
  expect((await running).body).toBe('done');
});

test('a WebSocket takes a place like any request, and does not wait for one', async () => {
  const { replica, held, answerNext } = await startHeld();
  const gateway = await startMany({ replicas: [replica.id], upstream: limits(1, 5) });
  const running = ask(gateway.port, '/many');
  await eventually(() => held.length === 1);
  const raw = await openRawSocket(gateway.port);
  raw.send(
    'GET /many HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  expect(await raw.closed()).toMatch(/^HTTP\/1\.1 503 [\s\S]*"code":"upstream-saturated"/);
  answerNext();
  await running;
  await eventually(async () => (await viewMany(gateway)).inFlight === 0);
});
