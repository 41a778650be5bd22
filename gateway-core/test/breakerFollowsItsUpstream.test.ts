import { expect, test } from 'vitest';
import { eventually, startGateway, startUpstream, type TestGateway } from './fixture.ts';

const QUICK =
  'defaults: { breaker: { windowMs: 2000, minimumRequests: 4, failureShare: 0.5, consecutiveConnectFailures: 3, openMs: 60, halfOpenTrials: 2 } }';

interface BreakerView {
  state: string;
  nextTrialAt: number | null;
  refused: number;
  transitions: { from: string; to: string; reason: string }[];
}

async function breakerOf(gateway: TestGateway): Promise<BreakerView | undefined> {
  return (await gateway.admin<BreakerView[]>('/breakers'))[0];
}

const get = async (gateway: TestGateway, path = '/app') => {
  const response = await fetch(`http://127.0.0.1:${gateway.port}${path}`);
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.text() };
};

test('an upstream that stops opens its breaker, and its return closes it after the trials', async () => {
  const first = await startUpstream((_req, res) => res.end('ok'));
  const gateway = await startGateway({ upstreamPort: first.port, yaml: QUICK });
  expect((await get(gateway)).status).toBe(200);
  await first.stop();
  const whileClosed = [await get(gateway), await get(gateway), await get(gateway)];
  expect(whileClosed.map((answer) => answer.status)).toEqual([502, 502, 502]);

  const refused = await get(gateway);
  expect(refused).toMatchObject({ status: 503, retryAfter: '1' });
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'breaker-open', status: 503 });
  const open = await breakerOf(gateway);
  expect(open).toMatchObject({ state: 'open', refused: 1 });
  expect(open?.nextTrialAt).toBeGreaterThan(0);
  expect(open?.transitions[0]).toMatchObject({
    from: 'closed',
    to: 'open',
    reason: '3 connects in a row failed: 3 connection refused',
  });

  await startUpstream((_req, res) => res.end('back'), first.port);
  await eventually(async () => (await get(gateway)).status === 200);
  await eventually(async () => (await get(gateway)).status === 200 && (await breakerOf(gateway))?.state === 'closed');
  const closed = await breakerOf(gateway);
  expect(closed).toMatchObject({ state: 'closed', refused: 0, nextTrialAt: null });
  expect(closed?.transitions.map(({ from, to }) => `${from} ${to}`).slice(0, 2)).toEqual([
    'half-open closed',
    'open half-open',
  ]);
});

test('answers of 503 open it by their share, and a failing trial opens it again', async () => {
  let status = 503;
  const upstream = await startUpstream((_req, res) => void res.writeHead(status).end());
  const gateway = await startGateway({ upstreamPort: upstream.port, yaml: QUICK });
  for (let index = 0; index < 4; index++) await get(gateway);
  expect(await breakerOf(gateway)).toMatchObject({
    state: 'open',
    transitions: [{ reason: '4 of 4 failed in 2 s: 4 status 503' }],
  });
  await eventually(async () => {
    await get(gateway);
    return (await breakerOf(gateway))?.transitions[0]?.reason === 'the trial failed: status 503';
  });
  status = 200;
  await eventually(async () => {
    await get(gateway);
    return (await breakerOf(gateway))?.state === 'closed';
  });
});

test('500 is the fault of one answer, not of the upstream', async () => {
  const upstream = await startUpstream((_req, res) => void res.writeHead(500).end());
  const gateway = await startGateway({ upstreamPort: upstream.port, yaml: QUICK });
  for (let index = 0; index < 10; index++) expect((await get(gateway)).status).toBe(500);
  expect(await breakerOf(gateway)).toMatchObject({ state: 'closed' });
  expect(await gateway.admin('/stats')).toMatchObject({ routes: { app: { upstreamFailures: 10 } } });
});

test('an open breaker refuses one upstream and leaves the others alone', async () => {
  const dead = await startUpstream((_req, res) => res.end());
  await dead.stop();
  const alive = await startUpstream((_req, res) => res.end('fine'));
  const gateway = await startGateway({
    upstreamPort: dead.port,
    yaml: `  - { id: other, paths: [/other], upstream: other }\n${QUICK}`,
    upstreams: `  other: { url: http://127.0.0.1:${alive.port} }`,
  });
  for (let index = 0; index < 4; index++) await get(gateway);
  expect((await get(gateway)).status).toBe(503);
  expect((await get(gateway, '/other')).body).toBe('fine');
});

test('the state is in the metrics while closed too', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const gateway = await startGateway({ upstreamPort: upstream.port });
  await get(gateway);
  const { body } = await get(gateway, '/metrics');
  expect(body).toContain('gatehouse_gateway_breaker_state{upstream="app",state="closed"} 1');
  expect(body).toContain('gatehouse_gateway_breaker_state{upstream="app",state="open"} 0');
  expect(body).toContain('gatehouse_gateway_requests_total{route="app",status_class="2xx",code="none",method="GET"} 1');
  expect(body).toContain('gatehouse_gateway_in_flight_requests 0');
});
