// Tokens that were found valid, by their hash: a client sends one token hundreds of times, and a signature costs a hundred
// times what a hash does. Refusals are never kept: strangers would fill the cache with them.
import { hash } from 'node:crypto';
import type { Lifetime } from './claims.ts';
import type { Identity } from './identity.ts';
import type { JsonObject } from './strictJson.ts';
import type { KeySet } from './verificationKey.ts';

export interface ValidToken {
  readonly identity: Identity;
  readonly claims: JsonObject;
  readonly lifetime: Lifetime;
}

interface Entry {
  readonly token: ValidToken;
  /** The keys by which it is valid; with others in force, the entry counts for nothing. */
  readonly keys: KeySet;
  readonly bytes: number;
}

const CAPACITY_BYTES = 8 * 1024 * 1024;
/** Claims as objects take several times their text; 600 is what an entry with few claims takes besides. */
const BYTES_PER_CHARACTER = 4;
const FIXED_BYTES = 600;

export interface TokenCache {
  find(token: string, keys: KeySet): ValidToken | undefined;
  keep(token: string, keys: KeySet, valid: ValidToken): void;
  readonly size: number;
}

/** The one that was asked for longest ago makes room. */
export function createTokenCache(capacityBytes = CAPACITY_BYTES): TokenCache {
  const entries = new Map<string, Entry>();
  let bytes = 0;

  function drop(key: string): void {
    bytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  }

  return {
    find(token, keys) {
      const key = toKey(token);
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (entry.keys !== keys) {
        drop(key);
        return undefined;
      }
      // A map keeps the order of insertion, so the first is always the one that was longest not asked for.
      entries.delete(key);
      entries.set(key, entry);
      return entry.token;
    },
    keep(token, keys, valid) {
      const key = toKey(token);
      drop(key);
      const entry = { token: valid, keys, bytes: FIXED_BYTES + token.length * BYTES_PER_CHARACTER };
      entries.set(key, entry);
      bytes += entry.bytes;
      for (const [oldest] of entries) {
        if (bytes <= capacityBytes) break;
        drop(oldest);
      }
    },
    get size() {
      return entries.size;
    },
  };
}

/** Not the token: a heap dump must not hand out what opens doors. */
function toKey(token: string): string {
  return hash('sha256', token, 'base64');
}
