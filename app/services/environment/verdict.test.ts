import { expect, test } from 'vitest';
import type { Capacity, Figures, OutsideView, RouteMetrics, Service } from '../../contract/index.ts';
import { breaker, connection, now, service } from '../test/samples.ts';
import { type VerdictFacts, verdict } from './verdict.ts';

const stopped = (name: string, given: Partial<Service> = {}): Service => {
  const base = service(name);
  const [first] = base.containers;
  return {
    ...base,
    level: 'down',
    statusText: 'stopped, exit 137',
    containers: first ? [{ ...first, state: 'exited', health: 'none', exitCode: 137, finishedAt: now - 41_000 }] : [],
    ...given,
  };
};
const unhealthy = (name: string, given: Partial<Service> = {}) =>
  service(name, { level: 'degraded', statusText: 'unhealthy: no connection', ...given });
const missing = (name: string, given: Partial<Service> = {}) =>
  service(name, { level: 'unknown', statusText: 'declared, not created', containers: [], ...given });
const comingUp = (name: string, given: Partial<Service> = {}) =>
  service(name, { level: 'unknown', statusText: 'starting', ...given });
const unchecked = (name: string) => service(name, { level: 'unknown', statusText: 'running, no health check' });
const needs = (...names: string[]): Pick<Service, 'dependsOn'> => ({
  dependsOn: names.map((name) => ({ service: name, condition: 'healthy' })),
});

const figures = (given: Partial<Figures> = {}): Figures => ({
  requestsPerSecond: 10,
  errorShare: 0,
  upstreamErrorShare: 0,
  clientErrorShare: 0,
  limitedShare: 0,
  p50Ms: 5,
  p95Ms: 20,
  p99Ms: 30,
  ...given,
});
const metrics = (total: Partial<Figures>, routes: Record<string, Partial<Figures>> = {}): RouteMetrics => ({
  at: now,
  windowMs: 60_000,
  source: 'gateway',
  stepMs: 5000,
  total: { ...figures(total), peakRequestsPerSecond: null, samples: [] },
  routes: Object.entries(routes).map(([route, given]) => ({ route, samples: [], ...figures(given) })),
});

const gateway = service('api_gateway', { kind: 'gateway' });
const nginx = service('nginx', { kind: 'edge' });
const search = service('search', { routes: ['ai-search'] });

const facts = (given: Partial<VerdictFacts> = {}): VerdictFacts => ({
  now,
  project: 'shop',
  engine: connection('engine', 'live'),
  gateway: connection('gateway', 'live'),
  isObserved: true,
  services: [nginx, gateway, search],
  routes: [],
  breakers: [],
  metrics: metrics({}),
  outside: null,
  capacity: null,
  ...given,
});

const open = { state: 'open' as const, refused: 38, nextTrialAt: now + 49_000, target: 'http://search:8002' };

interface Case {
  name: string;
  given: Partial<VerdictFacts>;
  level: string;
  headline: string;
  detail?: RegExp;
  subject?: string | null;
  views?: string[];
}

const cases: Case[] = [
  {
    name: 'the engine is lost',
    given: { engine: connection('engine', 'lost') },
    level: 'unknown',
    headline: 'Unknown: the engine does not answer',
    detail: /The engine is lost\..*seen 5 s ago.*Bring the engine back/,
    subject: 'engine detail',
    views: ['start'],
  },
  {
    name: 'the engine is lost before it was ever seen',
    given: { engine: { ...connection('engine', 'lost'), lastSeenAt: null } },
    level: 'unknown',
    headline: 'Unknown: the engine does not answer',
    detail: /not been seen yet/,
  },
  {
    name: 'a lost engine hides what is broken behind it',
    given: { engine: connection('engine', 'lost'), breakers: [breaker('search', open)] },
    level: 'unknown',
    headline: 'Unknown: the engine does not answer',
  },
  {
    name: 'the engine is being connected',
    given: { engine: connection('engine', 'connecting'), isObserved: false, services: [] },
    level: 'unknown',
    headline: 'Connecting to the engine',
  },
  {
    name: 'a live engine that has not listed anything',
    given: { isObserved: false, services: [] },
    level: 'unknown',
    headline: 'Connecting to the engine',
  },
  {
    name: 'the engine has nothing of the project',
    given: { services: [] },
    level: 'unknown',
    headline: 'Not running: nothing was created yet',
    detail: /no container of shop/,
  },
  {
    name: 'all is declared, nothing created',
    given: { services: [missing('api'), missing('db')] },
    level: 'unknown',
    headline: 'Not running: nothing was created yet',
    detail: /2 services are declared/,
  },
  {
    name: 'everything is stopped',
    given: { services: [stopped('api'), stopped('db')] },
    level: 'down',
    headline: 'Down: none of 2 services runs',
  },
  {
    name: 'the gateway is not up yet',
    given: {
      services: [nginx, missing('api_gateway', { kind: 'gateway' }), comingUp('search')],
      gateway: connection('gateway', 'lost'),
    },
    level: 'unknown',
    headline: 'Starting: 1 of 3 services are up',
    detail: /Waiting for api_gateway and search/,
  },
  {
    name: 'one service starts while all else is well',
    given: { services: [nginx, gateway, comingUp('search')] },
    level: 'unknown',
    headline: 'Starting: 2 of 3 services are up',
  },
  {
    name: 'the gateway is stopped',
    given: {
      services: [nginx, stopped('api_gateway', { kind: 'gateway' }), search],
      gateway: connection('gateway', 'lost'),
    },
    level: 'down',
    headline: 'Down: api_gateway does not run',
    detail: /api_gateway is stopped, exit 137, for 41 s\. Every request fails/,
    subject: 'api_gateway',
    views: ['services'],
  },
  {
    name: 'the edge is stopped',
    given: { services: [stopped('nginx', { kind: 'edge' }), gateway, search] },
    level: 'down',
    headline: 'Down: nginx does not run',
    detail: /Nothing from outside comes in/,
  },
  {
    name: 'a second edge still serves',
    given: { services: [stopped('nginx', { kind: 'edge' }), service('caddy', { kind: 'edge' }), gateway] },
    level: 'degraded',
    headline: 'Degraded: nginx is down',
  },
  {
    name: 'a breaker is open, since its service is stopped',
    given: {
      services: [nginx, gateway, stopped('search', { routes: ['ai-search'] })],
      breakers: [breaker('search', open)],
    },
    level: 'degraded',
    headline: 'Degraded: every search request fails',
    detail:
      /search is stopped, exit 137, for 41 s\. 38 requests refused since the breaker of search opened 41 s ago; next trial in 49 s\./,
    subject: 'search',
    views: ['services', 'breakers', 'traffic'],
  },
  {
    name: 'a breaker is open, since what its service needs is broken',
    given: {
      services: [nginx, gateway, service('search', { ...needs('qdrant') }), unhealthy('qdrant', { kind: 'store' })],
      breakers: [breaker('search', open)],
    },
    level: 'degraded',
    headline: 'Degraded: every search request fails',
    detail: /First cause: qdrant is unhealthy: no connection\./,
    subject: 'qdrant',
  },
  {
    name: 'a breaker is open, and its containers look well',
    given: {
      breakers: [
        breaker('search', {
          ...open,
          transitions: [{ at: now, from: 'closed', to: 'open', reason: '7 of 12 failed in 10 s' }],
        }),
      ],
    },
    level: 'degraded',
    headline: 'Degraded: every search request fails',
    detail: /7 of 12 failed in 10 s; its containers look well/,
    subject: 'search',
    views: ['breakers', 'traffic'],
  },
  {
    name: 'two breakers are open: the older one is the cause',
    given: { breakers: [breaker('chatbot', { ...open, since: now - 1000 }), breaker('search', open)] },
    level: 'degraded',
    headline: 'Degraded: every search and chatbot request fails',
    subject: 'search',
  },
  {
    name: 'a service with routes is down, its breaker has not opened',
    given: { services: [nginx, gateway, stopped('search', { routes: ['ai-search'] })] },
    level: 'degraded',
    headline: 'Degraded: search is down, requests to it fail',
    subject: 'search',
  },
  {
    name: 'two services with routes are down',
    given: { services: [nginx, gateway, stopped('a', { routes: ['a'] }), stopped('b', { routes: ['b'] })] },
    level: 'degraded',
    headline: 'Degraded: a and b are down, requests to them fail',
  },
  {
    name: 'a store is down, and others need it',
    given: { services: [nginx, gateway, service('search', needs('qdrant')), stopped('qdrant', { kind: 'store' })] },
    level: 'degraded',
    headline: 'Degraded: qdrant is down',
    detail: /search depends on it/,
    subject: 'qdrant',
  },
  {
    name: 'only a dashboard is down',
    given: { services: [nginx, gateway, search, stopped('grafana', { kind: 'dashboard' })] },
    level: 'degraded',
    headline: 'Degraded: grafana is down',
    detail: /Callers are not affected/,
  },
  {
    name: 'a worker and a dashboard are down: the worker matters more',
    given: { services: [nginx, gateway, stopped('grafana', { kind: 'dashboard' }), stopped('worker')] },
    level: 'degraded',
    headline: 'Degraded: worker is down',
    detail: /Also down: grafana/,
  },
  {
    name: 'too many requests fail',
    given: {
      metrics: metrics(
        { errorShare: 0.093, upstreamErrorShare: 0.05 },
        { 'ai-search': { errorShare: 1 }, backend: {} },
      ),
    },
    level: 'degraded',
    headline: 'Degraded: 9.3 % of requests fail, most of them on ai-search',
    detail: /Over the last 60 s\. ai-search: 100\.0 % of 10\.0\/s\. .*upstreams failed 5\.0 %/,
    subject: 'ai-search',
    views: ['traffic'],
  },
  {
    name: 'five in a hundred are borne',
    given: { metrics: metrics({ errorShare: 0.05 }) },
    level: 'ok',
    headline: 'All is well',
  },
  {
    name: 'one of two requests failed: too few to say',
    given: { metrics: metrics({ errorShare: 0.5, requestsPerSecond: 2 / 60 }) },
    level: 'ok',
    headline: 'All is well',
  },
  {
    name: 'a gateway whose admin API is silent',
    given: { gateway: connection('gateway', 'lost'), breakers: null },
    level: 'unknown',
    headline: 'Unknown: the gateway does not answer',
    detail: /What callers get is not known/,
  },
  {
    name: 'old figures of a silent gateway say nothing',
    given: { gateway: connection('gateway', 'lost'), metrics: metrics({ errorShare: 0.9 }) },
    level: 'unknown',
    headline: 'Unknown: the gateway does not answer',
  },
  {
    name: 'the gateway is being connected',
    given: { gateway: connection('gateway', 'connecting'), breakers: null },
    level: 'unknown',
    headline: 'Connecting to the gateway',
  },
  {
    name: 'a breaker tries again',
    given: { breakers: [breaker('search', { state: 'half-open' })] },
    level: 'degraded',
    headline: 'Degraded: search is being tried again',
    subject: 'search',
  },
  {
    name: 'a service is unhealthy',
    given: { services: [nginx, gateway, unhealthy('search', { routes: ['ai-search'] })] },
    level: 'degraded',
    headline: 'Degraded: search is not healthy',
    detail: /unhealthy: no connection/,
    subject: 'search',
  },
  {
    name: 'two are unhealthy, one because of the other',
    given: { services: [nginx, gateway, unhealthy('search', needs('qdrant')), unhealthy('qdrant')] },
    level: 'degraded',
    headline: 'Degraded: qdrant is not healthy',
    detail: /Also in trouble: search/,
  },
  {
    name: 'a route is slow',
    given: { metrics: metrics({}, { 'ai-chatbot': { p95Ms: 1204, p50Ms: 842 } }) },
    level: 'degraded',
    headline: 'Degraded: ai-chatbot is slow',
    detail: /p50 842 ms, p95 1204 ms over the last 60 s/,
    views: ['traffic'],
  },
  {
    name: 'all is well',
    given: {},
    level: 'ok',
    headline: 'All is well',
    detail: /3 services up, all healthy\. 10\.0 requests a second, 0\.0 % fail\./,
    subject: null,
  },
  {
    name: 'well and quiet',
    given: { metrics: metrics({ requestsPerSecond: 0, errorShare: null }) },
    level: 'ok',
    headline: 'All is well',
    detail: /No request passes/,
  },
  {
    name: 'well, without a gateway',
    given: { gateway: connection('gateway', 'absent'), breakers: null, services: [search] },
    level: 'ok',
    headline: 'All is well',
    detail: /Traffic is not seen/,
  },
  {
    name: 'some are not checked: named, not counted as healthy',
    given: { services: [nginx, gateway, unchecked('worker')] },
    level: 'ok',
    headline: 'All is well',
    detail: /2 of 3 services are known to be healthy; worker has no health check/,
  },
  {
    name: 'nothing is checked: unknown, never well',
    given: { gateway: connection('gateway', 'absent'), breakers: null, services: [unchecked('a'), unchecked('b')] },
    level: 'unknown',
    headline: 'Running, but nothing says whether it is well',
  },
];

test.each(cases)('$name', ({ given, level, headline, detail, subject, views }) => {
  const said = verdict(facts(given));
  expect(said).toMatchObject({ level, headline });
  if (detail) expect(said.detail).toMatch(detail);
  if (subject !== undefined) expect(said.subject?.name ?? null).toBe(subject);
  if (views) expect(said.next.map(({ view }) => view)).toEqual(views);
});

const outside = (level: OutsideView['level'], sentence: string) =>
  ({ level, sentence, service: 'nginx' }) as OutsideView;
const disk = (freeBytes: number, fullAt: number | null = null) =>
  ({
    sentence: '1.0 GB of 100 GB disk are free.',
    disk: { totalBytes: 100 * 1024 ** 3, freeBytes, fullAt },
  }) as Capacity;

test.each<[string, Partial<VerdictFacts>, string, RegExp, RegExp]>([
  [
    'clients get nothing, and inside all is well',
    { outside: outside('down', 'Nothing is served at 127.0.0.1:443: nothing listens there.') },
    'down',
    /clients get no answer/,
    /nothing listens there/,
  ],
  [
    'the edge does not run: that says more',
    { outside: outside('down', 'Nothing is served.'), services: [stopped('nginx', { kind: 'edge' }), gateway] },
    'down',
    /nginx does not run/,
    /exit 137/,
  ],
  [
    'a certificate that runs out is said when nothing else is wrong',
    { outside: outside('degraded', '200 in 4 ms; its certificate runs out in 3 days.') },
    'degraded',
    /turned away at the edge/,
    /in 3 days/,
  ],
  [
    'a probe that says nothing is no trouble',
    { outside: outside('unknown', 'Not asked.') },
    'ok',
    /All is well/,
    /healthy/,
  ],
  [
    'a disk that is nearly full, and when it will be',
    { capacity: disk(1024 ** 3, now + 3 * 3_600_000) },
    'degraded',
    /disk of the engine's machine/,
    /full in 3 h/,
  ],
  ['a disk with room', { capacity: disk(50 * 1024 ** 3) }, 'ok', /All is well/, /healthy/],
  [
    'errors by the log of an edge, without a gateway',
    {
      gateway: connection('gateway', 'absent'),
      breakers: null,
      metrics: { ...metrics({ errorShare: 0.5 }, { '/shop/*': { errorShare: 0.5 } }), source: 'edge' },
    },
    'degraded',
    /50.0 % of requests fail, most of them on \/shop/,
    /the last 60 s/,
  ],
])('from outside: %s', (_, given, level, headline, detail) => {
  const said = verdict(facts(given));
  expect(said).toMatchObject({ level, headline: expect.stringMatching(headline) });
  expect(said.detail).toMatch(detail);
});

test('a cycle of dependencies ends', () => {
  const services = [unhealthy('a', needs('b')), unhealthy('b', needs('a'))];
  expect(verdict(facts({ services })).subject?.name).toBe('b');
});
