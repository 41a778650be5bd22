// A file whose content matters while the gateway runs (a secret, a key): read at once, and again when it changes.
import { readFileSync } from 'node:fs';
import { findFingerprint } from '../resolve/hosts.ts';
import type { Log } from '../server/log.ts';

/** A rotated key is in force within this time; a look costs a few microseconds. */
const CHECK_EVERY_MS = 2_000;

export interface WatchedFile<T> {
  /** The newest content that could be parsed. */
  current(): T;
  /** Why the file as it is now is not usable; null when it is in force. */
  readonly failure: string | null;
}

interface WatchedFileOptions<T> {
  /** As the operator knows it, for messages: `auth.providers.shop.keys.jwksFile`. */
  readonly what: string;
  readonly path: string;
  /** Throws on content that is not usable; its message must not quote the content. */
  readonly parse: (text: string) => T;
  readonly log: Log;
  /** Monotonic ms. */
  readonly now: () => number;
}

/** Throws when the file cannot be used at first. Later, what was good stays in force and the fault is logged. */
export function watchFile<T>({ what, path, parse, log, now }: WatchedFileOptions<T>): WatchedFile<T> {
  let seen = findFingerprint(path);
  let content = read();
  let checkedAt = now();
  let failure: string | null = null;

  function read(): T {
    try {
      return parse(readFileSync(path, 'utf8'));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new Error(`${what}: the file ${path} is not usable: ${code === undefined ? message : code}`);
    }
  }

  function look(): void {
    const fingerprint = findFingerprint(path);
    if (fingerprint === seen) return;
    seen = fingerprint;
    try {
      content = read();
      failure = null;
      log.info('key file read again', { what, file: path });
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      log.error('key file not usable, the last good one stays in force', { what, file: path, reason: failure });
    }
  }

  return {
    current() {
      const at = now();
      if (at - checkedAt >= CHECK_EVERY_MS) {
        checkedAt = at;
        look();
      }
      return content;
    },
    get failure() {
      return failure;
    },
  };
}
