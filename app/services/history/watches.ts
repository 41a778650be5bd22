// When an environment was watched at all: what happened in between nobody knows, and the timeline says so.
import { randomUUID } from 'node:crypto';
import type { Unwatched } from '../../contract/index.ts';
import type { History } from './history.ts';

export interface Watch {
  /** Watched until now. */
  confirm(): void;
}

export function beginWatch(history: History, place: string, now: () => number): Watch {
  const [id, at] = [randomUUID(), now()];
  const confirm = () =>
    history.write((database) => {
      database.run('INSERT OR REPLACE INTO watches (id, place, at, until) VALUES (?, ?, ?, ?)', id, place, at, now());
    });
  confirm();
  return { confirm };
}

/** Those that touch the span, in any order. */
export function listWatches(history: History, place: string, span: Unwatched): Unwatched[] {
  const sql = 'SELECT at, until FROM watches WHERE place = ? AND until >= ? AND at <= ?';
  return history
    .read((database) => database.all(sql, place, Math.floor(span.from), Math.ceil(span.until)))
    .map((row) => ({ from: Number(row.at), until: Number(row.until) }));
}

/** Pure. The parts of `span` that no watch covers, newest first; gaps shorter than `toleranceMs` are none. */
export function findUnwatched(span: Unwatched, watches: readonly Unwatched[], toleranceMs: number): Unwatched[] {
  const gaps: Unwatched[] = [];
  let covered = span.from;
  for (const watch of watches.toSorted((a, b) => a.from - b.from)) {
    if (watch.from - covered > toleranceMs) gaps.push({ from: covered, until: Math.min(watch.from, span.until) });
    covered = Math.max(covered, watch.until);
  }
  if (span.until - covered > toleranceMs) gaps.push({ from: covered, until: span.until });
  return gaps.reverse();
}
