// Every answer that the gateway gives by itself: stable codes, as problem+json (RFC 9457).

export const problemCatalogue = {
  'bad-request': { status: 400, title: 'The request is not well formed' },
  'bad-body': { status: 400, title: 'The body cannot be read' },
  'bad-path': { status: 400, title: 'The path is refused' },
  'token-ambiguous': { status: 400, title: 'The request carries more than one token' },
  'token-missing': { status: 401, title: 'The route asks for a token' },
  'token-invalid': { status: 401, title: 'The token is not valid' },
  'token-expired': { status: 401, title: 'The token has expired' },
  'insufficient-scope': { status: 403, title: 'The token lacks a scope' },
  'insufficient-claims': { status: 403, title: 'The token does not say what the route asks for' },
  'origin-refused': { status: 403, title: 'This page may not act with the cookie' },
  'no-route': { status: 404, title: 'No route matches' },
  'method-not-allowed': { status: 405, title: 'The route does not take this method' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time' },
  'body-too-large': { status: 413, title: 'The body is larger than the route allows' },
  'unsupported-media-type': { status: 415, title: 'The route does not take this type of body' },
  'expectation-failed': { status: 417, title: 'The expectation is not known' },
  'request-invalid': { status: 422, title: 'The request does not fit what the route asks for' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'too-many-running': { status: 429, title: 'Too many requests run at a time' },
  'headers-too-large': { status: 431, title: 'The header fields are too large' },
  internal: { status: 500, title: 'The gateway failed' },
  'upstream-unreachable': { status: 502, title: 'The upstream cannot be reached' },
  'upstream-reset': { status: 502, title: 'The upstream broke the connection' },
  'upstream-bad-response': { status: 502, title: 'The upstream did not answer in valid HTTP' },
  'breaker-open': { status: 503, title: 'The upstream is failing and gets no requests for now' },
  overloaded: { status: 503, title: 'The gateway has too much to do' },
  'websockets-exhausted': { status: 503, title: 'The route has as many WebSockets as it may have' },
  draining: { status: 503, title: 'The gateway is shutting down' },
  'keys-unavailable': { status: 503, title: 'The keys that tokens are checked with cannot be had' },
  'version-not-supported': { status: 505, title: 'Only HTTP/1.1 and HTTP/1.0 are spoken here' },
  'loop-detected': { status: 508, title: 'The request has passed this gateway before' },
  'upstream-timeout': { status: 504, title: 'The upstream did not answer in time' },
} as const;

export type ProblemCode = keyof typeof problemCatalogue;

/** One problem about to be answered. `headers` are added to the answer, for example Retry-After. */
export interface GatewayProblem {
  readonly code: ProblemCode;
  /** One sentence for the caller; names no internal address beyond the upstream's configured name. */
  readonly detail: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** Further members of the problem (RFC 9457, 3.2). */
  readonly members?: Readonly<Record<string, unknown>>;
}

interface ProblemResponse {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: Buffer;
}

/** RFC 9457. `instance` is the request id, which is in the tap and in the upstream's log too; `added` goes to every answer. */
export function toProblemResponse(
  problem: GatewayProblem,
  requestId: string,
  added: readonly (readonly [string, string])[] = [],
): ProblemResponse {
  const { status, title } = problemCatalogue[problem.code];
  const body = Buffer.from(
    JSON.stringify({
      type: `urn:gatehouse:problem:${problem.code}`,
      title,
      status,
      detail: problem.detail,
      code: problem.code,
      instance: requestId,
      ...problem.members,
    }),
  );
  const headers: [string, string][] = [
    ['content-type', 'application/problem+json'],
    ['content-length', String(body.length)],
    ['cache-control', 'no-store'],
    ['x-request-id', requestId],
    ...[...(problem.headers ?? []), ...added].map(([name, value]): [string, string] => [name, value]),
  ];
  return { status, headers, body };
}
