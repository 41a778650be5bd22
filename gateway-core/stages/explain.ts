// What would happen to a request, said by the very stages that would decide it. Nothing is forwarded, nothing is counted.
import { describeIdentity } from '../auth/describeAuth.ts';
import type { GatewayConfig } from '../config/document.ts';
import { isWebSocketUpgrade } from '../headers/upgradeRequest.ts';
import { problemCatalogue } from '../problem/catalogue.ts';
import { describeTrials, listTargets, type RouteTrial, type Target } from '../routes/matchRoute.ts';
import { isReservedPath } from '../routes/reservedPaths.ts';
import { createRouteIndex } from '../routes/routeIndex.ts';
import { toRouteQuestion } from './route.ts';
import { runStages, type StageRun } from './runStages.ts';
import { type Answer, nobodyAsked, type RequestFacts, type StageContext } from './stage.ts';

export interface ExplainRequest {
  readonly method: string;
  /** An absolute URL or a path, with an optional query. */
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  /** The client's address; loopback when it is left out. */
  readonly client?: string;
}

export interface Explanation {
  method: string;
  url: string;
  canonicalPath: string | null;
  tried: RouteTrial[];
  route: string | null;
  rewrittenPath: string | null;
  upstream: string | null;
  stages: { stage: string; outcome: 'pass' | 'stop' | 'skip'; sentence: string }[];
  answer: { status: number; code: string; detail: string } | null;
}

/** What a running gateway is asked besides its configuration; nothing of it is changed by asking. */
export type LiveAnswers = Partial<Omit<StageContext, 'config' | 'routes'>>;

/** Opens no socket. What no running gateway is asked for (a breaker, a token) is said to be unknown. Never rejects. */
export async function explain(
  config: GatewayConfig,
  request: ExplainRequest,
  live: LiveAnswers = {},
): Promise<Explanation> {
  const facts = toRequestFacts(request);
  const routes = createRouteIndex(listTargets(config));
  const run = await runStages(facts, { config, routes, ...nobodyAsked, ...live }, () => 0);
  const { canonicalPath, route, forwardedPath, identity } = run.findings;
  return {
    method: request.method,
    url: request.url,
    canonicalPath,
    tried: describeTried(routes.targets, facts, run),
    route: (route ?? run.findings.redirect)?.id ?? null,
    rewrittenPath: forwardedPath,
    upstream: route?.upstream.authority ?? null,
    stages: run.records.map(({ stage, outcome, sentence }) => ({
      stage,
      outcome,
      // The stage itself names nobody, since its sentences are recorded; who asks here has sent the token.
      sentence: stage === 'authenticate' && identity ? `${sentence} ${describeIdentity(identity)}` : sentence,
    })),
    answer: run.answer && toAnswer(run.answer),
  };
}

function describeTried(targets: readonly Target[], facts: RequestFacts, run: StageRun): RouteTrial[] {
  const path = run.findings.canonicalPath;
  if (path === null || isReservedPath(path)) {
    const reason = path === null ? 'the request was refused before' : `the gateway answers ${path} itself`;
    return targets.map(({ id }) => ({ route: id, result: 'notTried', reason }));
  }
  return describeTrials(targets, toRouteQuestion(facts, run.findings));
}

function toAnswer(answer: Answer): { status: number; code: string; detail: string } {
  if (answer.kind === 'own')
    return { status: 200, code: 'own-path', detail: `The gateway answers ${answer.path} itself.` };
  if (answer.kind === 'reply')
    return { status: answer.status, code: answer.status < 300 ? 'own-answer' : 'redirect', detail: answer.sentence };
  const { code, detail } = answer.problem;
  return { status: problemCatalogue[code].status, code, detail };
}

/** As a client would send it: the URL's host becomes the Host field, and a fragment never leaves the client. */
function toRequestFacts({ method, url, headers, client = '127.0.0.1' }: ExplainRequest): RequestFacts {
  const withoutFragment = url.replace(/#.*$/s, '');
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/is.exec(withoutFragment);
  const rest = absolute ? (absolute[2] ?? '') : withoutFragment;
  const target = rest === '*' || rest.startsWith('/') ? rest : `/${rest}`;
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host');
  const list = hasHost ? headers : [['host', absolute?.[1] || 'localhost'] as const, ...headers];
  const protocol = isWebSocketUpgrade(list) ? 'websocket' : 'http';
  return { method, target, httpVersion: '1.1', headers: list, protocol, client };
}
