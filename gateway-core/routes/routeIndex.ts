// The routes as a tree of path segments, built once for a configuration: a request walks down its own path and meets only
// the routes that its path fits, however many others there are.
import { findMiss, type RouteQuestion, type Target } from './matchRoute.ts';
import { type PathPattern, sortPatterns, toSegments } from './pathPattern.ts';

export type RouteFinding =
  | { readonly kind: 'found'; readonly target: Target; readonly pattern: PathPattern }
  /** The path belongs to routes that take other methods. */
  | { readonly kind: 'wrongMethod'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

export interface RouteIndex {
  /** Routes and redirects, in the order in which they are tried. */
  readonly targets: readonly Target[];
  /** The first in that order that fits. The answer is that of describeTrials, which asks one after the other. */
  find(question: RouteQuestion): RouteFinding;
}

interface Entry {
  readonly target: Target;
  readonly pattern: PathPattern;
  /** Place in the order, then among the paths of one route: the lowest that fits wins. */
  readonly rank: number;
}

interface Node {
  readonly texts: Map<string, Node>;
  variable: Node | null;
  /** Patterns that end here and take everything below as well. */
  readonly prefixes: Entry[];
  /** Patterns that end here: exact ones and templates. */
  readonly ends: Entry[];
}

/** A route names at most 64 paths (schema.ts). */
const PATHS_OF_ONE = 64;

/** Takes routes and redirects in the order in which they are tried. */
export function createRouteIndex(targets: readonly Target[]): RouteIndex {
  const root = createNode();
  targets.forEach((target, order) => {
    sortPatterns(target.paths).forEach((pattern, place) => {
      const node = descend(root, pattern);
      const entry = { target, pattern, rank: order * PATHS_OF_ONE + place };
      (pattern.kind === 'prefix' ? node.prefixes : node.ends).push(entry);
    });
  });
  return {
    targets,
    find(question) {
      const search = new Search(question);
      search.visit(root, 0);
      return search.conclude();
    },
  };
}

function createNode(): Node {
  return { texts: new Map(), variable: null, prefixes: [], ends: [] };
}

function descend(root: Node, pattern: PathPattern): Node {
  let node = root;
  for (const segment of toSegments(pattern)) {
    if (segment === null) {
      node.variable ??= createNode();
      node = node.variable;
      continue;
    }
    const next = node.texts.get(segment) ?? createNode();
    node.texts.set(segment, next);
    node = next;
  }
  return node;
}

class Search {
  private readonly question: RouteQuestion;
  private best: Entry | null = null;
  private wrongMethod: Entry[] | null = null;

  constructor(question: RouteQuestion) {
    this.question = question;
  }

  /** `at` is where the slash before the next segment stands; the path's length when no segment is left. */
  visit(node: Node, at: number): void {
    const { path } = this.question;
    if (node.prefixes.length > 0) this.consider(node.prefixes);
    if (at >= path.length) {
      if (node.ends.length > 0) this.consider(node.ends);
      return;
    }
    if (node.texts.size === 0 && node.variable === null) return;
    const slash = path.indexOf('/', at + 1);
    const end = slash < 0 ? path.length : slash;
    const segment = path.slice(at + 1, end);
    const next = node.texts.get(segment);
    if (next) this.visit(next, end);
    if (node.variable && segment !== '') this.visit(node.variable, end);
  }

  private consider(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (this.best && this.best.rank < entry.rank) continue;
      const miss = findMiss(entry.target, this.question);
      if (miss === undefined) this.best = entry;
      else if (miss === 'method') {
        this.wrongMethod ??= [];
        this.wrongMethod.push(entry);
      }
    }
  }

  conclude(): RouteFinding {
    if (this.best) return { kind: 'found', target: this.best.target, pattern: this.best.pattern };
    if (!this.wrongMethod) return { kind: 'none' };
    const inOrder = this.wrongMethod.toSorted((a, b) => a.rank - b.rank);
    return { kind: 'wrongMethod', allowed: [...new Set(inOrder.flatMap(({ target }) => target.methods ?? []))] };
  }
}
