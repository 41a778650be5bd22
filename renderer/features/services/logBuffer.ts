// The log lines that a window keeps, those that pass the filter, and where lines are missing. Arrivals only append.
import type { LogBatch, LogLine } from '../../../app/contract/index.ts';
import { SlidingList } from '../../state/slidingList.ts';

export const LOG_CAPACITY = 5000;

export type LogRow =
  | { kind: 'line'; key: number; line: LogLine }
  /** So many lines were not sent, since this window was too slow for them. */
  | { kind: 'skipped'; key: number; count: number };

export interface LogFilter {
  text: string;
  /** Only warnings, errors and what came over stderr. */
  onlyTrouble: boolean;
}

export class LogBuffer {
  readonly #capacity: number;
  readonly #kept = new SlidingList<LogRow>();
  #matching = new SlidingList<LogRow>();
  /** Arrived while somebody reads. */
  #held: LogBatch[] = [];
  #heldCount = 0;
  #isHeld = false;
  #test: (line: LogLine) => boolean = () => true;
  #nextKey = 1;

  constructor(capacity = LOG_CAPACITY) {
    this.#capacity = capacity;
  }

  get keptCount(): number {
    return this.#kept.length;
  }

  get rowCount(): number {
    return this.#matching.length;
  }

  /** Lines that wait until nobody reads any more. */
  get heldCount(): number {
    return this.#heldCount;
  }

  /** The row at a place, 0 the oldest. */
  findRow(index: number): LogRow | undefined {
    return this.#matching.at(this.#matching.start + index);
  }

  /** All rows that pass the filter, oldest first. */
  rows(): Iterable<LogRow> {
    return this.#matching;
  }

  append(batches: readonly LogBatch[]): void {
    for (const batch of batches) {
      if (this.#isHeld) this.#hold(batch);
      else this.#appendNow(batch);
    }
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

  /** Goes once through what is kept. */
  setFilter({ text, onlyTrouble }: LogFilter): void {
    const wanted = text.trim().toLowerCase();
    this.#test = (line) =>
      (!onlyTrouble || isTrouble(line)) && (wanted === '' || line.text.toLowerCase().includes(wanted));
    this.#matching = new SlidingList();
    for (const row of this.#kept) if (this.#passes(row)) this.#matching.push(row);
  }

  #hold(batch: LogBatch): void {
    this.#held.push(batch);
    this.#heldCount += batch.lines.length;
    while (this.#heldCount > this.#capacity) {
      const [dropped, next] = this.#held;
      if (!dropped || !next) return;
      this.#heldCount -= dropped.lines.length;
      const skipped = next.skipped + dropped.skipped + dropped.lines.length;
      this.#held.splice(0, 2, { lines: next.lines, skipped });
    }
  }

  #appendNow({ lines, skipped }: LogBatch): void {
    if (skipped > 0) this.#push({ kind: 'skipped', key: this.#nextKey, count: skipped });
    for (const line of lines) this.#push({ kind: 'line', key: this.#nextKey, line });
  }

  #push(row: LogRow): void {
    this.#nextKey += 1;
    this.#kept.push(row);
    if (this.#passes(row)) this.#matching.push(row);
    if (this.#kept.length > this.#capacity && this.#kept.shift() === this.#matching.first()) this.#matching.shift();
  }

  #passes(row: LogRow): boolean {
    return row.kind === 'skipped' || this.#test(row.line);
  }
}

function isTrouble({ level, stream }: LogLine): boolean {
  return level === 'error' || level === 'warn' || (level === null && stream === 'stderr');
}
