import type { ClaimRule, RouteAuth } from '../auth/authSection.ts';
import { toChallenge } from '../auth/challenge.ts';
import { findClaim } from '../auth/claims.ts';
import { describeRule, describeRules } from '../auth/describeAuth.ts';
import type { JsonObject } from '../auth/strictJson.ts';
import { type Decision, pass, type Stage, stop } from './stage.ts';

const NOT_ASKED: Decision = { outcome: 'skip', sentence: 'The route asks for no scope and no claim.' };
const ANONYMOUS: Decision = { outcome: 'skip', sentence: 'The caller needs no token here, so nothing is asked of it.' };
const NOBODY_LOOKED = stop({ code: 'internal', detail: 'The gateway did not find out who the caller is.' });
const ALLOWED = pass('The token has every scope and claim that the route asks for.');

/** Whether the caller may use the route, by what its token says. */
export const authorise: Stage = {
  name: 'authorise',
  decide(_request, { route, caller, identity, claims }, { config }) {
    const auth = route?.auth;
    if (!auth || !hasRules(auth)) return NOT_ASKED;
    if (caller === 'anonymous') return ANONYMOUS;
    if (caller === 'unknown')
      return { outcome: 'skip', sentence: `What the token says is not known; asked for is: ${describeRules(auth)}.` };
    // Should the stages ever stand in another order, nobody gets past this one.
    if (!identity || !claims) return NOBODY_LOOKED;
    const { realm } = config.auth;
    const missing = auth.allScopes.filter((scope) => !identity.scopes.includes(scope));
    if (missing.length > 0) return refuseScope(realm, auth, `the scope ${missing.join(', ')}`);
    if (auth.anyScopes.length > 0 && !auth.anyScopes.some((scope) => identity.scopes.includes(scope)))
      return refuseScope(realm, auth, `one of the scopes ${auth.anyScopes.join(', ')}`);
    const broken = auth.claims.find((rule) => !isSatisfied(rule, claims));
    return broken ? refuseClaim(realm, broken) : ALLOWED;
  },
};

function hasRules({ allScopes, anyScopes, claims }: RouteAuth): boolean {
  return allScopes.length > 0 || anyScopes.length > 0 || claims.length > 0;
}

/** Values are compared as they are: the number 1 is not the text "1". */
function isSatisfied({ claim, test, values }: ClaimRule, claims: JsonObject): boolean {
  const value = findClaim(claims, claim);
  if (test === 'contains') return Array.isArray(value) && values.every((wanted) => value.includes(wanted));
  return values.some((wanted) => wanted === value);
}

function refuseScope(realm: string, { allScopes, anyScopes }: RouteAuth, missing: string): Decision {
  const scopes = allScopes.length > 0 ? allScopes : anyScopes;
  const description = 'The token lacks a scope.';
  return stop({
    code: 'insufficient-scope',
    detail: `The token lacks ${missing}.`,
    headers: [toChallenge({ realm, error: 'insufficient_scope', description, scopes })],
  });
}

function refuseClaim(realm: string, rule: ClaimRule): Decision {
  const description = 'The token does not say what is asked for.';
  return stop({
    code: 'insufficient-claims',
    detail: `The token does not say what is asked for: its claim ${describeRule(rule)}.`,
    headers: [toChallenge({ realm, error: 'insufficient_scope', description })],
  });
}
