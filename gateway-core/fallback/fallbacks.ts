// The fixed answers of routes, ready to be written. Built with a configuration, so that a missing file refuses it.
import { readFileSync, statSync } from 'node:fs';
import type { Route } from '../config/document.ts';
import type { ProblemCode } from '../problem/catalogue.ts';
import type { FallbackPolicy, FallbackReason } from './fallbackSection.ts';

const FILE_LIMIT_BYTES = 1024 * 1024;

export interface Fallback {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  readonly on: ReadonlySet<FallbackReason>;
}

/** By route id. Throws when a file is missing, no file, or larger than 1 MiB. */
export function createFallbacks(routes: readonly Route[]): ReadonlyMap<string, Fallback> {
  return new Map(routes.flatMap(({ id, fallback }) => (fallback ? [[id, createFallback(id, fallback)] as const] : [])));
}

function createFallback(route: string, { status, contentType, body, file, on }: FallbackPolicy): Fallback {
  const bytes = file === null ? Buffer.from(body ?? '') : readFallback(route, file);
  return { status, contentType, body: bytes, on: new Set(on) };
}

function readFallback(route: string, file: string): Buffer {
  try {
    const stat = statSync(file);
    if (!stat.isFile() || stat.size > FILE_LIMIT_BYTES)
      throw new Error(`it is not a file of at most ${FILE_LIMIT_BYTES} bytes`);
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the fallback of route "${route}" cannot be read from ${file}: ${reason}`);
  }
}

const REASON_OF: Readonly<Partial<Record<ProblemCode, FallbackReason>>> = {
  'breaker-open': 'breaker-open',
  'no-healthy-replica': 'no-healthy-replica',
  'upstream-unreachable': 'unreachable',
  'upstream-reset': 'reset',
  'upstream-bad-response': 'reset',
  'upstream-timeout': 'timeout',
  'upstream-saturated': 'saturated',
};

/** Why a problem is one that a fallback may stand in for; undefined when it is the caller's or the gateway's own. */
export function toFallbackReason(code: ProblemCode): FallbackReason | undefined {
  return REASON_OF[code];
}
