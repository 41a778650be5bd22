// Verdict rules about services: what runs, what does not, and whom it hurts.
import type { Service, Verdict } from '../../contract/index.ts';
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

export function nothingCreated({ services, project }: VerdictFacts): Verdict | undefined {
  if (services.some(isCreated)) return undefined;
  const detail =
    services.length === 0
      ? `The engine has no container of ${project}.`
      : `${toCount(services.length, 'service')} are declared in the compose file; none has a container.`;
  return {
    level: 'unknown',
    headline: 'Not running: nothing was created yet',
    detail,
    subject: null,
    next: [{ label: 'Show what is here', view: 'start', search: {} }],
  };
}

export function nothingRuns({ services }: VerdictFacts): Verdict | undefined {
  const created = services.filter(isCreated);
  if (created.some(({ level }) => level !== 'down')) return undefined;
  return {
    level: 'down',
    headline: `Down: none of ${toCount(created.length, 'service')} runs`,
    detail: 'Every container of the project is stopped.',
    subject: null,
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
      headline: `Starting: ${up} of ${services.length} services are up`,
      detail: `Waiting for ${toList(coming.map(({ name }) => name))}.`,
      subject: null,
      next: [{ label: 'Show services', view: 'services', search: {} }],
    };
  };
}

export function gatewayDown(facts: VerdictFacts): Verdict | undefined {
  return entryDown(facts, 'gateway', 'Every request fails until it runs again.');
}

export function edgeDown(facts: VerdictFacts): Verdict | undefined {
  return entryDown(facts, 'edge', 'Nothing from outside comes in until it runs again.');
}

function entryDown(facts: VerdictFacts, kind: 'gateway' | 'edge', impact: string): Verdict | undefined {
  const { services, now } = facts;
  const entries = services.filter((service) => service.kind === kind);
  const entry = entries.find(({ level }) => level === 'down');
  if (!entry || entries.some(isUp)) return undefined;
  return {
    level: 'down',
    headline: `Down: ${entry.name} does not run`,
    detail: `First cause: ${sayTrouble(entry, now)}. ${impact}`,
    subject: { kind: 'service', name: entry.name },
    next: [showService(entry.name)],
  };
}

/** A service that requests end at. Its breaker has not opened, or nobody tells. */
export function routedServiceDown({ services, now }: VerdictFacts): Verdict | undefined {
  const down = services.filter(({ level, routes }) => level === 'down' && routes.length > 0);
  const [first] = down;
  if (!first) return undefined;
  const cause = findFirstCause(first.name, services) ?? first;
  return {
    level: 'degraded',
    headline:
      `Degraded: ${toList(down.map(({ name }) => name))} ${down.length === 1 ? 'is' : 'are'} down, requests to it fail`.replace(
        'to it fail',
        down.length === 1 ? 'to it fail' : 'to them fail',
      ),
    detail: `First cause: ${sayTrouble(cause, now)}.`,
    subject: { kind: 'service', name: cause.name },
    next: [showService(cause.name)],
  };
}

const sideKinds: readonly Service['kind'][] = ['metrics', 'traces', 'dashboard', 'exporter'];

export function serviceDown({ services, now }: VerdictFacts): Verdict | undefined {
  const down = services.filter(({ level }) => level === 'down');
  // What callers need comes before what operators look at.
  const [first] = down.toSorted((a, b) => Number(sideKinds.includes(a.kind)) - Number(sideKinds.includes(b.kind)));
  if (!first) return undefined;
  const cause = findFirstCause(first.name, services) ?? first;
  const dependents = findDependents(cause.name, services);
  const impact = sideKinds.includes(cause.kind)
    ? 'Callers are not affected; operators see less.'
    : dependents.length > 0
      ? `${toList(dependents)} ${dependents.length === 1 ? 'depends' : 'depend'} on it.`
      : 'No other service depends on it.';
  const others = down.filter(({ name }) => name !== cause.name);
  const also = others.length > 0 ? ` Also down: ${toList(others.map(({ name }) => name))}.` : '';
  return {
    level: 'degraded',
    headline: `Degraded: ${cause.name} is down`,
    detail: `First cause: ${sayTrouble(cause, now)}. ${impact}${also}`,
    subject: { kind: 'service', name: cause.name },
    next: [showService(cause.name)],
  };
}

export function serviceUnhealthy({ services, now }: VerdictFacts): Verdict | undefined {
  const troubled = services.filter(({ level }) => level === 'degraded');
  const [first] = troubled;
  if (!first) return undefined;
  const cause = findFirstCause(first.name, services) ?? first;
  const others = troubled.filter(({ name }) => name !== cause.name);
  const also = others.length > 0 ? ` Also in trouble: ${toList(others.map(({ name }) => name))}.` : '';
  return {
    level: 'degraded',
    headline: `Degraded: ${cause.name} is not healthy`,
    detail: `First cause: ${sayTrouble(cause, now)}.${also}`,
    subject: { kind: 'service', name: cause.name },
    next: [showService(cause.name)],
  };
}

/** The last rule: nothing is wrong. It says only what somebody has seen, and names what nobody checks. */
export function well({ services, gateway, metrics }: VerdictFacts): Verdict {
  const unchecked = services.filter(({ level }) => level === 'unknown');
  const checked = services.length - unchecked.length;
  const isSeen = gateway.state === 'live' || metrics?.source === 'edge';
  const rate = isSeen ? (metrics?.total.requestsPerSecond ?? null) : null;
  const traffic = !isSeen
    ? 'Traffic is not seen: no gateway is connected.'
    : rate === null || rate === 0
      ? 'No request passes.'
      : `${rate.toFixed(1)} requests a second, ${((metrics?.total.errorShare ?? 0) * 100).toFixed(1)} % fail.`;
  const health =
    unchecked.length === 0
      ? `${toCount(services.length, 'service')} up, all healthy.`
      : `${checked} of ${toCount(services.length, 'service')} are known to be healthy; ${toList(unchecked.map(({ name }) => name))} ${unchecked.length === 1 ? 'has' : 'have'} no health check.`;
  const known = checked > 0;
  return {
    level: known ? 'ok' : 'unknown',
    headline: known ? 'All is well' : 'Running, but nothing says whether it is well',
    detail: `${health} ${traffic}`,
    subject: null,
    next: gateway.state === 'live' ? [{ label: 'Show traffic', view: 'traffic', search: {} }] : [],
  };
}
