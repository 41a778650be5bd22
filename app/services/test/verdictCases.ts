// What the verdict has to say of forty situations, and the plain data that they are made of.
import type { Figures, RouteMetrics, Service } from '../../contract/index.ts';
import type { VerdictFacts } from '../environment/verdict.ts';
import { breaker, connection, now, service } from './samples.ts';

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
export const unhealthy = (name: string, given: Partial<Service> = {}) =>
  service(name, { level: 'degraded', statusText: 'unhealthy: no connection', ...given });
const missing = (name: string, given: Partial<Service> = {}) =>
  service(name, { level: 'unknown', statusText: 'declared, not created', containers: [], ...given });
const comingUp = (name: string, given: Partial<Service> = {}) =>
  service(name, { level: 'unknown', statusText: 'starting', ...given });
const unchecked = (name: string) => service(name, { level: 'unknown', statusText: 'running, no health check' });
export const needs = (...names: string[]): Pick<Service, 'dependsOn'> => ({
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
export const facts = (given: Partial<VerdictFacts> = {}): VerdictFacts => ({
  now,
  project: 'shop',
  engine: connection('engine', 'live'),
  gateway: connection('gateway', 'live'),
  isObserved: true,
  services: [nginx, gateway, search],
  routes: [],
  breakers: [],
  metrics: metrics({}),
  ...given,
});
const open = { state: 'open' as const, refused: 38, nextTrialAt: now + 49_000, target: 'http://search:8002' };

export interface VerdictCase {
  name: string;
  given: Partial<VerdictFacts>;
  level: string;
  impact: string;
  said?: RegExp;
  cause?: string | null;
  views?: string[];
}

export const verdictCases: VerdictCase[] = [
  {
    name: 'the engine is lost',
    given: { engine: connection('engine', 'lost') },
    level: 'unknown',
    impact: 'Unknown: the engine does not answer',
    said: /The engine is lost\..*Bring the engine back.*Last seen 5 s ago, known then 3 services/,
    cause: 'engine detail',
    views: ['start'],
  },
  {
    name: 'the engine is lost before it was ever seen',
    given: { engine: { ...connection('engine', 'lost'), lastSeenAt: null } },
    level: 'unknown',
    impact: 'Unknown: the engine does not answer',
    said: /not been seen yet/,
  },
  {
    name: 'a lost engine hides what is broken behind it',
    given: { engine: connection('engine', 'lost'), breakers: [breaker('search', open)] },
    level: 'unknown',
    impact: 'Unknown: the engine does not answer',
  },
  {
    name: 'the engine is being connected',
    given: { engine: connection('engine', 'connecting'), isObserved: false, services: [] },
    level: 'unknown',
    impact: 'Connecting to the engine: nothing is known yet',
  },
  {
    name: 'a live engine that has not listed anything',
    given: { isObserved: false, services: [] },
    level: 'unknown',
    impact: 'Connecting to the engine: nothing is known yet',
  },
  {
    name: 'the engine has nothing of the project',
    given: { services: [] },
    level: 'unknown',
    impact: 'Not running: nothing was created yet',
    said: /Containers of shop none/,
  },
  {
    name: 'all is declared, nothing created',
    given: { services: [missing('api'), missing('db')] },
    level: 'unknown',
    impact: 'Not running: nothing was created yet',
    said: /Declared 2 services, created none/,
  },
  {
    name: 'everything is stopped',
    given: { services: [stopped('api'), stopped('db')] },
    level: 'down',
    impact: 'Down: none of 2 services runs',
  },
  {
    name: 'the gateway is not up yet',
    given: {
      services: [nginx, missing('api_gateway', { kind: 'gateway' }), comingUp('search')],
      gateway: connection('gateway', 'lost'),
    },
    level: 'unknown',
    impact: 'Starting: 1 of 3 services are up',
    said: /Waiting for api_gateway and search/,
  },
  {
    name: 'one service starts while all else is well',
    given: { services: [nginx, gateway, comingUp('search')] },
    level: 'unknown',
    impact: 'Starting: 2 of 3 services are up',
  },
  {
    name: 'the gateway is stopped',
    given: {
      services: [nginx, stopped('api_gateway', { kind: 'gateway' }), search],
      gateway: connection('gateway', 'lost'),
    },
    level: 'down',
    impact: 'Down: api_gateway does not run, every request fails',
    said: /First cause: api_gateway is stopped, exit 137, for 41 s\./,
    cause: 'api_gateway',
    views: ['services'],
  },
  {
    name: 'the edge is stopped',
    given: { services: [stopped('nginx', { kind: 'edge' }), gateway, search] },
    level: 'down',
    impact: 'Down: nginx does not run, nothing from outside comes in',
    said: /nginx is stopped, exit 137/,
  },
  {
    name: 'a second edge still serves',
    given: { services: [stopped('nginx', { kind: 'edge' }), service('caddy', { kind: 'edge' }), gateway] },
    level: 'degraded',
    impact: 'Degraded: nginx is down, no other service depends on it',
  },
  {
    name: 'a breaker is open, since its service is stopped',
    given: {
      services: [nginx, gateway, stopped('search', { routes: ['ai-search'] })],
      breakers: [breaker('search', open)],
    },
    level: 'degraded',
    impact: 'Degraded: every search request fails',
    said: /search is stopped, exit 137, for 41 s\. Breaker of search open for 41 s, next trial in 49 s\. Refused by it 38 requests \(last 41 s\)\./,
    cause: 'search',
    views: ['services', 'breakers', 'traffic'],
  },
  {
    name: 'a breaker is open, since what its service needs is broken',
    given: {
      services: [nginx, gateway, service('search', { ...needs('qdrant') }), unhealthy('qdrant', { kind: 'store' })],
      breakers: [breaker('search', open)],
    },
    level: 'degraded',
    impact: 'Degraded: every search request fails',
    said: /First cause: qdrant is unhealthy: no connection\./,
    cause: 'qdrant',
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
    impact: 'Degraded: every search request fails',
    said: /7 of 12 failed in 10 s; the containers of search look well/,
    cause: 'search',
    views: ['breakers', 'traffic'],
  },
  {
    name: 'two breakers are open: the older one is the cause',
    given: { breakers: [breaker('chatbot', { ...open, since: now - 1000 }), breaker('search', open)] },
    level: 'degraded',
    impact: 'Degraded: every search and chatbot request fails',
    cause: 'search',
  },
  {
    name: 'a service with routes is down, its breaker has not opened',
    given: { services: [nginx, gateway, stopped('search', { routes: ['ai-search'] })] },
    level: 'degraded',
    impact: 'Degraded: search is down, requests to it fail',
    cause: 'search',
  },
  {
    name: 'two services with routes are down',
    given: { services: [nginx, gateway, stopped('a', { routes: ['a'] }), stopped('b', { routes: ['b'] })] },
    level: 'degraded',
    impact: 'Degraded: a and b are down, requests to them fail',
  },
  {
    name: 'a store is down, and others need it',
    given: { services: [nginx, gateway, service('search', needs('qdrant')), stopped('qdrant', { kind: 'store' })] },
    level: 'degraded',
    impact: 'Degraded: qdrant is down, search depends on it',
    said: /qdrant is stopped, exit 137/,
    cause: 'qdrant',
  },
  {
    name: 'only a dashboard is down',
    given: { services: [nginx, gateway, search, stopped('grafana', { kind: 'dashboard' })] },
    level: 'degraded',
    impact: 'Degraded: grafana is down, callers are not affected, operators see less',
    said: /grafana is stopped/,
  },
  {
    name: 'a worker and a dashboard are down: the worker matters more',
    given: { services: [nginx, gateway, stopped('grafana', { kind: 'dashboard' }), stopped('worker')] },
    level: 'degraded',
    impact: 'Degraded: worker is down, no other service depends on it',
    said: /Also down: grafana/,
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
    impact: 'Degraded: 9.3 % of requests fail, most of them on ai-search',
    said: /callers on ai-search 100\.0 % of 10\.0\/s, Requests 10\.0\/s, error share of callers 9\.3 %, upstream error share 5\.0 % \(last 60 s\)\./,
    cause: 'ai-search',
    views: ['traffic'],
  },
  {
    name: 'five in a hundred are borne',
    given: { metrics: metrics({ errorShare: 0.05 }) },
    level: 'ok',
    impact: 'All is well',
  },
  {
    name: 'one of two requests failed: too few to say',
    given: { metrics: metrics({ errorShare: 0.5, requestsPerSecond: 2 / 60 }) },
    level: 'ok',
    impact: 'All is well',
  },
  {
    name: 'a gateway whose admin API is silent',
    given: { gateway: connection('gateway', 'lost'), breakers: null },
    level: 'unknown',
    impact: 'Unknown: the gateway does not say what callers get',
    said: /The gateway is lost/,
  },
  {
    name: 'old figures of a silent gateway say nothing',
    given: { gateway: connection('gateway', 'lost'), metrics: metrics({ errorShare: 0.9 }) },
    level: 'unknown',
    impact: 'Unknown: the gateway does not say what callers get',
  },
  {
    name: 'the gateway is being connected',
    given: { gateway: connection('gateway', 'connecting'), breakers: null },
    level: 'unknown',
    impact: 'Connecting to the gateway: what callers get is not known yet',
  },
  {
    name: 'a breaker tries again',
    given: { breakers: [breaker('search', { state: 'half-open' })] },
    level: 'degraded',
    impact: 'Degraded: search is being tried again, most requests to it are refused',
    cause: 'search',
  },
  {
    name: 'a service is unhealthy',
    given: { services: [nginx, gateway, unhealthy('search', { routes: ['ai-search'] })] },
    level: 'degraded',
    impact: 'Degraded: search is not healthy, no other service depends on it',
    said: /unhealthy: no connection/,
    cause: 'search',
  },
  {
    name: 'two are unhealthy, one because of the other',
    given: { services: [nginx, gateway, unhealthy('search', needs('qdrant')), unhealthy('qdrant')] },
    level: 'degraded',
    impact: 'Degraded: qdrant is not healthy, search depends on it',
    said: /Also in trouble: search/,
  },
  {
    name: 'a route is slow',
    given: { metrics: metrics({}, { 'ai-chatbot': { p95Ms: 1204, p50Ms: 842 } }) },
    level: 'degraded',
    impact: 'Degraded: ai-chatbot is slow',
    said: /p50 of ai-chatbot 842 ms, p95 of ai-chatbot 1204 ms, .*\(last 60 s\)/,
    views: ['traffic'],
  },
  {
    name: 'all is well',
    given: {},
    level: 'ok',
    impact: 'All is well',
    said: /Healthy 3 of 3 services\. Requests 10\.0\/s, error share of callers 0\.0 %, upstream error share 0\.0 % \(last 60 s\)\./,
    cause: null,
  },
  {
    name: 'well and quiet',
    given: { metrics: metrics({ requestsPerSecond: 0, errorShare: null }) },
    level: 'ok',
    impact: 'All is well',
    said: /Requests none \(last 60 s\)/,
  },
  {
    name: 'well, without a gateway',
    given: { gateway: connection('gateway', 'absent'), breakers: null, services: [search] },
    level: 'ok',
    impact: 'All is well',
    said: /Traffic not seen, no gateway is connected/,
  },
  {
    name: 'some are not checked: named, not counted as healthy',
    given: { services: [nginx, gateway, unchecked('worker')] },
    level: 'ok',
    impact: 'All is well',
    said: /Healthy 2 of 3 services, without a health check: worker/,
  },
  {
    name: 'nothing is checked: unknown, never well',
    given: { gateway: connection('gateway', 'absent'), breakers: null, services: [unchecked('a'), unchecked('b')] },
    level: 'unknown',
    impact: 'Running, but nothing says whether it is well',
  },
  {
    name: 'an engine that is not there',
    given: { engine: { ...connection('engine', 'lost'), state: 'absent' } },
    level: 'unknown',
    impact: 'Unknown: the engine does not answer',
    views: ['start'],
  },
  {
    name: 'a stopped gateway hides the breakers that it had open',
    given: {
      services: [nginx, stopped('api_gateway', { kind: 'gateway' }), search],
      breakers: [breaker('search', open)],
    },
    level: 'down',
    impact: 'Down: api_gateway does not run, every request fails',
    cause: 'api_gateway',
  },
  {
    name: 'callers get errors that no upstream made: both are said',
    given: { metrics: metrics({ errorShare: 0.4, upstreamErrorShare: 0 }, { backend: { errorShare: 0.4 } }) },
    level: 'degraded',
    impact: 'Degraded: 40.0 % of requests fail, most of them on backend',
    said: /error share of callers 40\.0 %, upstream error share 0\.0 %/,
    cause: 'backend',
  },
  {
    name: 'a share that the gateway does not say is not known, never zero',
    given: { metrics: metrics({ upstreamErrorShare: null }) },
    level: 'ok',
    impact: 'All is well',
    said: /upstream error share not known/,
  },
  {
    name: 'a quantile of few requests says nothing',
    given: { metrics: metrics({}, { 'ai-chatbot': { p95Ms: 4000, requestsPerSecond: 0.1 } }) },
    level: 'ok',
    impact: 'All is well',
  },
];
