// Is it well, and if not, why? What callers get, its first cause, what says so, and the next click. Pure: an ordered list
// of rules, the worst first; the first one that has something to say gives the verdict.
import type { Breaker, Connection, Route, RouteMetrics, Service, Verdict } from '../../contract/index.ts';
import {
  breakerHalfOpen,
  breakerOpen,
  gatewaySilent,
  routeSlow,
  tooManyErrors,
  toTraffic,
} from './verdictOfGateway.ts';
import {
  edgeDown,
  gatewayDown,
  nothingCreated,
  nothingRuns,
  routedServiceDown,
  serviceDown,
  serviceUnhealthy,
  starting,
  well,
} from './verdictOfServices.ts';
import { toLength } from './words.ts';

export interface VerdictFacts {
  now: number;
  project: string;
  engine: Connection;
  gateway: Connection;
  /** false until the engine has said what there is. */
  isObserved: boolean;
  services: readonly Service[];
  routes: readonly Route[];
  /** null while no gateway says its breakers. */
  breakers: readonly Breaker[] | null;
  metrics: RouteMetrics | null;
}

export type VerdictRule = (facts: VerdictFacts) => Verdict | undefined;

const rules: readonly VerdictRule[] = [
  engineLost,
  engineConnecting,
  nothingCreated,
  nothingRuns,
  starting('before the gateway is up'),
  gatewayDown,
  edgeDown,
  breakerOpen,
  routedServiceDown,
  tooManyErrors,
  serviceDown,
  gatewaySilent,
  breakerHalfOpen,
  serviceUnhealthy,
  routeSlow,
  starting('at any time'),
];

/** What callers got and what the upstreams failed stand under every verdict while a gateway counts them. */
export function verdict(facts: VerdictFacts): Verdict {
  for (const rule of rules) {
    const found = rule(facts);
    if (found) return { ...found, evidence: [...found.evidence, ...toTraffic(facts)] };
  }
  const found = well(facts);
  return { ...found, evidence: [...found.evidence, ...toTraffic(facts)] };
}

function engineLost({ engine, services, now }: VerdictFacts): Verdict | undefined {
  if (engine.state !== 'lost' && engine.state !== 'absent') return undefined;
  const { lastSeenAt, problem } = engine;
  return {
    level: 'unknown',
    impact: 'Unknown: the engine does not answer',
    firstCause: {
      kind: 'engine',
      name: engine.detail,
      text: problem ? `${problem.message} ${problem.remedy}` : 'Nothing says why.',
    },
    evidence:
      lastSeenAt === null
        ? [{ figure: 'The engine', value: 'has not been seen yet', windowMs: null, source: 'engine' }]
        : [
            { figure: 'Last seen', value: `${toLength(now - lastSeenAt)} ago`, windowMs: null, source: 'engine' },
            { figure: 'Known then', value: `${services.length} services`, windowMs: null, source: 'engine' },
          ],
    next: [{ label: 'Show engines', view: 'start', search: {} }],
  };
}

function engineConnecting({ engine, isObserved }: VerdictFacts): Verdict | undefined {
  if (engine.state === 'live' && isObserved) return undefined;
  return {
    level: 'unknown',
    impact: 'Connecting to the engine: nothing is known yet',
    firstCause: null,
    evidence: [],
    next: [],
  };
}
