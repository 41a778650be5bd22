// What the view holds of the timeline: the newest page, what came since, and the older pages that were asked for. Pure.
import type {
  HistoryState,
  TimelineBatch,
  TimelineEntry,
  TimelinePage,
  Unwatched,
} from '../../../app/contract/index.ts';

export interface TimelineLog {
  /** Newest first. */
  entries: readonly TimelineEntry[];
  /** Newest first. */
  unwatched: readonly Unwatched[];
  /** Where older pages begin; null when all that is kept is here. */
  next: TimelinePage['next'];
  history: HistoryState;
}

/** What a window holds at most; the oldest go first, and can be asked for again. */
const LIMIT = 5000;

/** A batch of the stream; without a log it is the first one, the newest page. */
export function withBatch(log: TimelineLog | null, batch: TimelineBatch): TimelineLog {
  if (!log) return batch;
  const merged = merge(log, batch);
  return { ...merged, history: batch.history };
}

/** A page behind the last entry. */
export function withOlder(log: TimelineLog, page: TimelinePage): TimelineLog {
  return { ...merge(log, page), next: page.next, history: log.history };
}

function merge(log: TimelineLog, page: TimelinePage): Omit<TimelineLog, 'history'> {
  const byId = new Map(log.entries.map((entry) => [entry.id, entry]));
  for (const entry of page.entries) byId.set(entry.id, entry);
  const all = [...byId.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  const entries = all.slice(0, LIMIT);
  const last = entries.at(-1);
  // A span keeps its beginning while its end moves.
  const spans = new Map([...log.unwatched, ...page.unwatched].map((span) => [span.from, span]));
  return {
    entries,
    unwatched: [...spans.values()].sort((a, b) => b.from - a.from),
    next: all.length > LIMIT && last ? { at: last.at, id: last.id } : log.next,
  };
}

export type TimelineRow = { key: string } & (
  | { kind: 'entry'; entry: TimelineEntry }
  | { kind: 'unwatched'; span: Unwatched }
);

/** Entries that pass the test, and between them the time in which nobody watched. */
export function toRows(log: TimelineLog, passes: (entry: TimelineEntry) => boolean): TimelineRow[] {
  const entries = log.entries.filter(passes).map((entry): TimelineRow => ({ key: entry.id, kind: 'entry', entry }));
  const spans = log.unwatched.map((span): TimelineRow => ({ key: `unwatched-${span.from}`, kind: 'unwatched', span }));
  // At the same moment the span ends before the entry that ended it.
  return [...entries, ...spans].sort((a, b) => endOf(b) - endOf(a));
}

function endOf(row: TimelineRow): number {
  return row.kind === 'entry' ? row.entry.at : row.span.until - 0.5;
}
