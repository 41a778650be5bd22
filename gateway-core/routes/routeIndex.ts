// The routes as a tree, built once for a configuration.
import { findMiss, type RouteQuestion, type Target } from './matchRoute.ts';
import { type PathPattern, sortPatterns } from './pathPattern.ts';
import { PatternTree } from './patternTree.ts';

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

/** A route names at most 64 paths (routesSection.ts). */
const PATHS_OF_ONE = 64;

/** Takes routes and redirects in the order in which they are tried. */
export function createRouteIndex(targets: readonly Target[]): RouteIndex {
  const tree = new PatternTree<Entry>();
  targets.forEach((target, order) => {
    sortPatterns(target.paths).forEach((pattern, place) => {
      tree.add(pattern, { target, pattern, rank: order * PATHS_OF_ONE + place });
    });
  });
  return {
    targets,
    find(question) {
      let best: Entry | undefined;
      let wrongMethod: Entry[] | undefined;
      tree.match(question.path, (entries) => {
        for (const entry of entries) {
          if (best && best.rank < entry.rank) continue;
          const miss = findMiss(entry.target, question);
          if (miss === undefined) best = entry;
          else if (miss === 'method') {
            wrongMethod ??= [];
            wrongMethod.push(entry);
          }
        }
      });
      return conclude(best, wrongMethod);
    },
  };
}

function conclude(best: Entry | undefined, wrongMethod: readonly Entry[] | undefined): RouteFinding {
  if (best) return { kind: 'found', target: best.target, pattern: best.pattern };
  if (!wrongMethod) return { kind: 'none' };
  const inOrder = wrongMethod.toSorted((a, b) => a.rank - b.rank);
  return { kind: 'wrongMethod', allowed: [...new Set(inOrder.flatMap(({ target }) => target.methods ?? []))] };
}
