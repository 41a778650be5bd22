// Sessions: a one-time code that a person carries, exchanged for a token that a window keeps. Nothing here is logged.
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** No 0/O, 1/I/L and U: a code can be read aloud and typed. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const CODE_LENGTH = 8;
const CODE_LIFETIME_MS = 10 * 60_000;
const MAX_CODES = 20;
const MAX_TOKENS = 100;
/** With 30^8 codes and at most 20 alive, five tries a minute need some 6,000 years for an even chance. */
const MAX_WRONG_TRIES = 5;
const TRIES_WINDOW_MS = 60_000;

export type Caller = 'console' | 'cli';

export type Exchange =
  | { readonly outcome: 'token'; readonly token: string }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'limited'; readonly retryAfterSeconds: number };

export interface Sessions {
  /** A new code, written XXXX-XXXX: valid for ten minutes, good for one exchange. */
  issueCode(): string;
  exchangeCode(code: string): Exchange;
  /** A token that no number of windows pushes out: the one of the command line. */
  issueCliToken(): string;
  /** Who a token belongs to; undefined when it is not (or no longer) known. */
  findCaller(token: string): Caller | undefined;
}

interface Token {
  readonly digest: Buffer;
  readonly caller: Caller;
}

export function createSessions(now: () => number = Date.now): Sessions {
  let codes: { digest: Buffer; expiresAt: number }[] = [];
  /** Least recently used first. */
  let tokens: Token[] = [];
  let wrongTries: number[] = [];

  function issueToken(caller: Caller): string {
    const token = randomBytes(32).toString('base64url');
    tokens.push({ digest: digestOf(token), caller });
    const windows = tokens.filter((known) => known.caller === 'console');
    const evicted = windows.slice(0, Math.max(0, windows.length - MAX_TOKENS));
    tokens = tokens.filter((known) => !evicted.includes(known));
    return token;
  }

  return {
    issueCode() {
      const characters = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
      codes.push({ digest: digestOf(characters), expiresAt: now() + CODE_LIFETIME_MS });
      codes = codes.slice(-MAX_CODES);
      return `${characters.slice(0, 4)}-${characters.slice(4)}`;
    },

    exchangeCode(code) {
      wrongTries = wrongTries.filter((at) => at > now() - TRIES_WINDOW_MS);
      const oldest = wrongTries[0];
      // The limit holds for right codes too: otherwise guessing would only get slower to report.
      if (oldest !== undefined && wrongTries.length >= MAX_WRONG_TRIES) {
        return { outcome: 'limited', retryAfterSeconds: Math.ceil((oldest + TRIES_WINDOW_MS - now()) / 1000) };
      }
      codes = codes.filter((known) => known.expiresAt > now());
      const presented = digestOf(code.trim().toUpperCase().replace('-', ''));
      const match = findEqual(codes, presented);
      if (!match) {
        wrongTries.push(now());
        return { outcome: 'wrong' };
      }
      codes = codes.filter((known) => known !== match);
      return { outcome: 'token', token: issueToken('console') };
    },

    issueCliToken: () => issueToken('cli'),

    findCaller(token) {
      const match = findEqual(tokens, digestOf(token));
      if (!match) return undefined;
      tokens = [...tokens.filter((known) => known !== match), match];
      return match.caller;
    },
  };
}

/** Only digests are kept and compared: equal lengths for timingSafeEqual, and no secret in a heap dump. */
function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Looks at every entry whatever it finds, so that the time says nothing. */
function findEqual<T extends { digest: Buffer }>(known: readonly T[], presented: Buffer): T | undefined {
  let match: T | undefined;
  for (const entry of known) if (timingSafeEqual(entry.digest, presented)) match = entry;
  return match;
}
