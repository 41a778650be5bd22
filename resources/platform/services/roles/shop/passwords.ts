// Passwords, kept as scrypt (RFC 7914). A hash takes 16 MiB and a tenth of a second, on purpose; so few are made at once.
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { RefusedRequest } from './refusal.ts';

/** One of the settings that OWASP's Password Storage Cheat Sheet takes as equal: less memory, more passes. */
const SETTINGS = { logN: 14, r: 8, p: 5 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Node's own limit is 32 MiB, which leaves no room for what scrypt needs beside its 128 × N × r. */
const MEMORY_LIMIT_BYTES = 64 * 1024 * 1024;
/** The other threads of Node's pool are left to name look-ups and files. */
const AT_ONCE = 2;
/** Who would come after these waits longer than a client does. */
const WAITING_LIMIT = 20;

export interface Passwords {
  hash(password: string): Promise<string>;
  /** As long for an account that is not there (`kept` null) as for a wrong password: the time must not tell which. */
  isRight(password: string, kept: string | null): Promise<boolean>;
}

export function createPasswords(settings: Settings = SETTINGS): Passwords {
  const inTurn = createTurns();
  const nobody = format(settings, randomBytes(SALT_BYTES), randomBytes(KEY_BYTES));
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return format(settings, salt, await inTurn(() => derive(password, salt, settings)));
    },
    async isRight(password, kept) {
      const parsed = parse(kept ?? nobody);
      const derived = await inTurn(() => derive(password, parsed.salt, parsed.settings));
      return timingSafeEqual(derived, parsed.key) && kept !== null;
    },
  };
}

type Settings = typeof SETTINGS;

function derive(password: string, salt: Buffer, { logN, r, p }: Settings): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** logN, r, p, maxmem: MEMORY_LIMIT_BYTES };
  return new Promise((resolve, reject) => {
    // NFC: the same password typed on two systems may come as different code points.
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** `scrypt$14$8$5$salt$key`: the settings stand with the hash, so that new ones leave the old hashes valid. */
function format({ logN, r, p }: Settings, salt: Buffer, key: Buffer): string {
  return ['scrypt', logN, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

function parse(kept: string): { settings: Settings; salt: Buffer; key: Buffer } {
  const [name, logN, r, p, salt = '', key = ''] = kept.split('$');
  const bytes = Buffer.from(key, 'base64url');
  if (name !== 'scrypt' || bytes.length !== KEY_BYTES) throw new Error('a kept password is not of the form scrypt$…');
  const settings = { logN: Number(logN), r: Number(r), p: Number(p) };
  return { settings, salt: Buffer.from(salt, 'base64url'), key: bytes };
}

function createTurns() {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= AT_ONCE) {
      if (waiting.length >= WAITING_LIMIT) {
        throw new RefusedRequest(503, 'sign-in-busy', 'too many sign in at this moment; try again in a second');
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      // The place is handed on, so that nobody who comes meanwhile can take it.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
