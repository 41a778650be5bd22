// The order in which routes are tried: what is more specific comes first, everything else keeps the document's order.
// A path decides first, then a narrower host, then more header fields, then a method.
import type { HeaderCondition } from './headerCondition.ts';
import { areContradictory, compareConditions } from './headerCondition.ts';
import { compareHosts } from './hostPattern.ts';
import { type KnownPattern, type PathPattern, relatePatterns, toSegments } from './pathPattern.ts';
import { PatternTree } from './patternTree.ts';

/** What of a route decides its place. */
export interface Orderable {
  readonly id: string;
  readonly paths: readonly PathPattern[];
  readonly methods: readonly string[] | null;
  /** Lower case. */
  readonly hosts: readonly string[] | null;
  readonly matchHeaders: readonly HeaderCondition[];
}

interface OrderedRoute<T extends Orderable> {
  readonly route: T;
  readonly reason: string;
}

/** `from` must be tried before `to`. Both are places in the document. */
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** The routes at `first` and `second` both take some requests, and nothing tells which goes first. */
interface Conflict {
  readonly first: number;
  readonly second: number;
  /** Place among the paths of `second`. */
  readonly path: number;
}

interface Relations {
  readonly edges: readonly Edge[];
  readonly conflicts: readonly Conflict[];
}

function relateAll(routes: readonly Orderable[]): Relations {
  const tree = new PatternTree<{ readonly index: number; readonly known: KnownPattern }>();
  const edges: Edge[] = [];
  const conflicts: Conflict[] = [];
  routes.forEach((route, second) => {
    const own = route.paths.map((pattern): KnownPattern => ({ pattern, segments: toSegments(pattern) }));
    const relations = new Map<number, Relation>();
    own.forEach((known, place) => {
      for (const other of tree.findOverlapping(known.pattern)) {
        const earlier = routes[other.index];
        if (!earlier) continue;
        const relation = relations.get(other.index) ?? (canMeet(earlier, route) ? {} : APART);
        relations.set(other.index, relation);
        if (relation !== APART) relate({ route: earlier, known: other.known }, { route, known, place }, relation);
      }
    });
    for (const known of own) tree.add(known.pattern, { index: second, known });
    for (const [first, { forwards, backwards, conflict }] of relations) {
      if (forwards !== undefined) edges.push({ from: first, to: second, why: forwards });
      if (backwards !== undefined) edges.push({ from: second, to: first, why: backwards });
      if (conflict !== undefined) conflicts.push({ first, second, path: conflict });
    }
  });
  return { edges, conflicts: conflicts.toSorted((a, b) => a.second - b.second || a.first - b.first) };
}

interface Relation {
  /** Why the first goes before the second, on some path. */
  forwards?: string;
  backwards?: string;
  /** The path of the second on which nothing decides. */
  conflict?: number;
}

const APART: Relation = {};

interface Side {
  readonly route: Orderable;
  readonly known: KnownPattern;
}

/** Notes how the first stands to the second on two paths that have something in common. */
function relate(a: Side, b: Side & { readonly place: number }, relation: Relation): void {
  const byPath = relatePatterns(a.known, b.known);
  if (byPath.kind === 'before') relation.forwards ??= byPath.why;
  else if (byPath.kind === 'after') relation.backwards ??= whyBefore(b.known, a.known);
  else if (byPath.kind === 'same')
    decideOnSamePath(a.route, b.route, { relation, path: a.known.pattern.path, place: b.place });
}

function whyBefore(a: KnownPattern, b: KnownPattern): string {
  const relation = relatePatterns(a, b);
  return relation.kind === 'before' ? relation.why : '';
}

/** Whether some request fits both, as far as host, method and header fields go. */
function canMeet(a: Orderable, b: Orderable): boolean {
  if (a.methods && b.methods && !a.methods.some((method) => b.methods?.includes(method))) return false;
  return compareHosts(a.hosts, b.hosts).length > 0 && !areContradictory(a.matchHeaders, b.matchHeaders);
}

function decideOnSamePath(
  a: Orderable,
  b: Orderable,
  at: { readonly relation: Relation; readonly path: string; readonly place: number },
): void {
  const { relation, path } = at;
  const byHeaders = compareConditions(a.matchHeaders, b.matchHeaders);
  const byMethod = Number(a.methods === null) - Number(b.methods === null);
  for (const byHost of compareHosts(a.hosts, b.hosts)) {
    const order = byHost || byHeaders || byMethod;
    const asks = byHost !== 0 ? 'a narrower host' : byHeaders !== 0 ? 'more of the header fields' : 'a method';
    const why = `on ${path} it asks for ${asks}`;
    if (order < 0) relation.forwards ??= why;
    else if (order > 0) relation.backwards ??= why;
    else relation.conflict ??= at.place;
  }
}

/** Faults of the order: routes that want the same requests, and routes that each must stand before the other. */
export function findOrderFaults(routes: readonly Orderable[]): { path: (string | number)[]; message: string }[] {
  const twice = routes.flatMap((route, index) => {
    const place = findRepeatedPath(route);
    const path = ['routes', index, 'paths', place];
    return place < 0 ? [] : [{ path, message: `the path "${route.paths[place]?.path}" stands here twice` }];
  });
  const relations = relateAll(routes);
  const faults = [...twice, ...relations.conflicts.map((conflict) => toConflictFault(routes, conflict))];
  if (faults.length > 0) return faults;
  const { stuck } = sort(routes.length, relations.edges);
  if (stuck.length === 0) return [];
  const names = stuck.map((index) => `"${routes[index]?.id}"`).join(', ');
  return [
    {
      path: ['routes', stuck[0] ?? 0, 'paths'],
      message: `the routes ${names} each have a path or host that is more specific than one of the other, so none can be tried first; split them`,
    },
  ];
}

function findRepeatedPath({ paths }: Orderable): number {
  const known = paths.map((pattern): KnownPattern => ({ pattern, segments: toSegments(pattern) }));
  return known.findIndex((one, index) =>
    known.slice(0, index).some((other) => relatePatterns(one, other).kind === 'same'),
  );
}

function toConflictFault(routes: readonly Orderable[], { first, second, path }: Conflict) {
  const [taken, route] = [routes[first], routes[second]];
  return {
    path: ['routes', second, 'paths', path],
    message: `the path "${route?.paths[path]?.path}" of "${route?.id}" is taken by route "${taken?.id}"; remove one, or tell them apart by hosts, methods or matchHeaders (what one asks for, the other can ask to be absent)`,
  };
}

/** Routes in the order in which they are tried, each with its reason. Takes routes without order faults. */
export function orderRoutes<T extends Orderable>(routes: readonly T[]): OrderedRoute<T>[] {
  const { edges } = relateAll(routes);
  const before = routes.map((): string[] => []);
  const after = routes.map((): number[] => []);
  const { sorted } = sort(routes.length, edges);
  const placeOf = new Map(sorted.map((index, place) => [index, place]));
  const byPlace = (key: 'from' | 'to') => (a: Edge, b: Edge) => (placeOf.get(a[key]) ?? 0) - (placeOf.get(b[key]) ?? 0);
  for (const { from, to, why } of edges.toSorted(byPlace('to'))) before[from]?.push(`before ${routes[to]?.id}: ${why}`);
  for (const { from, to } of edges.toSorted(byPlace('from'))) after[to]?.push(from);
  return sorted.flatMap((index) => {
    const route = routes[index];
    const later = (after[index] ?? []).map((other) => `after ${routes[other]?.id}, which is more specific`);
    return route ? [{ route, reason: joinReasons([...(before[index] ?? []), ...later]) }] : [];
  });
}

/** A route for `/` stands behind every other one; nobody reads a thousand reasons. */
const SHOWN_REASONS = 8;

function joinReasons(reasons: readonly string[]): string {
  if (reasons.length === 0) return "in the document's order: it overlaps with no other route";
  const rest = reasons.length - SHOWN_REASONS;
  return [...reasons.slice(0, SHOWN_REASONS), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}

/** Kahn's algorithm; among those that may come next, the document's order decides. */
function sort(count: number, edges: readonly Edge[]): { sorted: number[]; stuck: number[] } {
  const followers = Array.from({ length: count }, (): number[] => []);
  const waitsFor = new Array<number>(count).fill(0);
  for (const { from, to } of edges) {
    followers[from]?.push(to);
    waitsFor[to] = (waitsFor[to] ?? 0) + 1;
  }
  const waiting = waitsFor.map((_, index) => index);
  const sorted: number[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex((index) => waitsFor[index] === 0);
    if (next < 0) return { sorted, stuck: waiting };
    for (const index of waiting.splice(next, 1)) {
      sorted.push(index);
      for (const follower of followers[index] ?? []) waitsFor[follower] = (waitsFor[follower] ?? 0) - 1;
    }
  }
  return { sorted, stuck: [] };
}
