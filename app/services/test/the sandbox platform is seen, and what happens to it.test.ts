import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Breaker, Environment, Topology } from '../../contract/index.ts';
import { findDemoTarget } from '../demo/target.ts';
import { createSandboxHandlersForTest, fetchThrough, firstWhere, postToEngine } from './sandboxHandlers.ts';

const call = { signal: new AbortController().signal };
const environment = 'sandbox~shop-platform';
const host = createSandboxHandlersForTest({ lingerMs: 100 });
const { handlers, sandbox } = host;
let startedInMs = 0;

beforeAll(async () => {
  const startedAt = Date.now();
  await handlers.sandbox.start(undefined, call);
  startedInMs = Date.now() - startedAt;
}, 90_000);
afterAll(() => host.close(), 30_000);

const topology = (fits: (topology: Topology) => boolean, withinMs?: number) =>
  firstWhere((c) => handlers.stack.topology({ environment }, c), fits, withinMs);
const breaker = (upstream: string, state: Breaker['state'], withinMs?: number) =>
  firstWhere(
    (c) => handlers.gateway.breakers({ environment }, c),
    (breakers) => breakers.some((one) => one.upstream === upstream && one.state === state),
    withinMs,
  );
const frame = (fits: (frame: Environment) => boolean, withinMs?: number) =>
  firstWhere((c) => handlers.environment.watch({ environment }, c), fits, withinMs);

async function gatewayPort(): Promise<number> {
  const seen = await topology((one) => findDemoTarget(one) !== undefined);
  return findDemoTarget(seen)?.port ?? 0;
}

const isUp = ({ level, statusText }: Topology['services'][number]) =>
  level === 'ok' || statusText === 'running, no health check';

const declaredServices = () => Object.keys(sandbox.loaded?.project.services ?? {});

test('all services of the platform run in their four networks, and are healthy', async () => {
  const seen = await topology(({ services }) => services.every(isUp));
  expect(seen.services.map(({ name }) => name)).toEqual(declaredServices());
  expect(seen.services.length).toBeGreaterThanOrEqual(20);
  expect(seen.networks.map(({ name }) => name)).toEqual([
    'ai_network',
    'backend_network',
    'monitoring_network',
    'public_network',
  ]);
  // Processes on loopback are not kept apart: not known, never passed.
  expect(seen.networks.every(({ internal }) => internal === null)).toBe(true);
  expect(seen.services.find(({ name }) => name === 'postgres')?.standInFor).toBe('postgres');
  expect(seen.services.find(({ name }) => name === 'backend')?.standInFor).toBeNull();
  // On an idle machine it takes 5 s.
  expect(startedInMs).toBeLessThan(60_000);
});

test('a request is found as a trace over the services that it passed, and by its id', async () => {
  await fetchThrough(await gatewayPort(), '/api/ai/search/query/?q=lamp');
  const query = { route: 'ai-search', error: false, limit: 5 };
  const found = await firstWhere(
    (c) => handlers.traces.watch({ environment, query, lengthMs: 60_000 }, c),
    ({ traces }) => traces.some(({ serviceCount }) => serviceCount > 1),
    20_000,
  );
  const [trace] = found.traces.filter(({ serviceCount }) => serviceCount > 1);
  const { spans, critical } = await handlers.traces.detail({ environment, traceId: trace?.traceId ?? '' }, call);
  expect(new Set(spans.map(({ service }) => service))).toContain('search');
  expect(critical.length).toBeGreaterThan(1);
  const source = await firstWhere(
    (c) => handlers.traces.source({ environment }, c),
    ({ kind }) => kind === 'collector',
  );
  expect(source.reason).toContain('jaeger is a stand-in here');
  await expect(handlers.traces.stopListening({ environment }, call)).rejects.toMatchObject({ code: 'bad-input' });
});

test('what the console has started is as its files say: a plan finds nothing to do', async () => {
  const { plan } = await handlers.stack.plan({ environment, verb: 'up' }, call);
  expect([plan.steps, plan.blockers]).toEqual([[], []]);
  expect(plan.unchanged).toEqual(declaredServices().toSorted());
});

test('the sandbox project is found, with its gateway', async () => {
  const view = await firstWhere(
    (c) => handlers.environment.found(undefined, c),
    ({ projects }) => projects.length > 0,
  );
  const services = declaredServices().length;
  // The job that makes the gateway's keys has ended.
  const containers = { running: services - 1 };
  expect(view.projects).toMatchObject([{ environment, hasGateway: true, services, containers }]);
});

test('a question right after the opening of an environment is answered, not refused', async () => {
  await vi.waitFor(() => expect(host.environments.openCount).toBe(0), { timeout: 5000 });
  const request = { method: 'GET', url: '/api/backend/api/products/', headers: [] };
  expect(await handlers.gateway.explain({ environment, request }, call)).toMatchObject({ route: 'backend' });
});

test('routes are those of the gateway, and an explanation names every step', async () => {
  const table = await firstWhere(
    (c) => handlers.gateway.routes({ environment }, c),
    () => true,
  );
  expect(table.routes.map(({ id }) => id)).toContain('ai-search');
  const explanation = await handlers.gateway.explain(
    { environment, request: { method: 'GET', url: '/api/ai/search/query/', headers: [] } },
    call,
  );
  expect(explanation).toMatchObject({ route: 'ai-search', rewrittenPath: '/query/', upstream: 'search:8002' });
});

test('a request is seen with its route and upstream, and in detail', async () => {
  const port = await gatewayPort();
  const marker = `/api/ai/search/query/?q=kettle&marker=${process.pid}`;
  const seen = firstWhere(
    (c) => handlers.traffic.watch({ environment, backfill: 500 }, c),
    ({ exchanges }) => exchanges.some(({ path }) => path === marker),
  );
  expect((await fetchThrough(port, marker)).status).toBe(200);
  const exchange = (await seen).exchanges.find(({ path }) => path === marker);
  expect(exchange).toMatchObject({ route: 'ai-search', upstream: 'search:8002', status: 200, demo: false });
  const detail = await handlers.traffic.detail({ environment, id: exchange?.id ?? '' }, call);
  expect(detail.forwardedPath).toBe(`/query/?q=kettle&marker=${process.pid}`);
});

test('an exchange that the gateway does not keep is a problem with a name', async () => {
  const asked = handlers.traffic.detail({ environment, id: 'no-such' }, call);
  await expect(asked).rejects.toMatchObject({ code: 'exchange-unknown' });
});

test('what does not exist is a problem with a name, in this environment and on another engine', async () => {
  const gone = handlers.stack.inspect({ environment, container: 'shop-platform-nothing-1' }, call);
  await expect(gone).rejects.toMatchObject({ code: 'container-unknown' });
  const elsewhere = handlers.stack.inspect({ environment: 'docker~shop', container: 'x' }, call);
  await expect(elsewhere).rejects.toMatchObject({ code: 'environment-unknown' });
});

test('demo traffic runs, is counted as demo, and becomes figures', async () => {
  await frame(({ gateway }) => gateway.state === 'live');
  const busy = firstWhere(
    (c) => handlers.metrics.routes({ environment }, c),
    ({ total }) => (total.requestsPerSecond ?? 0) > 1 && total.p95Ms !== null,
  );
  const marked = firstWhere(
    (c) => handlers.traffic.watch({ environment, backfill: 0 }, c),
    ({ exchanges }) => exchanges.some(({ demo }) => demo),
  );
  await firstWhere(
    (c) => handlers.demo.watch({ environment }, c),
    ({ notAllowed }) => notAllowed === null,
  );
  const started = await handlers.demo.start({ environment, requestsPerSecond: 40, seconds: 60 }, call);
  expect(started).toMatchObject({ state: 'running', notAllowed: null });
  expect((await marked).exchanges.length).toBeGreaterThan(0);
  expect((await busy).total.errorShare).toBe(0);
  expect(await handlers.demo.stop({ environment }, call)).toMatchObject({ state: 'off' });
});

test('the log of a service comes with its levels, and goes on after a restart', async () => {
  await topology(({ services }) => services.length > 0);
  const batch = await firstWhere(
    (c) => handlers.stack.logs({ environment, service: 'pricing', tail: 100 }, c),
    ({ lines }) => lines.length > 0,
  );
  expect(batch.lines[0]).toMatchObject({ service: 'pricing', container: 'shop-platform-pricing-1', stream: 'stdout' });
  expect(batch.lines.some(({ level }) => level !== null)).toBe(true);

  const restartedAt = Date.now();
  const after = firstWhere(
    (c) => handlers.stack.logs({ environment, service: 'pricing', tail: 0 }, c),
    ({ lines }) => lines.some(({ at, text }) => at >= restartedAt && /"ready"/.test(text)),
  );
  await postToEngine(sandbox.socketPath ?? '', '/containers/shop-platform-pricing-1/restart?t=2');
  await after;
});

test('secrets of a container are masked', async () => {
  const detail = await handlers.stack.inspect({ environment, container: 'shop-platform-postgres-1' }, call);
  expect(detail.environment).toContainEqual({ name: 'POSTGRES_PASSWORD', value: '••••••••', masked: true });
  expect(JSON.stringify(detail)).not.toContain('for-development-only');
});

test('a stopped recommender is down within 2 s, its breaker opens, others are untouched; started, all is closed again', async () => {
  const port = await gatewayPort();
  await frame(({ gateway }) => gateway.state === 'live');
  // Hold the environment open, as a window does.
  const holding = new AbortController();
  const held = (async () => {
    for await (const _ of handlers.environment.changes({ environment }, holding)) void _;
  })();
  const socketPath = sandbox.socketPath ?? '';
  await topology(({ services }) => services.find(({ name }) => name === 'recommender')?.level === 'ok');

  const stoppedAt = Date.now();
  await postToEngine(socketPath, '/containers/shop-platform-recommender-1/stop?t=1');
  const down = await topology(({ services }) => services.find(({ name }) => name === 'recommender')?.level === 'down');
  expect(Date.now() - stoppedAt).toBeLessThan(2000);
  expect(down.services.find(({ name }) => name === 'recommender')?.statusText).toMatch(/^stopped, exit/);

  for (let n = 0; n < 12; n += 1) await fetchThrough(port, '/api/ai/recommender/user/1/');
  await breaker('recommender', 'open', 5000);
  const refused = await fetchThrough(port, '/api/ai/recommender/user/1/');
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(JSON.parse(refused.text)).toMatchObject({ code: 'breaker-open' });
  expect((await fetchThrough(port, '/api/ai/search/query/?q=kettle')).status).toBe(200);

  const judged = await frame(({ verdict }) => verdict.level === 'degraded');
  expect(judged.verdict).toMatchObject({
    headline: 'Degraded: every recommender request fails',
    subject: { kind: 'service', name: 'recommender' },
  });
  expect(judged.counts).toMatchObject({ breakersTripped: 1, servicesInTrouble: 1 });

  await postToEngine(socketPath, '/containers/shop-platform-recommender-1/start');
  await topology(({ services }) => services.find(({ name }) => name === 'recommender')?.level === 'ok', 15_000);
  const closed = breaker('recommender', 'closed', 30_000);
  const asking = setInterval(() => void fetchThrough(port, '/api/ai/recommender/user/1/').catch(() => {}), 250);
  await closed.finally(() => clearInterval(asking));
  const changes = await firstWhere(
    (c) => handlers.environment.changes({ environment }, c),
    () => true,
  );
  const said = changes.map(({ subject, text }) => `${subject} ${text}`).join('\n');
  expect(said).toMatch(/recommender stopped \(exit/);
  expect(said).toMatch(/Breaker recommender opened/);
  expect(said).toMatch(/Breaker recommender closed/);
  holding.abort();
  await held;
}, 60_000);

test('a gateway that is stopped is lost within 2 s, with a remedy, and comes back', async () => {
  await frame(({ gateway }) => gateway.state === 'live');
  const stoppedAt = Date.now();
  const lost = frame(({ gateway }) => gateway.state === 'lost');
  await postToEngine(sandbox.socketPath ?? '', '/containers/shop-platform-api_gateway-1/stop?t=0');
  const seen = await lost;
  expect(Date.now() - stoppedAt).toBeLessThan(2500);
  expect(seen.gateway.problem?.remedy).toMatch(/start it again/i);
  const judged = await frame(({ verdict }) => verdict.level === 'down');
  expect(judged.verdict.headline).toBe('Down: api_gateway does not run');
  await postToEngine(sandbox.socketPath ?? '', '/containers/shop-platform-api_gateway-1/start');
  await frame(({ gateway }) => gateway.state === 'live', 15_000);
}, 30_000);
