// What is asked again and again, as the panels take it. Pure.
import { type Problem, problemOf } from '../../../app/contract/index.ts';
import { type Live, loading } from '../../api/live.ts';

export interface Polled<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  /** Epoch ms of `data`; 0 without. */
  readonly dataUpdatedAt: number;
}

/** Where the newest question failed, what was answered before stays, as stale. */
export function toPolledLive<T>({ data, error, dataUpdatedAt }: Polled<T>): Live<T> {
  const problem: Problem | null = error ? problemOf(error) : null;
  if (data !== undefined) {
    if (problem) return { state: 'stale', data, at: dataUpdatedAt, problem };
    return { state: 'live', data, at: dataUpdatedAt, problem: null };
  }
  return problem ? { state: 'failed', data: null, at: null, problem } : loading;
}
