// Finished exchanges within a bound of bytes. Errors and slow ones outlive the others: they are what is looked for later.

import { decodeExchange, decodeRow, encodeExchange } from './exchangeCodec.ts';
import type { ExchangeDetail, ExchangeRow } from './exchangeRecord.ts';
import { Slab, type SlabPlace } from './slab.ts';

/** What an entry takes besides its record: itself, its id and its place by id. */
const ENTRY_BYTES = 256;

interface Entry {
  readonly id: string;
  readonly sequence: number;
  readonly bytes: number;
  /** null once it is given up. */
  place: SlabPlace | null;
}

/** A queue on an array: taking the oldest does not move the rest. */
interface Lane {
  entries: (Entry | undefined)[];
  head: number;
  bytes: number;
  readonly slab: Slab;
}

interface Ring {
  readonly kept: number;
  readonly bytes: number;
  add(detail: ExchangeDetail, precious: boolean): void;
  /** A smaller one gives up what no longer fits at once. */
  resize(capacityBytes: number): void;
  has(id: string): boolean;
  find(id: string): ExchangeDetail | undefined;
  /** The newest, in order of their sequence. */
  newest(count: number): ExchangeRow[];
  /** All that are kept when it begins, the newest first. What comes or goes meanwhile does not disturb it. */
  newestFirst(): Generator<ExchangeRow>;
}

export function createRing(capacity: number): Ring {
  let capacityBytes = capacity;
  const ordinary: Lane = { entries: [], head: 0, bytes: 0, slab: new Slab() };
  const precious: Lane = { entries: [], head: 0, bytes: 0, slab: new Slab() };
  const byId = new Map<string, Entry>();
  let kept = 0;

  /** The precious may fill the whole ring, but only what is over half of it is given up for ordinary ones. */
  function chooseVictim(): Lane {
    if (ordinary.head === ordinary.entries.length) return precious;
    const preciousIsGreedy = precious.bytes > capacityBytes / 2;
    return preciousIsGreedy && precious.head < precious.entries.length ? precious : ordinary;
  }

  function evict(lane: Lane): void {
    const entry = lane.entries[lane.head];
    lane.entries[lane.head] = undefined;
    lane.head += 1;
    if (lane.head > 1024 && lane.head * 2 > lane.entries.length) {
      lane.entries = lane.entries.slice(lane.head);
      lane.head = 0;
    }
    if (!entry?.place) return;
    lane.bytes -= entry.bytes;
    kept -= 1;
    lane.slab.free(entry.place);
    entry.place = null;
    // An id that came again belongs to the newer record.
    if (byId.get(entry.id) === entry) byId.delete(entry.id);
  }

  function toRow(entry: Entry | undefined): ExchangeRow | undefined {
    return entry?.place ? decodeRow(Slab.read(entry.place)) : undefined;
  }

  function shrink(): void {
    while (ordinary.bytes + precious.bytes > capacityBytes) evict(chooseVictim());
  }

  return {
    get kept() {
      return kept;
    },
    get bytes() {
      return ordinary.bytes + precious.bytes;
    },
    add(detail, isPrecious) {
      const lane = isPrecious ? precious : ordinary;
      const place = lane.slab.add(encodeExchange(detail));
      const { id, sequence } = detail;
      const entry = { id, sequence, bytes: ENTRY_BYTES + place.bytes, place };
      if (entry.bytes > capacityBytes) return void lane.slab.free(place);
      lane.entries.push(entry);
      lane.bytes += entry.bytes;
      byId.set(id, entry);
      kept += 1;
      shrink();
    },
    resize(wanted) {
      capacityBytes = wanted;
      shrink();
    },
    has: (id) => byId.has(id),
    find(id) {
      const place = byId.get(id)?.place;
      return place ? decodeExchange(Slab.read(place)) : undefined;
    },
    *newestFirst() {
      // Held, since a lane moves on to another array when it is compacted.
      const lanes = [ordinary, precious].map(({ entries }) => ({ entries, at: entries.length - 1 }));
      const findNext = (lane: (typeof lanes)[number]) => {
        while (lane.at >= 0 && !lane.entries[lane.at]?.place) lane.at -= 1;
        return lane.entries[lane.at];
      };
      const [left, right] = lanes;
      while (left && right) {
        const [a, b] = [findNext(left), findNext(right)];
        if (!a && !b) return;
        const isLeft = !b || (a !== undefined && a.sequence > b.sequence);
        (isLeft ? left : right).at -= 1;
        const newest = toRow(isLeft ? a : b);
        if (newest) yield newest;
      }
    },
    newest(count) {
      const tail = (lane: Lane) => lane.entries.slice(Math.max(lane.head, lane.entries.length - count));
      return [...tail(ordinary), ...tail(precious)]
        .filter((entry) => entry !== undefined)
        .sort((a, b) => a.sequence - b.sequence)
        .slice(-count)
        .flatMap((entry) => toRow(entry) ?? []);
    },
  };
}
