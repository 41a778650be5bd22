// What an error of a connection means: an answer for the caller, a kind for the breaker, words for the operator.
import type { FailureKind } from '../breaker/breaker.ts';
import type { ProblemCode } from '../problem/catalogue.ts';

export interface UpstreamFailure {
  readonly code: ProblemCode;
  readonly kind: FailureKind;
  /** Ends before the upstream's name: `connection refused by`. */
  readonly words: string;
}

const REFUSED: UpstreamFailure = {
  code: 'upstream-unreachable',
  kind: 'connection refused',
  words: 'connection refused by',
};
const UNREACHABLE: UpstreamFailure = { ...REFUSED, words: 'no way to' };
const UNTRUSTED: UpstreamFailure = { ...REFUSED, words: 'no trusted certificate from' };
const NOT_FOUND: UpstreamFailure = { code: 'upstream-unreachable', kind: 'name not found', words: 'no address for' };
const CONNECT_TIMEOUT: UpstreamFailure = {
  code: 'upstream-timeout',
  kind: 'connect timeout',
  words: 'no connection in time to',
};
const RESET: UpstreamFailure = { code: 'upstream-reset', kind: 'reset', words: 'connection broken by' };
const INVALID: UpstreamFailure = { code: 'upstream-bad-response', kind: 'invalid answer', words: 'no valid HTTP from' };

const BY_CODE: Readonly<Record<string, UpstreamFailure>> = {
  ECONNREFUSED: REFUSED,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EHOSTDOWN: UNREACHABLE,
  EADDRNOTAVAIL: UNREACHABLE,
  EACCES: UNREACHABLE,
  ENOTFOUND: NOT_FOUND,
  EAI_AGAIN: NOT_FOUND,
  ECONNECT_TIMEOUT: CONNECT_TIMEOUT,
  ETIMEDOUT: CONNECT_TIMEOUT,
  UPSTREAM_CLOSED: RESET,
  UPSTREAM_INVALID: INVALID,
  ECONNRESET: RESET,
  EPIPE: RESET,
  ECONNABORTED: RESET,
};

const CODES: Readonly<Record<FailureKind, ProblemCode>> = {
  'connection refused': 'upstream-unreachable',
  'name not found': 'upstream-unreachable',
  'connect timeout': 'upstream-timeout',
  timeout: 'upstream-timeout',
  reset: 'upstream-reset',
  'invalid answer': 'upstream-bad-response',
  'status 502': 'upstream-bad-response',
  'status 503': 'upstream-bad-response',
  'status 504': 'upstream-bad-response',
};

/** Certificates that do not verify, by OpenSSL's names and Node's own for a wrong host; nothing was sent by then. */
const CERTIFICATE_CODES = /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA$|ERR_TLS_CERT_)/;

/** How a failure is called in metrics and traces, whose values are to stay few and stable. */
export function toFailureCode(kind: FailureKind): ProblemCode {
  return CODES[kind];
}

/** For what no error is needed: the clock says it. */
export const connectTimeout: UpstreamFailure = CONNECT_TIMEOUT;
export const noAddress: UpstreamFailure = NOT_FOUND;

/** Anything unknown is an answer that could not be read: it came after the connection stood. */
export function classifyUpstreamError(error: unknown): UpstreamFailure {
  const code = findErrorCode(error);
  if (code === undefined) return INVALID;
  return BY_CODE[code] ?? (CERTIFICATE_CODES.test(code) ? UNTRUSTED : INVALID);
}

/** Connecting to several addresses of one name fails with an AggregateError; its first error tells why. */
function findErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, errors } = error as { code?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return Array.isArray(errors) ? findErrorCode(errors[0]) : undefined;
}
