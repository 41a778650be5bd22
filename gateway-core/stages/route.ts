import { toHostName } from '../headers/framing.ts';
import { rewritePath } from '../path/rewritePath.ts';
import { findRoute, type RouteQuestion } from '../routes/matchRoute.ts';
import { isReservedPath } from '../routes/reservedPaths.ts';
import { type Findings, pass, type RequestFacts, type Stage, stop } from './stage.ts';

/** TRACE echoes what the gateway adds, and CONNECT would make it an open proxy; neither is ever forwarded. */
const REFUSED_METHODS = new Set(['TRACE', 'CONNECT']);

export function toRouteQuestion(request: RequestFacts, findings: Findings): RouteQuestion {
  return { method: request.method, hostName: toHostName(findings.host), path: findings.canonicalPath ?? '' };
}

/** Finds the route and the path that its upstream gets. */
export const route: Stage = {
  name: 'route',
  decide(request, findings, { config }) {
    const question = toRouteQuestion(request, findings);
    if (REFUSED_METHODS.has(request.method))
      return stop({ code: 'method-not-allowed', detail: `The method ${request.method} is never forwarded.` });
    if (isReservedPath(question.path))
      return {
        outcome: 'stop',
        sentence: `The gateway answers ${question.path} itself.`,
        answer: { kind: 'own', path: question.path },
      };
    const finding = findRoute(config.routes, question);
    if (finding.kind === 'none') return stop({ code: 'no-route', detail: `No route matches ${question.path}.` });
    if (finding.kind === 'wrongMethod') {
      const allow = finding.allowed.join(', ');
      return stop({
        code: 'method-not-allowed',
        detail: `${question.path} takes ${allow}, not ${request.method}.`,
        headers: [['allow', allow]],
      });
    }
    const path = rewritePath(question.path, finding.prefix, finding.route.rewritePrefix);
    if (path === undefined)
      return stop(
        { code: 'bad-path', detail: `The path is refused: without ${finding.prefix} it is no longer canonical.` },
        { route: finding.route },
      );
    const becomes = path === question.path ? 'and stays as it is' : `and becomes ${path}`;
    return pass(`Route ${finding.route.id} matches: ${question.path} is under ${finding.prefix} ${becomes}.`, {
      route: finding.route,
      forwardedPath: path + findings.query,
    });
  },
};
