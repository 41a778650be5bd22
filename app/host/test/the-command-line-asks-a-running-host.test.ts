import { beforeEach, expect, test } from 'vitest';
import type { Breaker, Environment, Exchange, FoundProject, Level, Topology } from '../../contract/index.ts';
import { GatehouseError } from '../../contract/index.ts';
import { announce, createRuntimeFolder, runCli, startCli } from './runCli.ts';
import { startTestHost } from './startTestHost.ts';
import { createTickingHandlers } from './tickingHandlers.ts';

const ENVIRONMENT = 'sandbox~shop-platform';
const EVIL = '/x\u001b]52;c;cm0=\u0007\u001b[2J\r\n200 GET /fine\u009b1m';

const PROJECT: FoundProject = {
  environment: ENVIRONMENT,
  engine: 'sandbox',
  engineKind: 'sandbox',
  name: 'shop-platform',
  containers: { running: 22, stopped: 0, unhealthy: 0 },
  services: 22,
  files: [],
  folder: null,
  origin: 'engine',
  hasGateway: true,
};

const BREAKER: Breaker = {
  upstream: 'recommender',
  target: 'recommender:8001',
  state: 'open',
  since: 1,
  nextTrialAt: 2,
  window: { requests: 12, failures: 7 },
  thresholds: {
    windowMs: 1,
    minimumRequests: 1,
    failureShare: 1,
    consecutiveConnectFailures: 1,
    openMs: 1,
    halfOpenTrials: 1,
  },
  refused: 3,
  transitions: [{ at: 1, from: 'closed', to: 'open', reason: '7 of 12 failed in 10 s' }],
  routes: ['ai-recommender'],
};

const EXCHANGE = {
  sequence: 1,
  path: '/api/ai/search/',
  route: 'ai-search',
  status: 200,
  durationMs: 3,
  code: null,
  note: null,
  at: 0,
  method: 'GET',
} as Exchange;

let level: Level = 'ok';
let exchanges: Exchange[] = [];

function createFrame(): Environment {
  const connection = { source: 'engine' as const, state: 'live' as const, lastSeenAt: 1, detail: '', problem: null };
  return {
    id: ENVIRONMENT,
    name: 'shop-platform',
    colour: 'teal',
    engineKind: 'sandbox',
    place: 'this machine',
    mode: 'dev',
    guard: 'open',
    guardReason: '',
    unlockedUntil: null,
    engine: connection,
    gateway: { ...connection, source: 'gateway' },
    verdict: {
      level,
      impact: 'recommender is down',
      firstCause: { kind: 'service', name: 'recommender', text: 'It exited with 137.' },
      evidence: [{ figure: 'Error share of callers', value: '9.3 %', windowMs: 60_000, source: 'gateway' }],
      next: [],
    },
    counts: { services: 2, servicesInTrouble: 1, routes: 9, breakersTripped: 1, requestsPerSecond: 1 },
  };
}

const TOPOLOGY = {
  environment: ENVIRONMENT,
  at: 1,
  services: [
    { name: 'search', kind: 'app', level: 'ok', statusText: 'healthy' },
    { name: 'recommender\u001b[31m', kind: 'app', level: 'down', statusText: 'exited (137)' },
  ].map((service) => ({
    ...service,
    image: '',
    networks: [],
    ports: [],
    dependsOn: [],
    containers: [],
    standInFor: null,
    routes: [],
    breaker: null,
  })),
  networks: [],
  edges: [],
} as Topology;

async function* always<T>(value: T, signal: AbortSignal): AsyncGenerator<T> {
  yield value;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

function createPlatform() {
  return createTickingHandlers({
    environment: {
      found: (_input, { signal }) => always({ engines: [], projects: [PROJECT] }, signal),
      watch: (_input, { signal }) => always(createFrame(), signal),
    },
    stack: { topology: (_input, { signal }) => always(TOPOLOGY, signal) },
    gateway: { breakers: (_input, { signal }) => always([BREAKER], signal) },
    traffic: {
      async *watch(_input, { signal }) {
        for (let sequence = 1; !signal.aborted; sequence++) {
          yield {
            exchanges: exchanges.map((exchange) => ({ ...exchange, sequence })),
            lost: 0,
            kept: { exchanges: 0, bytes: 0, capacityBytes: 0 },
          };
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      },
    },
  }).handlers;
}

async function startPlatform() {
  const host = await startTestHost(createPlatform());
  const folder = createRuntimeFolder();
  announce(host, folder);
  return { host, folder };
}

beforeEach(() => {
  level = 'ok';
  exchanges = [EXCHANGE];
});

test('code prints an address whose code opens a session', async () => {
  const { host, folder } = await startPlatform();
  const { code, stdout } = await runCli(['code'], folder);
  expect(code).toBe(0);
  const oneTime = new RegExp(`^Gatehouse: ${host.url}/#code=(\\S{4}-\\S{4})\\n$`).exec(stdout)?.[1] ?? '';
  expect(host.sessions.exchangeCode(oneTime)).toMatchObject({ outcome: 'token' });
});

test.each<[level: Level, code: number]>([
  ['ok', 0],
  ['degraded', 1],
  ['down', 1],
  ['unknown', 3],
])('status of a platform that is %s ends with %i', async (now, code) => {
  level = now;
  const { folder } = await startPlatform();
  const result = await runCli(['status'], folder);
  expect(result.code).toBe(code);
  expect(result.stdout).toContain(now);
  expect(result.stdout).toContain('breakers: 1 of 1 tripped: recommender open');
  expect(result.stdout.indexOf('recommender')).toBeLessThan(result.stdout.indexOf('search'));
  expect(result.stdout).not.toContain('\u001b');
});

test('status as JSON names verdict, services and breakers', async () => {
  const { folder } = await startPlatform();
  const { stdout } = await runCli(['status', '--json'], folder);
  expect(JSON.parse(stdout)).toMatchObject({
    environment: ENVIRONMENT,
    verdict: { level: 'ok' },
    services: [{ level: 'down' }, { name: 'search', level: 'ok' }],
    breakers: [{ upstream: 'recommender', state: 'open' }],
  });
});

test('breakers are listed with their story', async () => {
  const { folder } = await startPlatform();
  const { code, stdout } = await runCli(['breakers'], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/open +recommender +recommender:8001 +7 of 12 +in 0 s +3 +7 of 12 failed in 10 s/);
});

test('tap prints what passes its filter as rows that cannot steer a terminal', async () => {
  exchanges = [EXCHANGE, { ...EXCHANGE, path: EVIL, status: 503, note: EVIL }];
  const { folder } = await startPlatform();
  const { code, stdout } = await runCli(['tap', 'status:5xx', '--count', '3'], folder, { FORCE_COLOR: '0' });
  expect(code).toBe(0);
  const rows = stdout.trimEnd().split('\n').slice(1);
  expect(rows).toHaveLength(3);
  for (const row of rows) expect(row).toMatch(/^\S+ +503 +GET +3\.0 +ai-search +\/x/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must be gone.
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('tap as JSON gives one whole exchange a line', async () => {
  exchanges = [{ ...EXCHANGE, path: EVIL }];
  const { folder } = await startPlatform();
  const { stdout } = await runCli(['tap', '--json', '--count', '2'], folder);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as Exchange).path)).toEqual([EVIL, EVIL]);
  expect(stdout).not.toContain('\u009b');
});

test('Ctrl-C ends tap with 0', async () => {
  const { folder } = await startPlatform();
  const tap = startCli(['tap'], folder);
  await tap.waitFor(/ai-search/);
  tap.process.kill('SIGINT');
  expect(await tap.result).toMatchObject({ code: 0, stderr: '' });
});

test('a pager that goes away ends tap quietly', async () => {
  const { folder } = await startPlatform();
  const tap = startCli(['tap'], folder);
  await tap.waitFor(/ai-search/);
  tap.process.stdout.destroy();
  expect(await tap.result).toMatchObject({ code: 0, stderr: '' });
});

test('a host that ends is said, with 3', async () => {
  const { host, folder } = await startPlatform();
  const tap = startCli(['tap'], folder);
  await tap.waitFor(/ai-search/);
  await host.close();
  const { code, stderr } = await tap.result;
  expect(code).toBe(3);
  expect(stderr).toContain(`the host at ${host.url}`);
});

test.each([['status'], ['breakers'], ['tap'], ['code']])(
  '%s without a host ends with 3 and the remedy',
  async (command) => {
    const { code, stderr } = await runCli([command], createRuntimeFolder());
    expect(code).toBe(3);
    expect(stderr).toBe('gatehouse: no Gatehouse runs; start one with `gatehouse serve`\n');
  },
);

test('of several hosts one must be named, and a wrong port says which run', async () => {
  const { host: first, folder } = await startPlatform();
  const second = await startTestHost(createPlatform());
  announce(second, folder);
  const unnamed = await runCli(['breakers'], folder);
  expect(unnamed.code).toBe(2);
  expect(unnamed.stderr).toContain(String(first.port));
  expect((await runCli(['breakers', '--port', String(second.port)], folder)).code).toBe(0);
  const wrong = await runCli(['breakers', '--port', '1'], folder);
  expect(wrong.code).toBe(3);
  expect(wrong.stderr).toContain('no Gatehouse of yours runs on port 1');
});

test('a gateway that cannot be reached is said in the words of the host, with 3', async () => {
  const { handlers } = createTickingHandlers({
    gateway: {
      // biome-ignore lint/correctness/useYield: it fails before its first value.
      async *breakers() {
        throw new GatehouseError({
          code: 'gateway-unreachable',
          message: 'No answer from api_gateway.',
          remedy: 'Start it.',
        });
      },
    },
  });
  const host = await startTestHost(handlers);
  const folder = createRuntimeFolder();
  announce(host, folder);
  const { code, stderr } = await runCli(['breakers', '--environment', ENVIRONMENT], folder);
  expect({ code, stderr }).toEqual({ code: 3, stderr: 'gatehouse: No answer from api_gateway. Start it.\n' });
});

test('a host that does not know the token is not waited for', async () => {
  const host = await startTestHost(createPlatform());
  const folder = createRuntimeFolder();
  announce({ ...host, sessions: { ...host.sessions, issueCliToken: () => 'wrong' } }, folder);
  const { code, stderr } = await runCli(['breakers'], folder);
  expect(code).toBe(3);
  expect(stderr).toContain(`the host at ${host.url}`);
});
