// Keys that are at hand when the configuration is built: of a file, of an environment variable.
import type { KeySource, KeySourceStatus } from './keySource.ts';
import type { KeySet } from './verificationKey.ts';
import type { WatchedFile } from './watchedFile.ts';

function toStatus(source: string, keys: KeySet, failure: string | null): KeySourceStatus {
  return { source, keys: keys.keys.length, unused: keys.unused, ageMs: null, failure, retryAfterMs: 0 };
}

export function createFileKeys(kind: string, file: WatchedFile<KeySet>): KeySource {
  return {
    current: () => file.current(),
    peek: () => file.current(),
    renew: () => null,
    warm() {},
    close() {},
    status: () => toStatus(kind, file.current(), file.failure),
  };
}

export function createFixedKeys(kind: string, keys: KeySet): KeySource {
  return {
    current: () => keys,
    peek: () => keys,
    renew: () => null,
    warm() {},
    close() {},
    status: () => toStatus(kind, keys, null),
  };
}
