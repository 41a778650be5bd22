// Every answer that the gateway gives by itself: stable codes, as problem+json (RFC 9457).

export const problemCatalogue = {
  'bad-request': { status: 400, title: 'The request is not well formed' },
  'bad-path': { status: 400, title: 'The path is refused' },
  'no-route': { status: 404, title: 'No route matches' },
  'method-not-allowed': { status: 405, title: 'The route does not take this method' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time' },
  'body-too-large': { status: 413, title: 'The body is larger than the route allows' },
  'expectation-failed': { status: 417, title: 'The expectation is not known' },
  'headers-too-large': { status: 431, title: 'The header fields are too large' },
  internal: { status: 500, title: 'The gateway failed' },
  'upstream-unreachable': { status: 502, title: 'The upstream cannot be reached' },
  'upstream-reset': { status: 502, title: 'The upstream broke the connection' },
  'upstream-bad-response': { status: 502, title: 'The upstream did not answer in valid HTTP' },
  'breaker-open': { status: 503, title: 'The upstream is failing and gets no requests for now' },
  'no-healthy-replica': { status: 503, title: 'No replica of the upstream takes requests for now' },
  'upstream-saturated': { status: 503, title: 'The upstream has as many requests as it may' },
  draining: { status: 503, title: 'The gateway is shutting down' },
  'upstream-timeout': { status: 504, title: 'The upstream did not answer in time' },
} as const;

export type ProblemCode = keyof typeof problemCatalogue;

/** One problem about to be answered. `headers` are added to the answer, for example Retry-After. */
export interface GatewayProblem {
  readonly code: ProblemCode;
  /** One sentence for the caller; names no internal address beyond the upstream's configured name. */
  readonly detail: string;
  readonly headers?: readonly (readonly [string, string])[];
}

interface ProblemResponse {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: Buffer;
}

/** RFC 9457. `instance` is the request id, which is in the tap and in the upstream's log too. */
export function toProblemResponse(problem: GatewayProblem, requestId: string): ProblemResponse {
  const { status, title } = problemCatalogue[problem.code];
  const body = Buffer.from(
    JSON.stringify({
      type: `urn:gatehouse:problem:${problem.code}`,
      title,
      status,
      detail: problem.detail,
      code: problem.code,
      instance: requestId,
    }),
  );
  const headers: [string, string][] = [
    ['content-type', 'application/problem+json'],
    ['content-length', String(body.length)],
    ['cache-control', 'no-store'],
    ['x-request-id', requestId],
    ...(problem.headers ?? []).map(([name, value]): [string, string] => [name, value]),
  ];
  return { status, headers, body };
}
