// A list that grows at its end and shrinks at its start, both in constant time. Positions count on and never change.

/** So many dropped places are kept before the array is copied. */
const SLACK = 1024;

export class SlidingList<T> {
  #items: T[] = [];
  /** Dropped places at the start of #items. */
  #dropped = 0;
  /** Position of #items[0]. */
  #base = 0;

  get length(): number {
    return this.#items.length - this.#dropped;
  }

  /** Position of the oldest item. */
  get start(): number {
    return this.#base + this.#dropped;
  }

  /** Position after the newest item. */
  get end(): number {
    return this.#base + this.#items.length;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Drops and returns the oldest item. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#dropped];
    this.#dropped += 1;
    if (this.#dropped >= SLACK && this.#dropped * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#dropped);
      this.#base += this.#dropped;
      this.#dropped = 0;
    }
    return item;
  }

  at(position: number): T | undefined {
    return position < this.start ? undefined : this.#items[position - this.#base];
  }

  first(): T | undefined {
    return this.at(this.start);
  }

  last(): T | undefined {
    return this.at(this.end - 1);
  }

  /** Oldest first. */
  *[Symbol.iterator](): Generator<T> {
    for (let position = this.start; position < this.end; position += 1) yield this.#items[position - this.#base] as T;
  }
}
