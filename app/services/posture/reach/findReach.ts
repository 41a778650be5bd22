// Who could reach whom by the networks, and who has a reason to: what is left is reach that nobody uses. Pure.
import type { Reach, ReachFinding } from '../../../contract/index.ts';
import type { Part, PostureFacts } from '../facts/facts.ts';
import { isApplication, isMonitoring, isStore, labelOf, membersOf, needs } from '../rules/roles.ts';

const NAMED = 30;
/** Of a stack of a hundred services on one network nobody reads ten thousand pairs. */
const FINDINGS = 200;

interface Way {
  readonly from: Part;
  readonly to: Part;
  readonly network: string;
}

export function findReach(facts: PostureFacts): Reach {
  const ways = findWays(facts);
  const hasReason = ways.filter((way) => isExpected(way, facts));
  const isSeen = (way: Way) =>
    facts.observed?.some(({ from, to }) => from === way.from.service && to === way.to.service) ?? false;
  const idle = ways.filter((way) => !isExpected(way, facts) && !isSeen(way));
  const bypasses = idle.filter((way) => isBypass(way, facts));
  const unused = idle.filter((way) => !isBypass(way, facts));
  return {
    possible: countPairs(ways),
    declared: countPairs(hasReason),
    observed: facts.observed === null ? null : countPairs(ways.filter(isSeen)),
    isEnforced: facts.engine?.isSandbox !== true,
    findings: [
      ...gather(bypasses, facts, 'bypass'),
      ...gather(unused, facts, 'unused').sort((a, b) => b.count - a.count),
    ].slice(0, FINDINGS),
  };
}

/** Containers of one service are one. */
function findWays(facts: PostureFacts): Way[] {
  return facts.networks.flatMap(({ name }) => {
    const members = [...new Map(membersOf(name, facts).map((part) => [part.service, part])).values()];
    return members.flatMap((from) => members.filter((to) => to !== from).map((to) => ({ from, to, network: name })));
  });
}

const countPairs = (ways: readonly Way[]) =>
  new Set(ways.map(({ from, to }) => JSON.stringify([from.service, to.service]))).size;

function isExpected({ from, to }: Way, { gateway }: PostureFacts): boolean {
  if (needs(from, to) || (from.kind === 'edge' && to.kind === 'gateway')) return true;
  // Metrics are fetched from everybody, and whoever is measured sends its spans.
  if (isMonitoring(from) || to.kind === 'traces') return true;
  if (to.kind === 'exporter' || from.kind === 'exporter') return false;
  if (from.kind !== 'gateway' || gateway.state !== 'known') return false;
  return gateway.config.routes.some(({ upstreamHosts }) => upstreamHosts.includes(to.service));
}

/** Application to application past the gateway, edge past the gateway, anybody to a store but who needs it. */
function isBypass({ from, to }: Way, { parts }: PostureFacts): boolean {
  const hasGateway = parts.some(({ kind }) => kind === 'gateway');
  if (from.kind === 'edge') return isApplication(to) || isStore(to);
  return hasGateway && isApplication(from) && isApplication(to);
}

function gather(ways: readonly Way[], facts: PostureFacts, kind: ReachFinding['kind']): ReachFinding[] {
  const groups = new Map<string, Way[]>();
  for (const way of ways) {
    const key = JSON.stringify([way.from.service, way.network]);
    groups.set(key, [...(groups.get(key) ?? []), way]);
  }
  return [...groups.values()].map((group) => {
    const [{ from, network }] = group as [Way, ...Way[]];
    const to = group.map((way) => way.to.service).sort();
    const label = labelOf(network, facts);
    const why =
      kind === 'bypass'
        ? `${label} lets it call them past the gateway`
        : `${label} lets it, and no file, route or request gives a reason`;
    return { kind, from: from.service, to: to.slice(0, NAMED), count: to.length, network: label, why };
  });
}
