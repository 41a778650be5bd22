// The log lines that a window keeps, in the order of the host, and where some are missing. Arrivals only append.
import type { LogBatch, LogLine } from '../../../app/contract/index.ts';
import { SlidingList } from '../../state/slidingList.ts';

export const LOG_CAPACITY = 5000;

export type LogRow =
  | { kind: 'line'; key: number; line: LogLine }
  /** So many lines were not sent, since this window was too slow for them. */
  | { kind: 'skipped'; key: number; count: number }
  /** The engine could not be read meanwhile. */
  | { kind: 'away'; key: number; from: number; to: number };

type Arrived = Pick<LogBatch, 'lines' | 'skipped' | 'away'>;

export class LogBuffer {
  readonly #capacity: number;
  #rows = new SlidingList<LogRow>();
  /** Arrived while somebody reads. */
  #held: Arrived[] = [];
  #heldCount = 0;
  #isHeld = false;
  #nextKey = 1;
  #lineCount = 0;

  constructor(capacity = LOG_CAPACITY) {
    this.#capacity = capacity;
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  get lineCount(): number {
    return this.#lineCount;
  }

  /** Lines that wait until nobody reads any more. */
  get heldCount(): number {
    return this.#heldCount;
  }

  /** The row at a place, 0 the oldest. */
  findRow(index: number): LogRow | undefined {
    return this.#rows.at(this.#rows.start + index);
  }

  /** The place of a row; -1 when it is gone. Keys rise from row to row. */
  findIndex(key: number): number {
    let low = 0;
    let high = this.rowCount - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.findRow(middle)?.key ?? 0;
      if (found === key) return middle;
      if (found < key) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** The place of the next line, from a place on in a direction, that a test takes; -1: none. */
  findNext(from: number, step: 1 | -1, test: (line: LogLine) => boolean): number {
    for (let index = from + step; index >= 0 && index < this.rowCount; index += step) {
      const row = this.findRow(index);
      if (row?.kind === 'line' && test(row.line)) return index;
    }
    return -1;
  }

  /** Oldest first. */
  rows(): Iterable<LogRow> {
    return this.#rows;
  }

  append(batches: readonly Arrived[]): void {
    for (const batch of batches) {
      if (this.#isHeld) this.#hold(batch);
      else this.#appendNow(batch);
    }
  }

  /** Lines before all others. They stay until newer ones need their room; what is more than the room is left out. */
  prepend(lines: readonly LogLine[]): number {
    const room = Math.max(0, this.#capacity * 2 - this.rowCount);
    const taken = room === 0 ? [] : lines.slice(-room);
    const firstKey = this.#rows.first()?.key ?? this.#nextKey;
    const rows = new SlidingList<LogRow>();
    taken.forEach((line, index) => {
      rows.push({ kind: 'line', key: firstKey - taken.length + index, line });
    });
    for (const row of this.#rows) rows.push(row);
    this.#rows = rows;
    this.#lineCount += taken.length;
    return taken.length;
  }

  /** While held, arrivals wait, so that what is read does not move away. */
  setHeld(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) return;
    const held = this.#held;
    this.#held = [];
    this.#heldCount = 0;
    for (const batch of held) this.#appendNow(batch);
  }

  #hold(batch: Arrived): void {
    this.#held.push(batch);
    this.#heldCount += batch.lines.length;
    while (this.#heldCount > this.#capacity) {
      const [dropped, next] = this.#held;
      if (!dropped || !next) return;
      this.#heldCount -= dropped.lines.length;
      const skipped = next.skipped + dropped.skipped + dropped.lines.length;
      this.#held.splice(0, 2, { ...next, skipped, away: next.away ?? dropped.away });
    }
  }

  #appendNow({ lines, skipped, away }: Arrived): void {
    if (away) this.#push({ kind: 'away', key: this.#nextKey, ...away });
    if (skipped > 0) this.#push({ kind: 'skipped', key: this.#nextKey, count: skipped });
    for (const line of lines) this.#push({ kind: 'line', key: this.#nextKey, line });
    while (this.rowCount > this.#capacity) if (this.#rows.shift()?.kind === 'line') this.#lineCount -= 1;
  }

  #push(row: LogRow): void {
    this.#nextKey += 1;
    this.#rows.push(row);
    if (row.kind === 'line') this.#lineCount += 1;
  }
}
