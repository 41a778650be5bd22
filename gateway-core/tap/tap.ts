// What passes, for whoever watches. Recording never waits: a viewer that does not keep up loses events, and is told how many.
import { createPreviews, type Previews } from './bodyPreview.ts';
import type { ExchangeTest } from './exchangeFilter.ts';
import { type ExchangeDetail, type ExchangeRow, toRow } from './exchangeRecord.ts';
import { createRing } from './ring.ts';
import type { TapConfig } from './tapSection.ts';

/** Rows that a viewer may be behind; at 1,000 exchanges a second, two seconds. */
const QUEUE_LIMIT = 2_000;
/** Share of the capacity that the previews of bodies which still run may take besides. */
const RUNNING_SHARE = 1 / 4;

export interface TapStats {
  kept: number;
  bytes: number;
  capacityBytes: number;
  viewers: number;
  lost: number;
}

export interface Viewer {
  /** The sequence behind which this viewer begins. */
  readonly startsAfter: number;
  /** Exchanges after the `after` of watch that are not kept any more. */
  readonly gone: number;
  /** Takes what has come since the last call; `lost` counts what did not fit since then. */
  take(limit: number): { exchanges: ExchangeRow[]; lost: number };
  close(): void;
}

interface WatchOptions {
  /** Called once, in a later turn of the event loop, when there is something to take; again only after take. */
  readonly onWaiting: () => void;
  /** So many of the newest kept rows come first. */
  readonly backfill?: number;
  /** Every kept row after this sequence comes first, instead. */
  readonly after?: number | undefined;
  /** Asked before a row takes room in the queue, and of the earlier ones. */
  readonly fits?: ExchangeTest | undefined;
  readonly queueLimit?: number;
}

export interface Tap {
  readonly previews: Previews;
  /** Of the newest exchange; 0 before the first. */
  readonly lastSequence: number;
  record(detail: ExchangeDetail): void;
  has(id: string): boolean;
  find(id: string): ExchangeDetail | undefined;
  /** Kept ones, newest first. Long: give the event loop its turn now and then. */
  newestFirst(): Generator<ExchangeRow>;
  watch(options: WatchOptions): Viewer;
  /** Holds from the next exchange on; what was kept stays as far as it fits. */
  configure(config: TapConfig): void;
  stats(): TapStats;
}

interface Queue {
  rows: ExchangeRow[];
  lost: number;
  add(row: ExchangeRow): void;
}

export function createTap(first: TapConfig): Tap {
  const ring = createRing(first.capacityBytes);
  const previews = createPreviews(toPreviewBounds(first));
  const queues = new Set<Queue>();
  let config = first;
  let lost = 0;
  let lastSequence = 0;

  function createQueue({ onWaiting, fits, queueLimit = QUEUE_LIMIT }: WatchOptions): Queue {
    let announced = false;
    return {
      rows: [],
      lost: 0,
      add(row) {
        if (fits && !fits(row)) return;
        if (this.rows.length >= queueLimit) {
          this.lost += 1;
          lost += 1;
        } else this.rows.push(row);
        if (announced) return;
        announced = true;
        // A later turn: the data path does not run a viewer's code, and one call serves a whole burst.
        setImmediate(() => {
          announced = false;
          if (queues.has(this)) onWaiting();
        });
      },
    };
  }

  function findEarlier({ backfill = 0, after }: WatchOptions): ExchangeRow[] {
    if (after === undefined) return backfill > 0 ? ring.newest(backfill) : [];
    return ring.newest(ring.kept).filter(({ sequence }) => sequence > after);
  }

  return {
    previews,
    get lastSequence() {
      return lastSequence;
    },
    record(detail) {
      lastSequence = detail.sequence;
      ring.add(detail, isFailure(detail) || (detail.protocol === 'http' && detail.durationMs >= config.slowMs));
      if (queues.size === 0) return;
      const row = toRow(detail);
      for (const queue of queues) queue.add(row);
    },
    has: (id) => ring.has(id),
    find: (id) => ring.find(id),
    newestFirst: () => ring.newestFirst(),
    watch(options) {
      const { after, fits } = options;
      const queue = createQueue(options);
      // In one turn with adding the queue, so that nothing falls between the two.
      const earlier = findEarlier(options);
      const gone = after === undefined ? 0 : Math.max(0, lastSequence - after - earlier.length);
      const rows = fits ? earlier.filter(fits) : earlier;
      queues.add(queue);
      return {
        startsAfter: after ?? (earlier[0]?.sequence ?? lastSequence + 1) - 1,
        gone,
        take(limit) {
          const exchanges = rows.length > 0 ? rows.splice(0, limit) : queue.rows.splice(0, limit);
          // Told only once the queue is empty: what was lost came after what was kept.
          const missed = queue.rows.length === 0 ? queue.lost : 0;
          queue.lost -= missed;
          return { exchanges, lost: missed };
        },
        close: () => void queues.delete(queue),
      };
    },
    configure(next) {
      config = next;
      ring.resize(next.capacityBytes);
      previews.configure(toPreviewBounds(next));
    },
    stats: () => ({
      kept: ring.kept,
      bytes: ring.bytes,
      capacityBytes: config.capacityBytes,
      viewers: queues.size,
      lost,
    }),
  };
}

function toPreviewBounds({ bodyPreviewBytes, capacityBytes }: TapConfig) {
  return { bodyPreviewBytes, runningBytes: capacityBytes * RUNNING_SHARE };
}

/** 5xx, and answers that began well and were cut: those have a code of ours beside the upstream's status. */
function isFailure({ status, code }: ExchangeDetail): boolean {
  return status !== null && (status >= 500 || (code !== null && status < 400));
}
