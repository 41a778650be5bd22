// The exchanges that the view keeps, those of them that pass the filter, and the rows that show them, newest first.
// Each arrival costs the same however much is kept: nothing is sorted or filtered again while traffic flows.
import { type Exchange, type ExchangeTest, parseExchangeFilter } from '../../../app/contract/index.ts';
import { SlidingList } from '../../state/slidingList.ts';

export const TRAFFIC_CAPACITY = 5000;
/** A run of alike refusals shows its newest ones, and the rest as one row. */
export const FOLD_HEAD = 4;
export const FOLD_MINIMUM = 8;

/** Neighbours among the matching exchanges: alike refusals (with a key), or a stretch of anything else (without). */
interface Run {
  id: number;
  key: string | null;
  /** Positions in #matching: from start (included) to end (excluded). */
  start: number;
  end: number;
  /** Rows of all runs up to and with this one, counted since the log began. */
  rowEnd: number;
  expanded: boolean;
}

export type TrafficRow =
  | { kind: 'exchange'; exchange: Exchange }
  | {
      kind: 'fold';
      run: number;
      expanded: boolean;
      /** How many exchanges the row stands for. */
      count: number;
      oldest: Exchange;
      newest: Exchange;
    };

/** What makes two refusals alike; null for what is always shown by itself. */
export function toFoldKey({ status, code, route }: Exchange): string | null {
  // Only what the gateway itself refused, without asking an upstream: those come in floods and say the same.
  return status !== null && status >= 400 && code !== null ? `${status} ${code} ${route ?? ''}` : null;
}

export class TrafficLog {
  readonly #capacity: number;
  readonly #kept = new SlidingList<Exchange>();
  readonly #ids = new Set<string>();
  #matching = new SlidingList<Exchange>();
  #runs = new SlidingList<Run>();
  #matches: ExchangeTest = () => true;
  #filter = '';
  #nextRun = 1;

  constructor(capacity = TRAFFIC_CAPACITY) {
    this.#capacity = capacity;
  }

  get keptCount(): number {
    return this.#kept.length;
  }

  get matchingCount(): number {
    return this.#matching.length;
  }

  get filter(): string {
    return this.#filter;
  }

  get rowCount(): number {
    const last = this.#runs.last();
    return last ? last.rowEnd - this.#rowStart() : 0;
  }

  /** All exchanges that pass the filter, oldest first. */
  matching(): Iterable<Exchange> {
    return this.#matching;
  }

  /** Exchanges in order of arrival; those that are already kept (repeated after a reconnect) are passed over. */
  append(exchanges: readonly Exchange[]): void {
    for (const exchange of exchanges) {
      if (this.#ids.has(exchange.id)) continue;
      this.#kept.push(exchange);
      this.#ids.add(exchange.id);
      if (this.#matches(exchange)) this.#appendMatching(exchange);
      if (this.#kept.length > this.#capacity) this.#dropOldest();
    }
  }

  /** Goes once through what is kept. */
  setFilter(filter: string): void {
    this.#filter = filter;
    this.#matches = parseExchangeFilter(filter).matches;
    this.#matching = new SlidingList();
    this.#runs = new SlidingList();
    for (const exchange of this.#kept) if (this.#matches(exchange)) this.#appendMatching(exchange);
  }

  /** Shows or hides the exchanges of a folded run. */
  toggleRun(id: number): void {
    let rowEnd = this.#rowStart();
    for (const run of this.#runs) {
      if (run.id === id) run.expanded = !run.expanded;
      rowEnd += countRows(run);
      run.rowEnd = rowEnd;
    }
  }

  /** The row at a place of the table, 0 the newest. */
  findRow(index: number): TrafficRow | undefined {
    const last = this.#runs.last();
    if (!last || index < 0 || index >= this.rowCount) return undefined;
    const run = this.#findRun(last.rowEnd - 1 - index);
    if (!run) return undefined;
    const place = run.rowEnd - 1 - (last.rowEnd - 1 - index);
    if (!isFoldable(run) || place < FOLD_HEAD) return this.#toExchangeRow(run.end - 1 - place);
    if (place > FOLD_HEAD) return this.#toExchangeRow(run.end - place);
    const newest = this.#matching.at(run.end - 1 - FOLD_HEAD);
    const oldest = this.#matching.at(run.start);
    if (!newest || !oldest) return undefined;
    const count = run.end - run.start - FOLD_HEAD;
    return { kind: 'fold', run: run.id, expanded: run.expanded, count, oldest, newest };
  }

  /** The place of an exchange in the table; that of the fold where it is hidden; -1 when it is not there. */
  findIndex(id: string): number {
    if (!this.#ids.has(id)) return -1;
    for (let position = this.#matching.end - 1; position >= this.#matching.start; position -= 1) {
      if (this.#matching.at(position)?.id === id) return this.#toIndex(position);
    }
    return -1;
  }

  #toIndex(position: number): number {
    let index = 0;
    for (let place = this.#runs.end - 1; place >= this.#runs.start; place -= 1) {
      const run = this.#runs.at(place);
      if (!run) return -1;
      if (position < run.start) {
        index += countRows(run);
        continue;
      }
      const fromNewest = run.end - 1 - position;
      if (!isFoldable(run) || fromNewest < FOLD_HEAD) return index + fromNewest;
      return index + (run.expanded ? fromNewest + 1 : FOLD_HEAD);
    }
    return -1;
  }

  #toExchangeRow(position: number): TrafficRow | undefined {
    const exchange = this.#matching.at(position);
    return exchange ? { kind: 'exchange', exchange } : undefined;
  }

  #appendMatching(exchange: Exchange): void {
    const position = this.#matching.end;
    this.#matching.push(exchange);
    const key = toFoldKey(exchange);
    const last = this.#runs.last();
    if (last && last.key === key) {
      const before = countRows(last);
      last.end = position + 1;
      last.rowEnd += countRows(last) - before;
      return;
    }
    const rowEnd = (last?.rowEnd ?? 0) + 1;
    this.#runs.push({ id: this.#nextRun, key, start: position, end: position + 1, rowEnd, expanded: false });
    this.#nextRun += 1;
  }

  #dropOldest(): void {
    const dropped = this.#kept.shift();
    if (!dropped) return;
    this.#ids.delete(dropped.id);
    if (this.#matching.first() !== dropped) return;
    this.#matching.shift();
    // The ends of all runs stay where they are: only the first run gets shorter, at its start.
    const run = this.#runs.first();
    if (!run) return;
    run.start += 1;
    if (run.start === run.end) this.#runs.shift();
  }

  /** Rows that were dropped since the log began. */
  #rowStart(): number {
    const first = this.#runs.first();
    return first ? first.rowEnd - countRows(first) : 0;
  }

  /** The run that holds a row; rows count on like positions do. */
  #findRun(row: number): Run | undefined {
    let low = this.#runs.start;
    let high = this.#runs.end - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs.at(middle)?.rowEnd ?? 0) > row) high = middle;
      else low = middle + 1;
    }
    return this.#runs.at(low);
  }
}

function isFoldable(run: Run): boolean {
  return run.key !== null && run.end - run.start >= FOLD_MINIMUM;
}

function countRows(run: Run): number {
  const length = run.end - run.start;
  if (!isFoldable(run)) return length;
  return run.expanded ? length + 1 : FOLD_HEAD + 1;
}
