// What a stage is: a named decision on plain data, which can say itself in a sentence. No stage touches a socket.
import type { BreakerState, Refusal } from '../breaker/breaker.ts';
import type { GatewayConfig, Route } from '../config/document.ts';
import type { HeaderList } from '../headers/headerList.ts';
import type { GatewayProblem } from '../problem/catalogue.ts';
import type { ReservedPath } from '../routes/reservedPaths.ts';
import type { NoReplica } from '../upstream/liveUpstream.ts';

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
  /** Path and query that the upstream gets. */
  readonly forwardedPath: string | null;
  readonly breaker: BreakerState | null;
}

export const noFindings: Findings = {
  canonicalPath: null,
  query: '',
  host: '',
  bodyBytes: 0,
  route: null,
  forwardedPath: null,
  breaker: null,
};

/** What stops an exchange before it is forwarded. */
export type Answer =
  | { readonly kind: 'problem'; readonly problem: GatewayProblem }
  /** The gateway answers one of its own paths. */
  | { readonly kind: 'own'; readonly path: ReservedPath };

export type Decision =
  | { readonly outcome: 'pass'; readonly sentence: string; readonly found?: Partial<Findings> }
  /** Not configured, or nothing to do for this request. */
  | { readonly outcome: 'skip'; readonly sentence: string }
  | {
      readonly outcome: 'stop';
      readonly sentence: string;
      readonly answer: Answer;
      readonly found?: Partial<Findings>;
    };

export type BreakerAnswer = { readonly admitted: true; readonly state: BreakerState } | NoReplica | Refusal;

/** What a stage may ask besides the request. */
export interface StageContext {
  readonly config: GatewayConfig;
  /** undefined: no running gateway is asked, so the breaker's state is not known. */
  readonly askBreaker: ((upstream: string) => BreakerAnswer) | undefined;
}

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

export function stop(problem: GatewayProblem, found?: Partial<Findings>): Decision {
  const decision = { outcome: 'stop', sentence: problem.detail, answer: { kind: 'problem', problem } } as const;
  return found ? { ...decision, found } : decision;
}
