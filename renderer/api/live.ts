// What a live value is to a view, and how several become one. Pure.
import type { Connection, Problem } from '../../app/contract/index.ts';

interface LiveShape<S extends string, T, P> {
  readonly state: S;
  readonly data: T;
  /** Epoch ms at which `data` arrived or, when stale, until when it was current; null before that. */
  readonly at: number | null;
  readonly problem: P;
}

/**
 * `loading`: nothing yet. `live`: current. `stale`: the last known value, its stream is interrupted.
 * `failed`: no value, and why.
 */
export type Live<T> =
  | LiveShape<'loading', null, null>
  | LiveShape<'live', T, null>
  | LiveShape<'stale', T, Problem | null>
  | LiveShape<'failed', null, Problem>;

export const loading: Live<never> = { state: 'loading', data: null, at: null, problem: null };

/** A value that is at hand, for views made of static or already checked data. */
export function liveOf<T>(data: T, at = Date.now()): Live<T> {
  return { state: 'live', data, at, problem: null };
}

/** The same state over another view of the data. */
export function mapLive<T, U>(live: Live<T>, change: (data: T) => U): Live<U> {
  if (live.state === 'live') return { ...live, data: change(live.data) };
  if (live.state === 'stale') return { ...live, data: change(live.data) };
  return live;
}

/**
 * What the host passes on of a source is as good as the host's connection to that source: behind a lost one a value is
 * the last known, and where there is none the wait is a failure that can be named. Why a value is stale is not repeated
 * in every panel: the shell's notice says it.
 */
export function behind<T>(connection: Connection | null, live: Live<T>): Live<T> {
  if (!connection || connection.problem === null) return live;
  const { state, problem, lastSeenAt } = connection;
  if (live.state === 'loading') return { state: 'failed', data: null, at: null, problem };
  if (live.state !== 'live' || state !== 'lost') return live;
  return { state: 'stale', data: live.data, at: lastSeenAt ?? live.at, problem: null };
}

type Combined<L extends Record<string, Live<unknown>>> = { [K in keyof L]: L[K] extends Live<infer T> ? T : never };

/** All of several values: as bad as the worst of them, as old as the oldest. */
export function combineLive<L extends Record<string, Live<unknown>>>(parts: L): Live<Combined<L>> {
  const all = Object.values(parts);
  const failed = all.find((part) => part.state === 'failed');
  if (failed) return failed as Live<never>;
  if (all.some((part) => part.state === 'loading')) return loading;
  const data = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.data])) as Combined<L>;
  const at = Math.min(...all.map((part) => part.at ?? 0));
  const stale = all.find((part) => part.state === 'stale');
  if (stale) return { state: 'stale', data, at, problem: stale.problem };
  return { state: 'live', data, at, problem: null };
}
