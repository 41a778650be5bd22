// The timeline of a place: what happened and what operators did, from the history, newest first.
import type {
  AuditEntry,
  AuditOutcome,
  Cursor,
  Level,
  TimelineBatch,
  TimelineEntry,
  TimelineKind,
  TimelinePage,
} from '../../contract/index.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import { listHappenings } from '../history/happenings.ts';
import type { History } from '../history/history.ts';
import { findUnwatched, listWatches } from '../history/watches.ts';
import { createWake, wait } from '../stream/wait.ts';

export interface Timeline {
  page(query: TimelineQuery): TimelinePage;
  watch(query: Omit<TimelineQuery, 'before'>, signal: AbortSignal): AsyncGenerator<TimelineBatch>;
}

export interface TimelineQuery {
  place: string;
  kinds: readonly TimelineKind[];
  before: Cursor | null;
  limit: number;
}

export interface TimelineOptions {
  history: History;
  audit: AuditLog;
  now: () => number;
  /** How often it is looked for what other processes wrote. */
  pollEveryMs?: number;
}

const minIntervalMs = 250;
/** Watches are confirmed every 30 s, and a host may be busy for a while. */
const unwatchedToleranceMs = 90_000;

export function createTimeline({ history, audit, now, pollEveryMs = 2000 }: TimelineOptions): Timeline {
  const page = ({ place, kinds, before, limit }: TimelineQuery): TimelinePage => {
    // One more than asked for says whether there is a next page.
    const query = { place, before, limit: limit + 1 };
    const happened = listHappenings(history, { ...query, kinds: kinds.filter((kind) => kind !== 'operator') });
    const done = kinds.includes('operator') ? audit.list(query).map(toTimelineEntry) : [];
    const all = [...happened, ...done].toSorted(newestFirst);
    const entries = all.slice(0, limit);
    const last = entries.at(-1);
    const span = { from: last?.at ?? now(), until: before?.at ?? now() };
    return {
      entries,
      unwatched: last ? findUnwatched(span, listWatches(history, place, span), unwatchedToleranceMs) : [],
      next: last && all.length > limit ? { at: last.at, id: last.id } : null,
    };
  };

  return {
    page,
    async *watch(query, signal) {
      const wake = createWake();
      const stop = [history.onWrite(wake.notify), history.state.onChange(wake.notify)];
      try {
        let last = page({ ...query, before: null });
        yield { ...last, history: history.state.current };
        let state = history.state.current;
        while (!signal.aborted) {
          await wake.next(signal, pollEveryMs);
          if (signal.aborted) return;
          const current = page({ ...query, before: null });
          const changed = findChanged(last.entries, current.entries);
          last = current;
          if (changed.length === 0 && state === history.state.current) continue;
          state = history.state.current;
          yield { ...current, entries: changed, history: state };
          await wait(minIntervalMs, signal);
        }
      } finally {
        for (const end of stop) end();
      }
    },
  };
}

function newestFirst(a: Cursor, b: Cursor): number {
  return b.at - a.at || (a.id < b.id ? 1 : -1);
}

/** Pure. What is new or not as it was; entries that fell off the end of the page are no change. */
function findChanged(before: readonly TimelineEntry[], after: readonly TimelineEntry[]): TimelineEntry[] {
  const known = new Map(before.map((entry) => [entry.id, JSON.stringify(entry)]));
  return after.filter((entry) => known.get(entry.id) !== JSON.stringify(entry));
}

const outcomeLevels: Record<AuditOutcome, Level> = {
  running: 'unknown',
  done: 'ok',
  refused: 'degraded',
  failed: 'down',
  cancelled: 'degraded',
  notFinished: 'down',
};

/** Pure. */
export function toTimelineEntry(entry: AuditEntry): TimelineEntry {
  const { id, at, operation, outcome, problem, engineCallCount } = entry;
  return {
    id,
    at,
    kind: 'operator',
    level: outcomeLevels[outcome],
    subject: operation,
    text: `${entry.summary.charAt(0).toLowerCase()}${entry.summary.slice(1)}: ${sayOutcome(entry)}${problem ? `, ${problem.message}` : ''}`,
    operator: { who: `${entry.user} (${entry.caller})`, outcome, engineCallCount },
  };
}

function sayOutcome({ outcome, at, finishedAt }: AuditEntry): string {
  const took = finishedAt === null ? '' : ` after ${((finishedAt - at) / 1000).toFixed(1)} s`;
  switch (outcome) {
    case 'running':
      return 'still running';
    case 'done':
      return `done${took}`;
    case 'refused':
      return 'refused';
    case 'failed':
      return `failed${took}`;
    case 'cancelled':
      return `cancelled${took}`;
    case 'notFinished':
      return 'not finished: the console ended meanwhile';
  }
}
