// Verdict rules about services: what runs, what does not, and whom it hurts.
import type { Evidence, Service, Verdict } from '../../contract/index.ts';
import { findDependents, findFirstCause } from './firstCause.ts';
import type { VerdictFacts, VerdictRule } from './verdict.ts';
import { toCount, toLength, toList } from './words.ts';

export function showService(name: string): Verdict['next'][number] {
  return { label: `Show ${name}`, view: 'services', search: { service: name } };
}

/** `qdrant is stopped, exit 137, for 41 s`. */
export function sayTrouble(service: Service, now: number): string {
  const ended = service.containers.map(({ state, finishedAt }) => (state === 'running' ? null : finishedAt));
  const since = ended.find((at) => at !== null);
  const text = service.statusText.replace(/^stopped/, 'is stopped').replace(/^restarting/, 'is restarting');
  const said = text.startsWith('is ') ? text : `is ${text}`;
  return `${service.name} ${said}${since ? `, for ${toLength(now - since)}` : ''}`;
}

const isCreated = (service: Service) => service.containers.length > 0;
const isUp = (service: Service) =>
  service.level === 'ok' ||
  service.containers.some(({ state, health }) => state === 'running' && health !== 'starting');
const isComing = (service: Service) =>
  service.level === 'unknown' &&
  (!isCreated(service) || service.statusText.includes('starting') || service.statusText === 'created, not started');

const ofEngine = (figure: string, value: string): Evidence => ({ figure, value, windowMs: null, source: 'engine' });

/** `[]` where there are none. */
function alsoIn(trouble: 'down' | 'in trouble', services: readonly Service[], cause: Service): Evidence[] {
  const others = services.filter(({ name }) => name !== cause.name);
  return others.length > 0 ? [ofEngine(`Also ${trouble}:`, toList(others.map(({ name }) => name)))] : [];
}

function causedBy(service: Service, now: number): NonNullable<Verdict['firstCause']> {
  return { kind: 'service', name: service.name, text: `First cause: ${sayTrouble(service, now)}.` };
}

export function nothingCreated({ services, project }: VerdictFacts): Verdict | undefined {
  if (services.some(isCreated)) return undefined;
  return {
    level: 'unknown',
    impact: 'Not running: nothing was created yet',
    firstCause: null,
    evidence:
      services.length === 0
        ? [ofEngine(`Containers of ${project}`, 'none')]
        : [
            { figure: 'Declared', value: toCount(services.length, 'service'), windowMs: null, source: 'files' },
            ofEngine('created', 'none'),
          ],
    next: [{ label: 'Show what is here', view: 'start', search: {} }],
  };
}

export function nothingRuns({ services }: VerdictFacts): Verdict | undefined {
  const created = services.filter(isCreated);
  if (created.some(({ level }) => level !== 'down')) return undefined;
  return {
    level: 'down',
    impact: `Down: none of ${toCount(created.length, 'service')} runs`,
    firstCause: null,
    evidence: [ofEngine('Containers of the project', 'all stopped')],
    next: [{ label: 'Show services', view: 'services', search: {} }],
  };
}

/** Nothing is broken, some are not up yet. Before the gateway is up this comes first: nobody could be served. */
export function starting(when: 'before the gateway is up' | 'at any time'): VerdictRule {
  return ({ services, gateway }) => {
    const coming = services.filter(isComing);
    if (coming.length === 0 || services.some(({ level }) => level === 'down')) return undefined;
    const gatewayComes = coming.some(({ kind }) => kind === 'gateway') && gateway.state !== 'live';
    if (when === 'before the gateway is up' && !gatewayComes) return undefined;
    const up = services.filter((service) => !isComing(service)).length;
    return {
      level: 'unknown',
      impact: `Starting: ${up} of ${services.length} services are up`,
      firstCause: null,
      evidence: [ofEngine('Waiting for', toList(coming.map(({ name }) => name)))],
      next: [{ label: 'Show services', view: 'services', search: {} }],
    };
  };
}

export function gatewayDown(facts: VerdictFacts): Verdict | undefined {
  return entryDown(facts, 'gateway', 'every request fails');
}

export function edgeDown(facts: VerdictFacts): Verdict | undefined {
  return entryDown(facts, 'edge', 'nothing from outside comes in');
}

function entryDown(facts: VerdictFacts, kind: 'gateway' | 'edge', impact: string): Verdict | undefined {
  const { services, now } = facts;
  const entries = services.filter((service) => service.kind === kind);
  const entry = entries.find(({ level }) => level === 'down');
  if (!entry || entries.some(isUp)) return undefined;
  return {
    level: 'down',
    impact: `Down: ${entry.name} does not run, ${impact}`,
    firstCause: causedBy(entry, now),
    evidence: alsoIn(
      'down',
      services.filter(({ level }) => level === 'down'),
      entry,
    ),
    next: [showService(entry.name)],
  };
}

/** A service that requests end at. Its breaker has not opened, or nobody tells. */
export function routedServiceDown({ services, now }: VerdictFacts): Verdict | undefined {
  const down = services.filter(({ level, routes }) => level === 'down' && routes.length > 0);
  const [first] = down;
  if (!first) return undefined;
  const cause = findFirstCause(first.name, services) ?? first;
  const [are, them] = down.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return {
    level: 'degraded',
    impact: `Degraded: ${toList(down.map(({ name }) => name))} ${are} down, requests to ${them} fail`,
    firstCause: causedBy(cause, now),
    evidence: [
      {
        figure: `Routes that end there:`,
        value: toList([...new Set(down.flatMap(({ routes }) => routes))]),
        windowMs: null,
        source: 'gateway',
      },
    ],
    next: [showService(cause.name)],
  };
}

const sideKinds: readonly Service['kind'][] = ['metrics', 'traces', 'dashboard', 'exporter'];

/** Whom it hurts, as the end of a sentence. */
function sayHurt(cause: Service, services: readonly Service[]): string {
  if (sideKinds.includes(cause.kind)) return 'callers are not affected, operators see less';
  const dependents = findDependents(cause.name, services);
  if (dependents.length === 0) return 'no other service depends on it';
  return `${toList(dependents)} ${dependents.length === 1 ? 'depends' : 'depend'} on it`;
}

export function serviceDown({ services, now }: VerdictFacts): Verdict | undefined {
  const down = services.filter(({ level }) => level === 'down');
  // What callers need comes before what operators look at.
  const [first] = down.toSorted((a, b) => Number(sideKinds.includes(a.kind)) - Number(sideKinds.includes(b.kind)));
  if (!first) return undefined;
  const cause = findFirstCause(first.name, services) ?? first;
  return {
    level: 'degraded',
    impact: `Degraded: ${cause.name} is down, ${sayHurt(cause, services)}`,
    firstCause: causedBy(cause, now),
    evidence: alsoIn('down', down, cause),
    next: [showService(cause.name)],
  };
}

export function serviceUnhealthy({ services, now }: VerdictFacts): Verdict | undefined {
  const troubled = services.filter(({ level }) => level === 'degraded');
  const [first] = troubled;
  if (!first) return undefined;
  const cause = findFirstCause(first.name, services) ?? first;
  return {
    level: 'degraded',
    impact: `Degraded: ${cause.name} is not healthy, ${sayHurt(cause, services)}`,
    firstCause: causedBy(cause, now),
    evidence: alsoIn('in trouble', troubled, cause),
    next: [showService(cause.name)],
  };
}

/** The last rule: nothing is wrong. It says only what somebody has seen, and names what nobody checks. */
export function well({ services, gateway }: VerdictFacts): Verdict {
  const unchecked = services.filter(({ level }) => level === 'unknown');
  const checked = services.length - unchecked.length;
  const isSeen = gateway.state === 'live';
  const known = checked > 0;
  return {
    level: known ? 'ok' : 'unknown',
    impact: known ? 'All is well' : 'Running, but nothing says whether it is well',
    firstCause: null,
    evidence: [
      ofEngine('Healthy', `${checked} of ${toCount(services.length, 'service')}`),
      ...(unchecked.length > 0 ? [ofEngine('without a health check:', toList(unchecked.map(({ name }) => name)))] : []),
      ...(isSeen ? [] : [ofEngine('Traffic', 'not seen, no gateway is connected')]),
    ],
    next: isSeen ? [{ label: 'Show traffic', view: 'traffic', search: {} }] : [],
  };
}
