// What was asked once, in the four states that a panel shows. Pure.
import { problemOf } from '../../app/contract/index.ts';
import { type Live, loading } from './live.ts';

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  /** Epoch ms of the answer; 0: none yet. */
  dataUpdatedAt: number;
}

/** The last answer stays, as stale, when asking again failed. */
export function toLive<T>({ data, error, dataUpdatedAt }: Asked<T>): Live<T> {
  if (data === undefined) {
    return error ? { state: 'failed', data: null, at: null, problem: problemOf(error) } : loading;
  }
  if (error) return { state: 'stale', data, at: dataUpdatedAt, problem: problemOf(error) };
  return { state: 'live', data, at: dataUpdatedAt, problem: null };
}
