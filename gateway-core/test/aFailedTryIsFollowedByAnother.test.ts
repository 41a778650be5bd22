import { expect, test } from 'vitest';
import { eventually } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';
import {
  ask,
  askUntilTried,
  detailOf,
  findClosedPort,
  startBytes,
  startMany,
  startReplica,
  viewMany,
} from './replicas.ts';

/** Nothing is spared in a test of a dozen requests, and no breaker interferes. */
const OPEN_HANDED =
  'retryBudget: { share: 1, floorPerSecond: 100 }, breaker: { consecutiveConnectFailures: 10000, minimumRequests: 10000 }';
const TWICE = 'retry: { attempts: 2, backoffMs: 1, perTryTimeoutMs: 400 }';

const failures: [name: string, start: () => Promise<string>, failure: string | null, status: number | null][] = [
  ['refuses connections', findClosedPort, 'connection refused', null],
  ['answers 503', async () => (await startReplica((_req, res) => void res.writeHead(503).end('no'))).id, null, 503],
  ['resets', () => startBytes((socket) => socket.resetAndDestroy()), 'reset', null],
  ['says nothing for too long', () => startBytes(() => undefined), 'timeout', null],
];
for (const [name, start, failure, status] of failures)
  test(`a replica that ${name} is followed by another one, and both tries are recorded`, async () => {
    const bad = await start();
    const good = await startReplica((_req, res) => res.end('good'));
    const gateway = await startMany({ replicas: [bad, good.id], upstream: OPEN_HANDED, route: TWICE });
    const { got, detail } = await askUntilTried(gateway, 2);
    expect(got).toMatchObject({ status: 200, body: 'good' });
    expect(detail.tries).toMatchObject([
      { replica: bad, status, failure },
      { replica: good.id, status: 200, failure: null },
    ]);
    expect((await viewMany(gateway)).totals).toMatchObject({ retries: 1, retryBudgetExhausted: 0 });
  });

test('a status that is not listed, and the last try, are passed on as they are', async () => {
  const failing = await startReplica((_req, res) => void res.writeHead(503, { 'x-which': 'mine' }).end('no'));
  const once = await startMany({ replicas: [failing.id], upstream: OPEN_HANDED, route: 'retry: { on: [reset] }' });
  expect(await ask(once.port, '/many')).toMatchObject({ status: 503, headers: { 'x-which': 'mine' }, body: 'no' });
  expect(failing.requests).toBe(1);
  const thrice = await startMany({
    replicas: [failing.id],
    upstream: OPEN_HANDED,
    route: 'retry: { attempts: 3, backoffMs: 1 }',
  });
  const got = await ask(thrice.port, '/many');
  expect(got).toMatchObject({ status: 503, headers: { 'x-which': 'mine' }, body: 'no' });
  expect((await detailOf(thrice, got)).tries).toHaveLength(3);
});

test.each<[method: string, key: boolean, allowed: boolean, tries: number]>([
  ['PUT', false, false, 2],
  ['POST', false, false, 1],
  ['POST', true, false, 1],
  ['POST', true, true, 2],
])('%s with an Idempotency-Key: %s, allowed: %s, is tried %i times', async (method, key, allowed, tries) => {
  const bodies: string[] = [];
  const failing = await startReplica((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    req.on('end', () => {
      bodies.push(body);
      res.writeHead(503).end();
    });
  });
  const gateway = await startMany({
    replicas: [failing.id],
    upstream: OPEN_HANDED,
    route: `retry: { attempts: 2, backoffMs: 1, idempotencyKey: ${allowed} }`,
  });
  const headers: Record<string, string> = key ? { 'idempotency-key': 'a' } : {};
  await ask(gateway.port, '/many', { method, headers, body: 'the body' });
  // Each try has the whole body.
  expect(bodies).toEqual(Array.from({ length: tries }, () => 'the body'));
});

test('a body that is longer than what is kept is not sent twice', async () => {
  const failing = await startReplica((req, res) => void req.on('end', () => res.writeHead(503).end()).resume());
  const gateway = await startMany({
    replicas: [failing.id],
    upstream: OPEN_HANDED,
    route: 'retry: { attempts: 2, backoffMs: 1, bufferBytes: 1000 }',
  });
  const short = await ask(gateway.port, '/many', { method: 'PUT', body: 'x'.repeat(1_000) });
  expect((await detailOf(gateway, short)).tries).toHaveLength(2);
  const long = await ask(gateway.port, '/many', { method: 'PUT', body: 'x'.repeat(1_001) });
  expect((await detailOf(gateway, long)).tries).toHaveLength(1);
});

test('a body that is still coming goes on in the second try, from its first byte', async () => {
  const seen: string[] = [];
  let resets = 0;
  const resetting = await startBytes((socket, text) => {
    if (!text.includes('first')) return;
    resets += 1;
    socket.resetAndDestroy();
  });
  const echo = await startReplica((req, res) => {
    req.setEncoding('utf8').on('data', (part: string) => void seen.push(part));
    req.on('end', () => res.end('done'));
  });
  const gateway = await startMany({ replicas: [resetting, echo.id], upstream: OPEN_HANDED, route: TWICE });
  await eventually(async () => {
    seen.length = 0;
    const raw = await openRawSocket(gateway.port);
    raw.send(
      'PUT /many HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nfirst\r\n',
    );
    await eventually(async () => seen.length > 0 || resets > 0);
    raw.send('7\r\n second\r\n0\r\n\r\n');
    expect(await raw.closed()).toMatch(/^HTTP\/1\.1 200 [\s\S]*done/);
    expect(seen.join('')).toBe('first second');
    return resets === 1;
  });
});

test('nothing is tried again once the caller has heard of an answer', async () => {
  let requests = 0;
  const cutting = await startBytes((socket) => {
    requests += 1;
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun', () => socket.resetAndDestroy());
  });
  const gateway = await startMany({ replicas: [cutting], upstream: OPEN_HANDED, route: TWICE });
  const raw = await openRawSocket(gateway.port);
  raw.send('GET /many HTTP/1.1\r\nHost: shop\r\n\r\n');
  expect(await raw.closed()).toMatch(/^HTTP\/1\.1 200 [\s\S]*begun$/);
  const detail = await gateway.recorded((row) => row.code === 'upstream-reset');
  expect(detail.tries).toMatchObject([{ replica: cutting, status: 200, failure: 'reset' }]);
  expect(requests).toBe(1);
});

test('Retry-After is waited for when it is short, and respected by leaving it when it is long', async () => {
  const at: number[] = [];
  let retryAfter = '1';
  const busy = await startReplica((_req, res) => {
    at.push(performance.now());
    if (at.length === 2) res.end('now');
    else res.writeHead(503, { 'retry-after': retryAfter }).end('later');
  });
  const gateway = await startMany({
    replicas: [busy.id],
    upstream: OPEN_HANDED,
    route: 'retry: { attempts: 2, backoffMs: 1, maxBackoffMs: 1000 }',
  });
  expect((await ask(gateway.port, '/many')).body).toBe('now');
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(995);
  retryAfter = '2';
  expect(await ask(gateway.port, '/many')).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
  expect(at).toHaveLength(3);
});

test('the total time is for all tries together', async () => {
  const silent = await startReplica(() => undefined);
  const gateway = await startMany({
    replicas: [silent.id],
    upstream: OPEN_HANDED,
    route: 'retry: { attempts: 10, backoffMs: 1, perTryTimeoutMs: 150 }, timeouts: { totalMs: 500 }',
  });
  const got = await ask(gateway.port, '/many');
  expect(got).toMatchObject({ status: 504 });
  const detail = await detailOf(gateway, got);
  expect(detail.durationMs).toBeGreaterThanOrEqual(500);
  expect(detail.tries.length).toBeLessThanOrEqual(4);
});

test('a caller that leaves between two tries ends them', async () => {
  const busy = await startReplica((_req, res) => void res.writeHead(503, { 'retry-after': '2' }).end());
  const gateway = await startMany({
    replicas: [busy.id],
    upstream: OPEN_HANDED,
    route: 'retry: { attempts: 2, maxBackoffMs: 5000 }',
  });
  const raw = await openRawSocket(gateway.port);
  raw.send('GET /many HTTP/1.1\r\nHost: shop\r\n\r\n');
  await eventually(async () => (await viewMany(gateway)).totals.retries === 1);
  expect((await viewMany(gateway)).inFlight).toBe(1);
  raw.reset();
  await eventually(async () => (await viewMany(gateway)).inFlight === 0);
  const detail = await gateway.recorded((row) => row.path === '/many');
  expect(detail).toMatchObject({ status: null, tries: [{ status: 503 }] });
  expect(busy.requests).toBe(1);
});

test('the budget bounds the tries of an upstream that fails everything', async () => {
  const failing = await startReplica((_req, res) => void res.writeHead(503).end());
  const gateway = await startMany({
    replicas: [failing.id],
    upstream: 'retryBudget: { share: 0.2, floorPerSecond: 0 }, breaker: { minimumRequests: 10000 }',
    route: 'retry: { attempts: 3, backoffMs: 1 }',
  });
  for (let index = 0; index < 50; index++) await ask(gateway.port, '/many');
  const { totals } = await viewMany(gateway);
  expect(totals.retries).toBeLessThanOrEqual(10);
  expect(totals.retries).toBeGreaterThan(0);
  expect(totals.retryBudgetExhausted).toBeGreaterThan(0);
  expect(failing.requests).toBe(50 + (totals.retries ?? 0));
});

test('an idle connection that the upstream closed is no failure, as long as asking again does no harm', async () => {
  let requests = 0;
  const closing = await startBytes((socket) => {
    requests += 1;
    // Every second request of a connection meets its end.
    if (requests % 2 === 0) socket.resetAndDestroy();
    else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  const gateway = await startMany({ replicas: [closing] });
  expect((await ask(gateway.port, '/many')).status).toBe(200);
  expect((await ask(gateway.port, '/many')).status).toBe(200);
  expect(requests).toBe(3);
  const got = await ask(gateway.port, '/many', { method: 'POST' });
  expect(got).toMatchObject({ status: 502 });
  expect(JSON.parse(got.body)).toMatchObject({ code: 'upstream-reset' });
  expect(requests).toBe(4);
});
