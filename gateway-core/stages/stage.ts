// What a stage is: a named decision on plain data, which can say itself in a sentence. No stage touches a socket.
import type { Identity } from '../auth/identity.ts';
import type { JsonObject } from '../auth/strictJson.ts';
import type { Verdict } from '../auth/verifier.ts';
import type { BreakerState, Refusal } from '../breaker/breaker.ts';
import type { GatewayConfig, Redirect, Route } from '../config/document.ts';
import type { HeaderList } from '../headers/headerList.ts';
import type { AskLimits } from '../limits/limits.ts';
import type { GatewayProblem } from '../problem/catalogue.ts';
import type { ReservedPath } from '../routes/reservedPaths.ts';
import type { RouteIndex } from '../routes/routeIndex.ts';

/** A request as it was read, before anything is known about it. */
export interface RequestFacts {
  readonly method: string;
  /** The request target as received. */
  readonly target: string;
  readonly httpVersion: string;
  readonly headers: HeaderList;
  readonly protocol: 'http' | 'websocket';
  /** The client's address, as far as trusted proxies vouch for it. */
  readonly client: string;
}

/** What the stages have found out so far; each adds its part. */
export interface Findings {
  readonly canonicalPath: string | null;
  /** With its `?`; empty when there is none. */
  readonly query: string;
  /** The authority that the client asked for; empty when there is none (HTTP/1.0). */
  readonly host: string;
  /** null when the length is not known beforehand (chunked). */
  readonly bodyBytes: number | null;
  readonly route: Route | null;
  /** The redirect that answered. */
  readonly redirect: Redirect | null;
  /** The pattern that the path fits: `/users/{id}/orders`. Of a bounded set, unlike the path. */
  readonly pattern: string | null;
  /** Path and query that the upstream gets. */
  readonly forwardedPath: string | null;
  readonly breaker: BreakerState | null;
  /** What the authentication found out; null: the route does not ask, or nobody has looked yet. */
  readonly caller: 'known' | 'anonymous' | 'unknown' | null;
  /** Who the caller proved to be; null unless it is known. */
  readonly identity: Identity | null;
  /** Everything that the caller's token says: for rules and for the upstream, never for tap or log. */
  readonly claims: JsonObject | null;
  /** What the client's answer gets besides, whoever answers: the upstream or the gateway. */
  readonly answerHeaders: HeaderList;
  /** What was taken of caps on running requests; given back when the exchange ends. */
  readonly slots: readonly string[];
  /** The body, where a stage had to read it; what is forwarded then is this. null: it is still in the request. */
  readonly bufferedBody: Buffer | null;
}

export const noFindings: Findings = {
  canonicalPath: null,
  query: '',
  host: '',
  bodyBytes: 0,
  route: null,
  redirect: null,
  pattern: null,
  forwardedPath: null,
  breaker: null,
  caller: null,
  identity: null,
  claims: null,
  answerHeaders: [],
  slots: [],
  bufferedBody: null,
};

/** What stops an exchange before it is forwarded. */
export type Answer =
  | { readonly kind: 'problem'; readonly problem: GatewayProblem }
  /** The gateway answers one of its own paths. */
  | { readonly kind: 'own'; readonly path: ReservedPath }
  /** An answer without a body that follows from the configuration alone: a redirect, or what OPTIONS asks of a proxy. */
  | { readonly kind: 'reply'; readonly status: number; readonly headers: HeaderList; readonly sentence: string };

export type Decision =
  | { readonly outcome: 'pass'; readonly sentence: string; readonly found?: Partial<Findings> }
  /** Not configured, or nothing to do for this request. */
  | { readonly outcome: 'skip'; readonly sentence: string; readonly found?: Partial<Findings> }
  | {
      readonly outcome: 'stop';
      readonly sentence: string;
      readonly answer: Answer;
      readonly found?: Partial<Findings>;
    };

export type BreakerAnswer = { readonly admitted: true; readonly state: BreakerState } | Refusal;

/** What became of reading a body whole. */
export type BodyRead =
  | { readonly kind: 'whole'; readonly body: Buffer }
  | { readonly kind: 'too-large' | 'too-slow' | 'gone' | 'no-room' };

/** Never rejects. Sends 100 Continue to a caller that waits for it. */
export type ReadBody = (options: { readonly limitBytes: number; readonly timeoutMs: number }) => Promise<BodyRead>;

/** What a stage may ask besides the request. */
export interface StageContext {
  readonly config: GatewayConfig;
  readonly routes: RouteIndex;
  /** undefined: no running gateway is asked, so the breaker's state is not known. */
  readonly askBreaker: ((upstream: string) => BreakerAnswer) | undefined;
  /** undefined: no running gateway is asked, so it is not known whether a token is valid. */
  readonly verifyToken: ((provider: string, token: string) => MaybePromise<Verdict>) | undefined;
  /** undefined: no running gateway is asked, so what a client has used is not known. */
  readonly askLimits: AskLimits | undefined;
  /** undefined: there is no body to read, only what is said of it. */
  readonly readBody: ReadBody | undefined;
}

/** What only a running gateway knows is unknown. */
export const nobodyAsked: Omit<StageContext, 'config' | 'routes'> = {
  askBreaker: undefined,
  askLimits: undefined,
  verifyToken: undefined,
  readBody: undefined,
};

/** A stage that has to ask somebody (a key server, Redis) answers later; all others at once, which costs the data path nothing. */
export type MaybePromise<T> = T | Promise<T>;

export interface Stage {
  readonly name: string;
  /** Never throws and never rejects: a failure is a decision. */
  readonly decide: (request: RequestFacts, findings: Findings, context: StageContext) => MaybePromise<Decision>;
}

export function pass(sentence: string, found?: Partial<Findings>): Decision {
  return found ? { outcome: 'pass', sentence, found } : { outcome: 'pass', sentence };
}

/** An answer that the configuration alone gives. */
export function reply(
  answer: { readonly status: number; readonly headers: HeaderList; readonly sentence: string },
  found?: Partial<Findings>,
): Decision {
  const decision = { outcome: 'stop', sentence: answer.sentence, answer: { kind: 'reply', ...answer } } as const;
  return found ? { ...decision, found } : decision;
}

export function stop(problem: GatewayProblem, found?: Partial<Findings>): Decision {
  const decision = { outcome: 'stop', sentence: problem.detail, answer: { kind: 'problem', problem } } as const;
  return found ? { ...decision, found } : decision;
}
