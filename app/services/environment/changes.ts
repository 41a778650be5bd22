// "What changed": engine events, breaker transitions, gateway restarts and operator actions, newest first, bounded.
import { randomUUID } from 'node:crypto';
import type { Breaker, Change, GatewayStats, Level, RouteTable } from '../../contract/index.ts';
import type { EngineEvent } from '../docker/engineEvent.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Happening } from '../history/happenings.ts';
import { createLiveValue, type LiveValue } from '../stream/liveValue.ts';

export interface ChangesLog {
  readonly changes: LiveValue<Change[]>;
  addEngineEvent(event: EngineEvent, outOfMemory: boolean): void;
  /** What containers tell of themselves when the console first sees them: starts, ends and restarts before it looked. */
  addObserved(containers: Iterable<ObservedContainer>): void;
  /** Compares with the breakers of the last call; the first call only remembers. */
  addBreakers(breakers: readonly Breaker[]): void;
  /** Says so when the gateway took another configuration; the first call only remembers. */
  addRoutes(routes: RouteTable): void;
  /** Says so when a gateway process was started anew. */
  addStats(stats: readonly GatewayStats[]): void;
  /** What a client gets from outside has become better or worse. */
  addOutside(level: Level, sentence: string): void;
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
    addObserved(containers) {
      // Who watched then has kept them; this console has not seen them.
      const past = [...containers].flatMap((container) => toPastChanges(container, now()));
      const fresh = past.map((change) => ({ id: randomUUID(), ...change }));
      changes.set([...changes.current, ...fresh].toSorted((a, b) => b.at - a.at).slice(0, limit));
    },
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
    addOutside: (level, sentence) =>
      add({ at: now(), kind: 'edge', subject: 'From outside', level, text: sentence.replace(/\.$/, ''), link: null }),
    addOperatorAction: (subject, text) =>
      add({ at: now(), level: 'ok', kind: 'operator', subject, text: `${text} · you`, link: null }),
  };
}

/** Older than this nobody looks for the cause of what is now. */
const pastMs = 3_600_000;

/** By the inspection of a container, which knows its last start and its last end. Pure. */
export function toPastChanges(
  { service, startedAt, finishedAt, state, exitCode, outOfMemory, restarts, oneOff }: ObservedContainer,
  now: number,
): NewChange[] {
  if (service === null || oneOff) return [];
  const about = {
    kind: 'engine' as const,
    subject: service.slice(0, 256),
    link: { view: 'services' as const, search: { service } },
  };
  const isRecent = (at: number | null): at is number => at !== null && at > now - pastMs && at <= now;
  const said: NewChange[] = [];
  if (isRecent(finishedAt) && state !== 'running') {
    const code = exitCode ?? 'unknown';
    const isWell = exitCode === 0;
    const text = outOfMemory ? `killed, out of memory (exit ${code})` : `stopped (exit ${code})`;
    said.push({ ...about, at: finishedAt, level: isWell ? 'ok' : 'down', text: `${text}, not watched` });
  }
  if (isRecent(startedAt)) {
    const again = restarts > 0 ? `, restarted ${restarts} times` : '';
    const level = restarts > 0 ? 'degraded' : 'ok';
    said.push({ ...about, at: startedAt, level, text: `started${again}, not watched` });
  }
  return said;
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
