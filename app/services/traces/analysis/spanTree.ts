// Spans as a tree, whatever is missing, doubled or wrong among them: each parent before its children. Pure.
import { spanLimit } from '../../../contract/index.ts';
import { findAttribute, type RawSpan } from '../rawSpan.ts';

export interface TreeSpan {
  readonly raw: RawSpan;
  /** Epoch microseconds, after its clock was corrected. */
  readonly startUs: number;
  readonly endUs: number;
  readonly skewUs: number;
  readonly depth: number;
  /** Places in the tree; -1 for a root. */
  readonly parent: number;
  /** By their beginning. */
  readonly children: number[];
  /** It names a parent that is not there. */
  readonly isOrphan: boolean;
}

export interface SpanTree {
  readonly spans: readonly TreeSpan[];
  /** Places, by their beginning. */
  readonly roots: readonly number[];
  /** Spans that came more than once. */
  readonly doubled: number;
  /** Spans beyond the limit. */
  readonly omitted: number;
  /** Parents that led back to their own child. */
  readonly cycles: number;
  /** By service the largest correction of a clock, microseconds. */
  readonly skews: ReadonlyMap<string, number>;
}

/**
 * A child that begins before its parent was measured by another clock: no cause follows its effect. Less than this is
 * what clocks of one machine differ by, and what rounding makes of them.
 */
const tolerableSkewUs = 1000;

export function toSpanTree(given: readonly RawSpan[], limit = spanLimit): SpanTree {
  const distinct = [...new Map(given.map((span) => [span.id, span])).values()];
  // Of too many the first are kept: they hold the parents of the others.
  const kept = distinct.length > limit ? distinct.toSorted((a, b) => a.startUs - b.startUs).slice(0, limit) : distinct;
  const family = toFamily(kept);
  const walked = walk(kept, family);
  return {
    ...walked,
    doubled: given.length - distinct.length,
    omitted: distinct.length - kept.length,
    cycles: family.cycles,
  };
}

interface Family {
  /** By place among the given spans. */
  readonly children: readonly number[][];
  readonly roots: readonly number[];
  readonly orphans: ReadonlySet<number>;
  readonly cycles: number;
}

function toFamily(spans: readonly RawSpan[]): Family {
  const places = new Map(spans.map(({ id }, place) => [id, place]));
  const parents = spans.map(({ parentId }, place) => {
    const parent = parentId === null ? undefined : places.get(parentId);
    return parent === place ? undefined : parent;
  });
  const cut = findCycles(spans, parents);
  for (const place of cut) parents[place] = undefined;
  const children: number[][] = spans.map(() => []);
  const roots: number[] = [];
  parents.forEach((parent, place) => {
    (parent === undefined ? roots : children[parent])?.push(place);
  });
  const orphans = new Set(roots.filter((place) => spans[place]?.parentId !== null));
  return { children, roots, orphans, cycles: cut.length };
}

/** Of each circle of parents the span that begins first: there it is cut. */
function findCycles(spans: readonly RawSpan[], parents: readonly (number | undefined)[]): number[] {
  const cut: number[] = [];
  // 0: not seen, else the walk in which it was seen.
  const seenIn = new Uint32Array(spans.length);
  for (let start = 0; start < spans.length; start += 1) {
    let place: number | undefined = start;
    while (place !== undefined && seenIn[place] === 0) {
      seenIn[place] = start + 1;
      place = parents[place];
    }
    if (place === undefined || seenIn[place] !== start + 1) continue;
    let first = place;
    for (let next = parents[place]; next !== undefined && next !== place; next = parents[next]) {
      if (startOf(spans, next) < startOf(spans, first)) first = next;
    }
    cut.push(first);
  }
  return cut;
}

const startOf = (spans: readonly RawSpan[], place: number) => spans[place]?.startUs ?? 0;

interface Step {
  readonly place: number;
  readonly parent: number;
}

/** Not by recursion: a chain of ten thousand spans is deeper than the stack. */
function walk(given: readonly RawSpan[], family: Family): Pick<SpanTree, 'spans' | 'roots' | 'skews'> {
  const spans: TreeSpan[] = [];
  const roots: number[] = [];
  const clocks = createClocks();
  const byStart = (places: readonly number[]) => places.toSorted((a, b) => startOf(given, b) - startOf(given, a));
  const waiting: Step[] = byStart(family.roots).map((place) => ({ place, parent: -1 }));
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    const raw = given[step.place];
    if (!raw) continue;
    const above = spans[step.parent];
    const skewUs = clocks.correct(raw, above);
    const place = spans.length;
    above?.children.push(place);
    if (!above) roots.push(place);
    spans.push({
      raw,
      startUs: raw.startUs + skewUs,
      endUs: raw.startUs + skewUs + raw.durationUs,
      skewUs,
      depth: above ? above.depth + 1 : 0,
      parent: step.parent,
      children: [],
      isOrphan: family.orphans.has(step.place),
    });
    for (const child of byStart(family.children[step.place] ?? [])) waiting.push({ place: child, parent: place });
  }
  return { spans, roots, skews: clocks.skews };
}

/** One clock a process: what was found of it once holds for its other spans too. */
function createClocks() {
  const corrections = new Map<string, number>();
  const skews = new Map<string, number>();
  return {
    skews,
    correct(raw: RawSpan, parent: TreeSpan | undefined): number {
      const clock = toClock(raw);
      const known = parent && toClock(parent.raw) === clock ? parent.skewUs : (corrections.get(clock) ?? 0);
      if (!parent || raw.startUs + known >= parent.startUs - tolerableSkewUs) return known;
      // Within a parent that is longer it stands in the middle, as if both ways had taken the same time.
      const room = parent.endUs - parent.startUs - raw.durationUs;
      const skewUs = parent.startUs + Math.max(0, room / 2) - raw.startUs;
      corrections.set(clock, skewUs);
      skews.set(raw.service, Math.max(skews.get(raw.service) ?? 0, Math.abs(skewUs)));
      return skewUs;
    },
  };
}

function toClock({ service, resource }: RawSpan): string {
  return `${service} ${findAttribute(resource, 'service.instance.id', 'host.name', 'container.id', 'ip') ?? ''}`;
}
