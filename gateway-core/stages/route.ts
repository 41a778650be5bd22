import { toHostName } from '../headers/framing.ts';
import { findSingle } from '../headers/headerList.ts';
import { rewriteByTemplate, rewritePath } from '../path/rewritePath.ts';
import { describeMatch, type RouteQuestion, type Target } from '../routes/matchRoute.ts';
import { type PathPattern, readVariables, toPatternText } from '../routes/pathPattern.ts';
import { toLocation } from '../routes/redirect.ts';
import { isReservedPath } from '../routes/reservedPaths.ts';
import type { RouteFinding } from '../routes/routeIndex.ts';
import { FORWARDED_METHODS } from './normalise.ts';
import {
  type Decision,
  type Findings,
  pass,
  type RequestFacts,
  reply,
  type Stage,
  type StageContext,
  stop,
} from './stage.ts';

/** TRACE echoes what the gateway adds, and CONNECT would make it an open proxy; neither is ever forwarded. */
const REFUSED_METHODS = new Set(['TRACE', 'CONNECT']);

export function toRouteQuestion(request: RequestFacts, findings: Findings): RouteQuestion {
  return {
    method: request.method,
    hostName: toHostName(findings.host),
    path: findings.canonicalPath ?? '',
    headers: request.headers,
  };
}

/** Finds the route and the path that its upstream gets. */
export const route: Stage = {
  name: 'route',
  decide(request, findings, { routes }) {
    const question = toRouteQuestion(request, findings);
    if (REFUSED_METHODS.has(request.method))
      return stop({ code: 'method-not-allowed', detail: `The method ${request.method} is never forwarded.` });
    if (isReservedPath(question.path))
      return {
        outcome: 'stop',
        sentence: `The gateway answers ${question.path} itself.`,
        answer: { kind: 'own', path: question.path },
      };
    const finding = routes.find(question);
    if (!isReadAlike(question, finding, routes))
      return stop({
        code: 'bad-path',
        detail: 'The path is refused: without its ;parameters it would go by another route.',
      });
    if (finding.kind === 'none') return stop({ code: 'no-route', detail: `No route matches ${question.path}.` });
    if (finding.kind === 'wrongMethod') {
      const allow = finding.allowed.join(', ');
      return stop({
        code: 'method-not-allowed',
        detail: `${question.path} takes ${allow}, not ${request.method}.`,
        headers: [['allow', allow]],
      });
    }
    return take(request, findings, finding);
  },
};

/**
 * Java servers cut `;parameters` off each segment, so `/admin;x/users` is `/admin/users` to them while it is under no
 * /admin here. A path that another route would take in that reading is refused, so that no route's checks are dodged.
 */
function isReadAlike(question: RouteQuestion, finding: RouteFinding, routes: StageContext['routes']): boolean {
  if (!/;|%3B/.test(question.path)) return true;
  const path = question.path.replace(/(?:;|%3B)[^/]*/g, '').replace(/\/{2,}/g, '/');
  if (isReservedPath(path)) return false;
  const other = routes.find({ ...question, path });
  return toTarget(other) === toTarget(finding);
}

function toTarget(finding: RouteFinding): Target | null {
  return finding.kind === 'found' ? finding.target : null;
}

function take(
  request: RequestFacts,
  { query, canonicalPath }: Findings,
  { target, pattern }: Extract<RouteFinding, { kind: 'found' }>,
): Decision {
  const path = canonicalPath ?? '';
  const matched = `Route ${target.id} matches: ${describeMatch(path, pattern)}`;
  const found = { pattern: toPatternText(pattern) };
  if ('redirect' in target) {
    const location = toLocation(target, { pattern, path, query });
    if (location === undefined) return refuseUncovered(pattern);
    const { status } = target.redirect;
    const sentence = `${matched}, and the answer is ${status} to ${location}.`;
    return reply({ status, headers: [['location', location]], sentence }, { ...found, redirect: target });
  }
  const rewritten =
    target.rewriteTemplate === null
      ? rewritePath(path, pattern.path, target.rewritePrefix)
      : rewriteByTemplate(target.rewriteTemplate, toVariables(pattern, path));
  if (rewritten === undefined) return refuseUncovered(pattern, { ...found, route: target });
  // RFC 9110, 7.6.2: whoever gets a request that must go no further answers it.
  if (request.method === 'OPTIONS' && findSingle(request.headers, 'max-forwards') === '0')
    return reply(
      {
        status: 204,
        headers: [['allow', target.methods?.join(', ') ?? FORWARDED_METHODS]],
        sentence: `${matched}, and Max-Forwards lets the request go no further.`,
      },
      { ...found, route: target },
    );
  const becomes = rewritten === path ? 'and stays as it is' : `and becomes ${rewritten}`;
  return pass(`${matched} ${becomes}.`, { pattern: found.pattern, route: target, forwardedPath: rewritten + query });
}

function toVariables(pattern: PathPattern, path: string): Readonly<Record<string, string>> {
  return pattern.kind === 'template' ? (readVariables(pattern.path, path) ?? {}) : {};
}

function refuseUncovered({ path }: PathPattern, found?: Partial<Findings>): Decision {
  const detail = `The path is refused: without ${path} it is no longer canonical.`;
  return stop({ code: 'bad-path', detail }, found);
}
