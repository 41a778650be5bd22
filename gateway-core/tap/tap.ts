// What passes, for whoever watches. Recording never waits: a viewer that does not keep up loses events, and is told how many.
import { type ExchangeDetail, type ExchangeRow, toRow } from './exchangeRecord.ts';
import { createRing } from './ring.ts';
import type { TapConfig } from './tapSection.ts';

/** Rows that a viewer may be behind; at 1,000 exchanges a second, two seconds. */
const QUEUE_LIMIT = 2_000;

export interface TapStats {
  kept: number;
  bytes: number;
  capacityBytes: number;
  viewers: number;
  lost: number;
}

export interface Viewer {
  /** Takes what has come since the last call; `lost` counts what did not fit since then. */
  take(limit: number): { exchanges: ExchangeRow[]; lost: number };
  close(): void;
}

export interface Tap {
  record(detail: ExchangeDetail): void;
  find(id: string): ExchangeDetail | undefined;
  /**
   * `onWaiting` is called once, in a later turn of the event loop, when there is something to take; again only after
   * take. A backfill of the newest kept rows comes first.
   */
  watch(options: { backfill: number; onWaiting: () => void; queueLimit?: number }): Viewer;
  /** Holds from the next exchange on; what was kept stays as far as it fits. */
  configure(bounds: TapBounds): void;
  stats(): TapStats;
}

interface Queue {
  rows: ExchangeRow[];
  lost: number;
  add(row: ExchangeRow): void;
}

type TapBounds = Pick<TapConfig, 'capacityBytes' | 'slowMs'>;

export function createTap({ capacityBytes, slowMs }: TapBounds): Tap {
  const ring = createRing(capacityBytes);
  let bounds = { capacityBytes, slowMs };
  const queues = new Set<Queue>();
  let lost = 0;

  function createQueue(limit: number, onWaiting: () => void): Queue {
    let announced = false;
    return {
      rows: [],
      lost: 0,
      add(row) {
        if (this.rows.length >= limit) {
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

  return {
    record(detail) {
      ring.add(detail, isFailure(detail) || (detail.protocol === 'http' && detail.durationMs >= bounds.slowMs));
      if (queues.size === 0) return;
      const row = toRow(detail);
      for (const queue of queues) queue.add(row);
    },
    find: (id) => ring.find(id),
    watch({ backfill, onWaiting, queueLimit = QUEUE_LIMIT }) {
      const queue = createQueue(queueLimit, onWaiting);
      const earlier = backfill > 0 ? ring.newest(backfill).map(toRow) : [];
      queues.add(queue);
      return {
        take(limit) {
          const exchanges = earlier.length > 0 ? earlier.splice(0, limit) : queue.rows.splice(0, limit);
          // Told only once the queue is empty: what was lost came after what was kept.
          const missed = queue.rows.length === 0 ? queue.lost : 0;
          queue.lost -= missed;
          return { exchanges, lost: missed };
        },
        close: () => void queues.delete(queue),
      };
    },
    configure({ capacityBytes, slowMs }) {
      bounds = { capacityBytes, slowMs };
      ring.resize(capacityBytes);
    },
    stats: () => ({
      kept: ring.kept,
      bytes: ring.bytes,
      capacityBytes: bounds.capacityBytes,
      viewers: queues.size,
      lost,
    }),
  };
}

/** 5xx, and answers that began well and were cut: those have a code of ours beside the upstream's status. */
function isFailure({ status, code }: ExchangeDetail): boolean {
  return status !== null && (status >= 500 || (code !== null && status < 400));
}
