// Does a request fit a route? Route by route, for explain and as the measure of the index that the data path asks.
import type { Redirect, Route } from '../config/document.ts';
import type { HeaderList } from '../headers/headerList.ts';
import { areConditionsMet, isConditionMet, toConditionText } from './headerCondition.ts';
import { isHostMatch } from './hostPattern.ts';
import { isPatternMatch, type PathPattern, sortPatterns, toPatternText } from './pathPattern.ts';

export interface RouteQuestion {
  readonly method: string;
  /** Canonical, as toHostName gives it; empty when the request has none. */
  readonly hostName: string;
  /** The canonical path. */
  readonly path: string;
  readonly headers: HeaderList;
}

/** What a path can end at. */
export type Target = Route | Redirect;

type Miss = 'path' | 'host' | 'header' | 'method';

type TargetCheck =
  | { readonly fits: true; readonly pattern: PathPattern }
  | { readonly fits: false; readonly miss: Miss };

/** Why a request whose path fits does not fit otherwise; method last, so that a miss by method alone can become a 405. */
export function findMiss(target: Target, question: RouteQuestion): Exclude<Miss, 'path'> | undefined {
  if (target.hosts && !isHostMatch(question.hostName, target.hosts)) return 'host';
  if (target.matchHeaders.length > 0 && !areConditionsMet(target.matchHeaders, question.headers)) return 'header';
  if (target.methods && !target.methods.includes(question.method)) return 'method';
  return undefined;
}

/** The pattern that fits is the most specific one of its paths. */
export function checkTarget(target: Target, question: RouteQuestion): TargetCheck {
  const pattern = sortPatterns(target.paths).find((one) => isPatternMatch(one, question.path));
  if (pattern === undefined) return { fits: false, miss: 'path' };
  const miss = findMiss(target, question);
  return miss === undefined ? { fits: true, pattern } : { fits: false, miss };
}

export interface RouteTrial {
  readonly route: string;
  readonly result: 'matched' | 'noMatch' | 'notTried';
  readonly reason: string;
}

/** Routes and redirects in the order in which they are tried. */
export function listTargets(config: { routes: readonly Route[]; redirects: readonly Redirect[] }): Target[] {
  return [...config.routes, ...config.redirects].sort((a, b) => a.order - b.order);
}

/** What the index found and passed over, one by one, in words. Takes them in the order in which they are tried. */
export function describeTrials(targets: readonly Target[], question: RouteQuestion): RouteTrial[] {
  let found: string | undefined;
  return targets.map((target): RouteTrial => {
    if (found !== undefined) return { route: target.id, result: 'notTried', reason: `${found} matched before it` };
    const check = checkTarget(target, question);
    if (!check.fits) return { route: target.id, result: 'noMatch', reason: describeMiss(target, question, check.miss) };
    found = target.id;
    return { route: target.id, result: 'matched', reason: describeMatch(question.path, check.pattern) };
  });
}

export function describeMatch(path: string, pattern: PathPattern): string {
  if (pattern.kind === 'prefix') return `${path} is under ${pattern.path}`;
  return pattern.kind === 'exact' ? `${path} is its exact path` : `${path} fits ${pattern.path}`;
}

function describeMiss(target: Target, question: RouteQuestion, miss: Miss): string {
  if (miss === 'path') {
    const under = target.paths.every(({ kind }) => kind === 'prefix');
    const names = target.paths.map((pattern) => (under ? pattern.path : toPatternText(pattern))).join(' or ');
    return `${question.path} is not ${under ? 'under ' : ''}${names}`;
  }
  if (miss === 'host') return `the host ${question.hostName || '(none)'} is not ${target.hosts?.join(' or ')}`;
  if (miss === 'method') return `the method ${question.method} is not ${target.methods?.join(' or ')}`;
  const unmet = target.matchHeaders.find((condition) => !isConditionMet(condition, question.headers));
  return `it does not hold that ${unmet ? toConditionText(unmet) : ''}`;
}

/** The pattern by which the route took the path: what names a group of requests without naming one of them. */
export function toRoutePattern(route: Target, path: string): string {
  const pattern = route.paths.find((own) => isPatternMatch(own, path)) ?? route.paths[0];
  return pattern ? toPatternText(pattern) : '';
}
