import type { AuthProvider, RouteAuth } from '../auth/authSection.ts';
import { toChallenge } from '../auth/challenge.ts';
import { describeChecks, describePlaces } from '../auth/describeAuth.ts';
import { findToken } from '../auth/findToken.ts';
import type { Verdict } from '../auth/verifier.ts';
import { findSingle } from '../headers/headerList.ts';
import type { ProblemCode } from '../problem/catalogue.ts';
import { isUnderPrefix } from '../routes/pathPattern.ts';
import { type Decision, pass, type RequestFacts, type Stage, stop } from './stage.ts';

/** Methods that change nothing (RFC 9110, 9.2.1), so that a page of somebody else gains nothing by sending them. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

const NO_ROUTE: Decision = { outcome: 'skip', sentence: 'There is no route, so no token is asked for.' };
const NOT_ASKED: Decision = { outcome: 'skip', sentence: 'The route asks for no token.' };
const ANONYMOUS: Decision = {
  outcome: 'skip',
  sentence: 'The route takes this path or method from everybody.',
  found: { caller: 'anonymous' },
};
const WITHOUT_TOKEN = pass('There is no token, and the route takes callers without one.', { caller: 'anonymous' });

/** Finds out who the caller is. The token goes no further than this: later stages get what it says. */
export const authenticate: Stage = {
  name: 'authenticate',
  decide(request, { route, forwardedPath }, { config, verifyToken }) {
    if (!route) return NO_ROUTE;
    const { auth } = route;
    if (!auth) return NOT_ASKED;
    if (isAnonymous(auth, request.method, forwardedPath ?? '')) return ANONYMOUS;
    const { realm } = config.auth;
    const { provider } = auth;
    const found = findToken(request.headers, provider.token);
    if (found.kind === 'several') return refuseSeveral(realm);
    if (found.kind === 'none') return auth.required ? refuseMissing(realm, provider) : WITHOUT_TOKEN;
    if (found.fromCookie && !isOwnPage(request, provider)) return REFUSED_ORIGIN;
    if (!verifyToken)
      return skipUnknown(
        `There is a token, and whether it is valid is not known: no running gateway was asked. It would be taken as ${describeChecks(provider)}.`,
      );
    const verdict = verifyToken(provider.name, found.token);
    return verdict instanceof Promise
      ? verdict.then((later) => toDecision(later, provider, realm))
      : toDecision(verdict, provider, realm);
  },
};

/** For explain alone: a request that is carried out is never let through like this. */
function skipUnknown(sentence: string): Decision {
  return { outcome: 'skip', sentence, found: { caller: 'unknown' } };
}

/** By the path that the upstream gets: whatever way a request is spelled, this is what will be served. */
function isAnonymous({ anonymousMethods, anonymousPaths }: RouteAuth, method: string, forwardedPath: string): boolean {
  if (anonymousMethods.includes(method)) return true;
  if (anonymousPaths.length === 0) return false;
  const mark = forwardedPath.indexOf('?');
  const path = mark < 0 ? forwardedPath : forwardedPath.slice(0, mark);
  return anonymousPaths.some((prefix) => isUnderPrefix(path, prefix));
}

/** A browser sends a cookie for whichever page asks; only its Origin field, which no page can set, says which one did. */
function isOwnPage(request: RequestFacts, { token }: AuthProvider): boolean {
  if (request.protocol === 'http' && SAFE_METHODS.has(request.method)) return true;
  const origin = findSingle(request.headers, 'origin');
  return origin !== undefined && token.cookie?.origins.includes(origin) === true;
}

const REFUSED_ORIGIN: Decision = stop({
  code: 'origin-refused',
  detail: 'The token is in a cookie, and the Origin of the request is not one that may act with it.',
});

function refuseSeveral(realm: string): Decision {
  return stop({
    code: 'token-ambiguous',
    detail: 'The request carries more than one token or Authorization field; send one.',
    headers: [toChallenge({ realm, error: 'invalid_request', description: 'more than one token' })],
  });
}

function refuseMissing(realm: string, provider: AuthProvider): Decision {
  return {
    outcome: 'stop',
    sentence: `There is no token; one of ${provider.name} is asked for, in ${describePlaces(provider)}.`,
    answer: {
      kind: 'problem',
      problem: {
        code: 'token-missing',
        detail: `The request has no token; send one in ${describePlaces(provider)}.`,
        headers: [toChallenge({ realm })],
      },
    },
  };
}

function toDecision(verdict: Verdict, provider: AuthProvider, realm: string): Decision {
  switch (verdict.kind) {
    case 'valid': {
      const { identity, claims } = verdict.token;
      return pass(`The token is valid: ${provider.name} issued it.`, { caller: 'known', identity, claims });
    }
    case 'refused':
      return refuse(verdict.refusal, realm);
    case 'unavailable':
      return stop({
        code: 'keys-unavailable',
        detail: `The keys of ${provider.name}, which tokens are checked with, cannot be had at the moment; try again.`,
        headers: [['retry-after', String(verdict.retryAfterSeconds)]],
      });
    case 'unknown':
      return skipUnknown(`Whether the token is valid is not known: ${verdict.reason}.`);
  }
}

const DETAILS = {
  'token-invalid': 'The token is not valid here.',
  'token-expired': 'The token has expired; get a new one.',
} as const satisfies Partial<Record<ProblemCode, string>>;

/** The operator reads the reason; a caller learns no more than RFC 6750, 3.1 has a word for. */
function refuse({ code, reason }: Extract<Verdict, { kind: 'refused' }>['refusal'], realm: string): Decision {
  const detail = DETAILS[code];
  const headers = [toChallenge({ realm, error: 'invalid_token', description: detail })];
  return {
    outcome: 'stop',
    sentence: `The token is refused: ${reason}.`,
    answer: { kind: 'problem', problem: { code, detail, headers } },
  };
}
