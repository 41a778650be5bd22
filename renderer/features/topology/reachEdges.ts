// Ways that the networks leave open, as lines beside what is measured and declared. Pure.
import type { ReachMap, ReachWay } from '../../../app/contract/index.ts';
import type { DrawnEdge } from './drawnEdges.ts';
import { toEdgeCourse } from './edgePath.ts';
import type { Layout } from './layoutGraph.ts';

export interface ReachCounts {
  /** Of all pairs. */
  ways: number;
  bypasses: number;
  /** Open, without a reason and without a request; null where nobody could have seen one. */
  unused: number | null;
}

export function countReach({ ways, wayCount, isWatched }: ReachMap): ReachCounts {
  return {
    ways: wayCount,
    bypasses: ways.filter(({ bypass }) => bypass !== null).length,
    unused: isWatched ? ways.filter(isUnused).length : null,
  };
}

export function isUnused({ bypass, isDeclared, observedBy }: ReachWay): boolean {
  return bypass === null && !isDeclared && observedBy.length === 0;
}

/**
 * Bypasses always; what is merely possible only at the service that one looks at, since of all at once nobody sees one.
 * Pairs in `drawn` have a line already.
 */
export function toReachEdges(
  ways: readonly ReachWay[],
  near: string | null,
  { layout, shown, drawn }: { layout: Layout; shown: ReadonlySet<string>; drawn: ReadonlySet<string> },
): DrawnEdge[] {
  return ways.flatMap((way): DrawnEdge[] => {
    const { from, to, bypass, observedBy } = way;
    const [start, end] = [layout.services.get(from), layout.services.get(to)];
    const id = JSON.stringify([from, to]);
    if (!start || !end || !shown.has(from) || !shown.has(to)) return [];
    const isNear = from === near || to === near;
    const kind =
      bypass !== null ? 'bypass' : observedBy.includes('traces') ? 'traced' : isUnused(way) ? 'unused' : null;
    if (kind === null || (kind === 'unused' && !isNear) || (kind !== 'bypass' && drawn.has(id))) return [];
    return [
      {
        id: `reach ${id}`,
        from,
        to,
        kind,
        level: 'unknown',
        width: kind === 'bypass' ? 1.5 : 1,
        traffic: null,
        breaker: null,
        note: sayWay(way),
        course: toEdgeCourse(start, end),
      },
    ];
  });
}

/** `past the gateway, over watch`; `seen by traces`. */
export function sayWay({ bypass, networks, observedBy, isDeclared }: ReachWay): string {
  const parts = [
    bypass === null ? '' : `past ${bypass}`,
    `over ${networks.join(', ')}`,
    observedBy.length > 0 ? `seen by ${observedBy.join(' and ')}` : isDeclared ? 'with a reason' : 'never seen',
  ];
  return parts.filter(Boolean).join(', ');
}

/** Of one service, or the bypasses of all; bypasses first, then by name. */
export function listWays(ways: readonly ReachWay[], service: string | null): ReachWay[] {
  const chosen = ways.filter((way) =>
    service === null
      ? way.bypass !== null
      : (way.from === service || way.to === service) && (way.bypass !== null || isUnused(way)),
  );
  return chosen.toSorted(
    (a, b) =>
      Number(b.bypass !== null) - Number(a.bypass !== null) ||
      a.from.localeCompare(b.from, 'en') ||
      a.to.localeCompare(b.to, 'en'),
  );
}
