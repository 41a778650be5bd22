// Who could reach whom by the networks, who has a reason to, and who was seen doing so: what is left is reach that nobody
// uses. Pure.
import type { Reach, ReachFinding, ReachMap, ReachWay } from '../../../contract/index.ts';
import type { Part, PostureFacts } from '../facts/facts.ts';
import { findMentions, isApplication, isMonitoring, isStore, labelOf, membersOf, needs } from '../rules/roles.ts';

const NAMED = 30;
/** Of a stack of a hundred services on one network nobody reads ten thousand pairs. */
const FINDINGS = 200;
/** As many as a picture can hold. */
const WAYS = 2000;

interface Way {
  readonly from: Part;
  readonly to: Part;
  readonly network: string;
}

export function findReach(facts: PostureFacts): Reach {
  const ways = findWays(facts);
  const isSeen = toSeen(facts);
  const idle = ways.filter((way) => !isExpected(way, facts) && !isSeen(way));
  const bypasses = ways.filter((way) => findBypass(way, facts) !== null);
  const unused = idle.filter((way) => findBypass(way, facts) === null);
  return {
    possible: countPairs(ways),
    declared: countPairs(ways.filter((way) => isExpected(way, facts))),
    observed: facts.observed === null ? null : countPairs(ways.filter(isSeen)),
    isEnforced: facts.engine?.isSandbox !== true,
    findings: [
      ...gather(bypasses, facts, 'bypass'),
      ...gather(unused, facts, 'unused').sort((a, b) => b.count - a.count),
    ].slice(0, FINDINGS),
  };
}

/** The same, pair by pair, for a picture: bypasses first, then what was seen. */
export function mapReach(facts: PostureFacts): ReachMap {
  const ways = new Map<string, ReachWay>();
  const isSeen = toSeen(facts);
  for (const way of findWays(facts)) {
    const { from, to } = way;
    const key = toKey(way);
    const known = ways.get(key);
    ways.set(key, {
      from: from.service,
      to: to.service,
      networks: [...(known?.networks ?? []), labelOf(way.network, facts)],
      isDeclared: isExpected(way, facts),
      observedBy: isSeen(way) ? [...observersOf(way, facts)] : [],
      bypass: findBypass(way, facts),
    });
  }
  const weight = ({ bypass, observedBy, isDeclared }: ReachWay) =>
    bypass !== null ? 0 : observedBy.length > 0 ? 1 : isDeclared ? 3 : 2;
  const sorted = [...ways.values()].sort((a, b) => weight(a) - weight(b));
  return {
    at: facts.now,
    isWatched: facts.observed !== null,
    isEnforced: facts.engine?.isSandbox !== true,
    ways: sorted.slice(0, WAYS),
    wayCount: sorted.length,
  };
}

/** Containers of one service are one. */
function findWays(facts: PostureFacts): Way[] {
  return facts.networks.flatMap(({ name }) => {
    const members = [...new Map(membersOf(name, facts).map((part) => [part.service, part])).values()];
    return members.flatMap((from) => members.filter((to) => to !== from).map((to) => ({ from, to, network: name })));
  });
}

const toKey = ({ from, to }: Way) => JSON.stringify([from.service, to.service]);
const countPairs = (ways: readonly Way[]) => new Set(ways.map(toKey)).size;

function toSeen({ observed }: PostureFacts): (way: Way) => boolean {
  const seen = new Set((observed ?? []).map(({ from, to }) => JSON.stringify([from, to])));
  return (way) => seen.has(toKey(way));
}

function observersOf({ from, to }: Way, { observed }: PostureFacts): Set<'gateway' | 'traces'> {
  const pairs = (observed ?? []).filter((pair) => pair.from === from.service && pair.to === to.service);
  return new Set(pairs.map(({ by }) => by));
}

function isExpected({ from, to }: Way, { gateway }: PostureFacts): boolean {
  if (needs(from, to) || (from.kind === 'edge' && to.kind === 'gateway')) return true;
  // Metrics are fetched from everybody, and whoever is measured sends its spans.
  if (isMonitoring(from) || to.kind === 'traces') return true;
  if (to.kind === 'exporter' || from.kind === 'exporter') return false;
  if (from.kind !== 'gateway' || gateway.state !== 'known') return false;
  return gateway.config.routes.some(({ upstreamHosts }) => upstreamHosts.includes(to.service));
}

/**
 * What it would go past: an application or the edge the gateway, an application the pool in front of a database. null:
 * nothing. That an application waits for the database at its start is no reason to call it.
 */
function findBypass({ from, to }: Way, { parts }: PostureFacts): string | null {
  if (from.kind === 'edge') return isApplication(to) || isStore(to) ? 'the gateway' : null;
  if (!isApplication(from) || from.isJob) return null;
  if (isApplication(to)) return parts.some(({ kind }) => kind === 'gateway') ? 'the gateway' : null;
  const pool = parts.find((part) => part !== to && isPool(part) && findMentions(part, to.service).length > 0);
  return isStore(to) && pool ? pool.service : null;
}

/** A program that shares few connections of a database among many clients. */
function isPool({ image, service }: Part): boolean {
  return /pgbouncer|pgpool|odyssey|proxysql/i.test(`${image} ${service}`);
}

function gather(ways: readonly Way[], facts: PostureFacts, kind: ReachFinding['kind']): ReachFinding[] {
  const isSeen = toSeen(facts);
  const groups = new Map<string, Way[]>();
  for (const way of ways) {
    const key = JSON.stringify([
      way.from.service,
      way.network,
      findBypass(way, facts),
      kind === 'bypass' && isSeen(way),
    ]);
    groups.set(key, [...(groups.get(key) ?? []), way]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [Way, ...Way[]];
    const to = group.map((way) => way.to.service).sort();
    const label = labelOf(first.network, facts);
    return {
      kind,
      from: first.from.service,
      to: to.slice(0, NAMED),
      count: to.length,
      network: label,
      why: sayWhy(first, label, facts),
    };
  });
}

function sayWhy(way: Way, label: string, facts: PostureFacts): string {
  const past = findBypass(way, facts);
  if (past === null) return `${label} lets it, and no file, route or request gives a reason`;
  const seen = toSeen(facts)(way) ? ', and requests were seen' : '';
  return `${label} lets it call them past ${past}${seen}`;
}
