// The demo account's token: who asks for what, with it or in place of it. It signs in at most once a second, which stays
// below the gateway's limit however fast the traffic is. Pure but for what it remembers.
import { browse, type DemoRequest, signIn } from './mix.ts';

export interface DemoAccount {
  /** What is sent now in the place of `wanted`, and the token that goes with it. */
  choose(wanted: DemoRequest): { request: DemoRequest; token: string | undefined };
  /** Takes the token out of the answer to a sign-in, and gives up one that is refused. */
  learn(request: DemoRequest, status: number, body: string): void;
}

const SIGN_IN_EVERY_MS = 1_000;
/** A token that is about to end would be refused on its way. */
const SPARE_MS = 10_000;
/** Of a backend that does not say how long. */
const LIFETIME_SECONDS = 60;

export function createDemoAccount(now: () => number): DemoAccount {
  let token: string | undefined;
  let endsAt = 0;
  let askedAt = Number.NEGATIVE_INFINITY;

  function signInOrBrowse(): { request: DemoRequest; token: undefined } {
    if (now() - askedAt < SIGN_IN_EVERY_MS) return { request: browse(), token: undefined };
    askedAt = now();
    return { request: signIn(), token: undefined };
  }

  return {
    choose(wanted) {
      if (wanted.caller === 'anyone') return { request: wanted, token: undefined };
      if (wanted.caller === 'signing in' || token === undefined || now() >= endsAt - SPARE_MS) return signInOrBrowse();
      return { request: wanted, token };
    },
    learn({ caller }, status, body) {
      if (caller === 'customer' && status === 401) token = undefined;
      if (caller !== 'signing in' || status !== 200) return;
      const given = parseToken(body);
      if (given === undefined) return;
      token = given.token;
      endsAt = now() + given.seconds * 1_000;
    },
  };
}

/** What the stack answers is not ours: only a text that can stand in a header field is a token. */
function parseToken(body: string): { token: string; seconds: number } | undefined {
  try {
    const { token, expiresInSeconds } = JSON.parse(body) as Record<string, unknown>;
    if (typeof token !== 'string' || !/^[\w.~+/=-]{1,8192}$/.test(token)) return undefined;
    return { token, seconds: typeof expiresInSeconds === 'number' ? expiresInSeconds : LIFETIME_SECONDS };
  } catch {
    return undefined;
  }
}
