// The order in which routes are tried: what is more specific comes first, everything else keeps the document's order.
import type { RouteDocument } from '../config/document.ts';
import { isUnderPrefix, trimPrefix } from './matchRoute.ts';

interface OrderedRoute {
  readonly route: RouteDocument;
  readonly reason: string;
}

type Relation = { readonly kind: 'before'; readonly why: string } | { readonly kind: 'same'; readonly path: string };

/**
 * Why `a` must be tried before `b`, or that both want the very same requests; undefined when neither holds.
 * A path below the other's path is more specific; on the same path, a restriction to hosts or methods is.
 */
function relate(a: RouteDocument, b: RouteDocument): Relation | undefined {
  if (areDisjoint(a.hosts, b.hosts) || areDisjoint(a.methods, b.methods)) return undefined;
  for (const rawPath of a.paths) {
    const path = trimPrefix(rawPath);
    for (const rawOther of b.paths) {
      const other = trimPrefix(rawOther);
      if (path === other) {
        const specificity = weigh(a) - weigh(b);
        if (specificity === 0) return { kind: 'same', path };
        if (specificity > 0) return { kind: 'before', why: `on ${path} it also asks for a host or method` };
      } else if (isUnderPrefix(path, other)) {
        return { kind: 'before', why: `its ${path} lies under ${other}` };
      }
    }
  }
  return undefined;
}

function weigh(route: RouteDocument): number {
  return (route.hosts ? 2 : 0) + (route.methods ? 1 : 0);
}

function areDisjoint(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a !== undefined && b !== undefined && !a.some((value) => b.includes(value));
}

/** Faults of the order: the same path twice, and routes that each must stand before the other. */
export function findOrderFaults(routes: readonly RouteDocument[]): { path: (string | number)[]; message: string }[] {
  const faults: { path: (string | number)[]; message: string }[] = [];
  routes.forEach((route, index) => {
    const own = route.paths.map(trimPrefix);
    const twice = own.findIndex((path, position) => own.indexOf(path) < position);
    if (twice >= 0)
      faults.push({ path: ['routes', index, 'paths', twice], message: `the path "${own[twice]}" stands here twice` });
    routes.slice(0, index).forEach((earlier) => {
      const relation = relate(route, earlier);
      if (relation?.kind === 'same')
        faults.push({
          path: ['routes', index, 'paths', own.indexOf(relation.path)],
          message: `the path "${relation.path}" of "${route.id}" is taken by route "${earlier.id}"; remove one, or tell them apart by hosts or methods`,
        });
    });
  });
  if (faults.length > 0) return faults;
  const stuck = sort(routes).stuck;
  if (stuck.length === 0) return [];
  const names = stuck.map((route) => `"${route.id}"`).join(', ');
  const [first] = stuck;
  return [
    {
      path: ['routes', first ? routes.indexOf(first) : 0, 'paths'],
      message: `the routes ${names} each have a path that lies under a path of the other, so none can be tried first; split them`,
    },
  ];
}

/** Routes in the order in which they are tried, each with its reason. Takes routes without order faults. */
export function orderRoutes(routes: readonly RouteDocument[]): OrderedRoute[] {
  const { sorted } = sort(routes);
  return sorted.map((route) => {
    const later = sorted.slice(sorted.indexOf(route) + 1);
    const before = later.flatMap((other) => {
      const relation = relate(route, other);
      return relation?.kind === 'before' ? [`before ${other.id}: ${relation.why}`] : [];
    });
    const after = sorted.slice(0, sorted.indexOf(route)).flatMap((other) => {
      const relation = relate(other, route);
      return relation?.kind === 'before' ? [`after ${other.id}, which is more specific`] : [];
    });
    const reasons = [...before, ...after];
    return {
      route,
      reason: reasons.length > 0 ? reasons.join('; ') : "in the document's order: it overlaps with no other route",
    };
  });
}

/** Kahn's algorithm; among those that may come next, the document's order decides. */
function sort(routes: readonly RouteDocument[]): { sorted: RouteDocument[]; stuck: RouteDocument[] } {
  const followers = routes.map((route) => routes.filter((other) => relate(route, other)?.kind === 'before'));
  const waitsFor = new Map(routes.map((route) => [route, 0]));
  for (const follower of followers.flat()) waitsFor.set(follower, (waitsFor.get(follower) ?? 0) + 1);
  const waiting = [...routes];
  const sorted: RouteDocument[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex((route) => waitsFor.get(route) === 0);
    if (next < 0) return { sorted, stuck: waiting };
    for (const route of waiting.splice(next, 1)) {
      sorted.push(route);
      for (const follower of followers[routes.indexOf(route)] ?? [])
        waitsFor.set(follower, (waitsFor.get(follower) ?? 0) - 1);
    }
  }
  return { sorted, stuck: [] };
}
