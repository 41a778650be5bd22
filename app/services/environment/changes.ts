// "What changed": engine events, breaker transitions, gateway restarts and operator actions, newest first, bounded.
import { randomUUID } from 'node:crypto';
import type { Breaker, Change, GatewayStats, RouteTable } from '../../contract/index.ts';
import type { EngineEvent } from '../docker/engineEvent.ts';
import type { Happening } from '../history/happenings.ts';
import { createLiveValue, type LiveValue } from '../stream/liveValue.ts';

export interface ChangesLog {
  readonly changes: LiveValue<Change[]>;
  addEngineEvent(event: EngineEvent, outOfMemory: boolean): void;
  /** Compares with the breakers of the last call; the first call only remembers. */
  addBreakers(breakers: readonly Breaker[]): void;
  /** Says so when the gateway took another configuration; the first call only remembers. */
  addRoutes(routes: RouteTable): void;
  /** Says so when a gateway process was started anew. */
  addStats(stats: readonly GatewayStats[]): void;
  /** What the reader did. */
  addOperatorAction(subject: string, text: string): void;
}

type NewChange = Omit<Change, 'id'>;

const limit = 200;

/** `keep` gets what happened for the history; what operators do is in the audit log already. */
export function createChangesLog(now: () => number, keep: (happening: Happening) => void = () => {}): ChangesLog {
  const changes = createLiveValue<Change[]>([]);
  const lastTransition = new Map<string, number>();
  let startedAt = new Map<string, number>();
  let knowsBreakers = false;
  let revision: string | undefined;

  const add = (change: NewChange | undefined) => {
    if (!change) return;
    const { link: _, kind, ...happening } = change;
    if (kind !== 'operator') keep({ kind, ...happening });
    const sorted = [{ id: randomUUID(), ...change }, ...changes.current].toSorted((a, b) => b.at - a.at);
    changes.set(sorted.slice(0, limit));
  };

  return {
    changes,
    addEngineEvent: (event, outOfMemory) => add(toEngineChange(event, outOfMemory)),
    addBreakers(breakers) {
      for (const breaker of breakers) {
        const since = lastTransition.get(breaker.upstream) ?? 0;
        const fresh = breaker.transitions.filter(({ at }) => at > since).toSorted((a, b) => a.at - b.at);
        for (const transition of knowsBreakers ? fresh : []) add(toBreakerChange(breaker, transition));
        lastTransition.set(breaker.upstream, Math.max(since, ...fresh.map(({ at }) => at)));
      }
      knowsBreakers = true;
    },
    addRoutes(routes) {
      if (revision !== undefined && revision !== routes.revision) add(toConfigurationChange(routes, now()));
      revision = routes.revision;
    },
    addStats(stats) {
      for (const { gateway, startedAt: at } of stats) {
        if (startedAt.size > 0 && startedAt.get(gateway) !== at) add(toGatewayChange(gateway, at));
      }
      startedAt = new Map(stats.map((one) => [one.gateway, one.startedAt]));
    },
    addOperatorAction: (subject, text) =>
      add({ at: now(), level: 'ok', kind: 'operator', subject, text: `${text} · you`, link: null }),
  };
}

/** undefined for events that are no change of state (attach, kill: what follows it says more). Pure. */
export function toEngineChange(event: EngineEvent, outOfMemory: boolean): NewChange | undefined {
  if (event.type !== 'container' || !event.service) return undefined;
  const said = sayEvent(event, outOfMemory);
  if (!said) return undefined;
  return {
    at: event.at,
    kind: 'engine',
    subject: event.service.slice(0, 256),
    link: { view: 'services', search: { service: event.service } },
    ...said,
  };
}

function sayEvent(event: EngineEvent, outOfMemory: boolean): Pick<Change, 'level' | 'text'> | undefined {
  switch (event.action) {
    case 'start':
      return { level: 'ok', text: 'started' };
    case 'die': {
      const code = event.exitCode ?? 'unknown';
      if (outOfMemory) return { level: 'down', text: `killed, out of memory (exit ${code})` };
      return { level: event.exitCode === 0 ? 'degraded' : 'down', text: `stopped (exit ${code})` };
    }
    case 'health_status':
      if (event.health === null) return undefined;
      return event.health === 'healthy'
        ? { level: 'ok', text: 'became healthy' }
        : { level: 'degraded', text: 'became unhealthy' };
    case 'pause':
      return { level: 'down', text: 'paused' };
    case 'unpause':
      return { level: 'ok', text: 'resumed' };
    case 'destroy':
      return { level: 'unknown', text: 'container removed' };
    default:
      return undefined;
  }
}

const breakerLevels = { open: 'down', 'half-open': 'degraded', closed: 'ok' } as const;
const breakerVerbs = { open: 'opened', 'half-open': 'is trying again', closed: 'closed' } as const;

export function toBreakerChange(breaker: Breaker, transition: Breaker['transitions'][number]): NewChange {
  return {
    at: transition.at,
    level: breakerLevels[transition.to],
    kind: 'breaker',
    subject: `Breaker ${breaker.upstream}`,
    text: `${breakerVerbs[transition.to]}: ${transition.reason}`,
    link: { view: 'breakers', search: { upstream: breaker.upstream } },
  };
}

function toConfigurationChange({ revision, routes }: RouteTable, at: number): NewChange {
  return {
    at,
    level: 'ok',
    kind: 'configuration',
    subject: 'Gateway',
    text: `took the configuration ${revision.slice(0, 64)} with ${routes.length} routes`,
    link: { view: 'routes', search: {} },
  };
}

function toGatewayChange(gateway: string, at: number): NewChange {
  return {
    at,
    level: 'degraded',
    kind: 'gateway',
    subject: `Gateway ${gateway}`,
    text: 'was started anew; its counters and breakers begin again',
    link: { view: 'routes', search: {} },
  };
}
