// Counters as plain numbers, read into Prometheus at a scrape: its own increment sorts and hashes the labels each time.
import { Counter, type Registry } from 'prom-client';

interface TallyOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  readonly registry: Registry;
}

export interface Tally {
  /** The key holds the values of the labels after the first, as toKey joins them. */
  add(owner: string, key: string, amount: number): void;
  /** Forgets what belongs to owners that are not among these. */
  retain(owners: ReadonlySet<string>): void;
}

/** Between the values of a key; a control character, which no label of ours holds. */
const SEPARATOR = '\x1f';

export function toKey(...values: readonly string[]): string {
  return values.join(SEPARATOR);
}

/** The first label is the owner (a route, an upstream), the others are the parts of the key, in order. */
export function createTally<Label extends string>({ name, help, labels, registry }: TallyOptions<Label>): Tally {
  // Cells are counted in where they lie: the number itself as the map's value would be looked up twice.
  const cells = new Map<string, Map<string, { value: number }>>();
  new Counter({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect() {
      this.reset();
      for (const [owner, byKey] of cells)
        for (const [key, { value }] of byKey) {
          const values = [owner, ...(labels.length > 1 ? key.split(SEPARATOR) : [])];
          this.inc(Object.fromEntries(labels.map((label, index) => [label, values[index] ?? ''])) as never, value);
        }
    },
  });
  return {
    add(owner, key, amount) {
      const byKey = cells.get(owner);
      const cell = byKey?.get(key);
      if (cell) cell.value += amount;
      else if (byKey) byKey.set(key, { value: amount });
      else cells.set(owner, new Map([[key, { value: amount }]]));
    },
    retain(owners) {
      for (const owner of cells.keys()) if (!owners.has(owner)) cells.delete(owner);
    },
  };
}
