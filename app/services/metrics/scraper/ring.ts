// What the host measured itself: an hour in looks of 5 s, a day in minutes. Its size is fixed by the number of series.

export interface SeriesKey {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Look {
  /** Epoch ms. */
  readonly at: number;
  /** By how much counters grew since the look before. */
  readonly counters: readonly (SeriesKey & { readonly increase: number })[];
  readonly gauges: readonly (SeriesKey & { readonly value: number })[];
}

export interface RingSeries extends SeriesKey {
  readonly kind: 'counter' | 'gauge';
  /** Of a counter all that it grew since `bornAt`, of a gauge its value; NaN where it was not seen. */
  at(look: number): number;
  /** The first look that saw it. */
  readonly bornAt: number;
}

/** The looks of one tier, oldest first. */
export interface Looks {
  /** Distance between two, ms. */
  readonly stepMs: number;
  readonly count: number;
  /** Epoch ms. */
  timeOf(look: number): number;
  /** Two looks with the same number are within one stretch that was watched without a break. */
  stretchOf(look: number): number;
}

export interface Ring {
  /** A look later than `longestGapMs` after the one before begins a new stretch; what grew in between is not counted. */
  add(look: Look): void;
  /** Whether a look at this time would go on from the one before. */
  continuesAt(at: number): boolean;
  /** The looks that are fine enough for the step and reach back far enough, as far as there are any. */
  looks(from: number, stepMs: number): Looks;
  series(looks: Looks, metric: string): RingSeries[];
  /** Series that were not taken in, since there were too many. */
  readonly refusedCount: number;
}

export interface RingOptions {
  seriesLimit: number;
  longestGapMs: number;
}

export const fineMs = 5000;
const coarseMs = 60_000;
const tierSizes = [
  { stepMs: fineMs, slots: 720 },
  { stepMs: coarseMs, slots: 1440 },
] as const;

interface Stored {
  key: SeriesKey;
  kind: 'counter' | 'gauge';
  total: number;
  bornAt: number;
  /** One array a tier. */
  values: Float64Array[];
}

interface Tier {
  stepMs: number;
  slots: number;
  times: Float64Array;
  stretches: Int32Array;
  /** Number of the newest slot: its time divided by the step. */
  newest: number;
}

export function createRing({ seriesLimit, longestGapMs }: RingOptions): Ring {
  const tiers = tierSizes.map(createTier);
  const stored = new Map<string, Stored>();
  let refusedCount = 0;
  let last = Number.NEGATIVE_INFINITY;
  let stretch = 0;

  const find = (key: SeriesKey, kind: Stored['kind'], at: number): Stored | undefined => {
    const id = toId(key);
    const known = stored.get(id);
    if (known) return known;
    if (stored.size >= seriesLimit) forgetOldest(stored, tiers);
    if (stored.size >= seriesLimit) {
      refusedCount += 1;
      return undefined;
    }
    const values = tierSizes.map(({ slots }) => new Float64Array(slots).fill(Number.NaN));
    const fresh: Stored = { key, kind, total: 0, bornAt: at, values };
    stored.set(id, fresh);
    return fresh;
  };
  const write = (series: Stored, value: number) => {
    for (const [index, tier] of tiers.entries()) {
      const values = series.values[index];
      if (values) values[tier.newest % tier.slots] = value;
    }
  };
  const continuesAt = (at: number) => at > last && at - last <= longestGapMs;

  return {
    continuesAt,
    get refusedCount() {
      return refusedCount;
    },
    add({ at, counters, gauges }) {
      // A clock that was set back would make slots that are both old and new.
      if (at <= last) return;
      const goesOn = continuesAt(at);
      if (!goesOn) stretch += 1;
      last = at;
      for (const [index, tier] of tiers.entries()) openSlot(tier, { at, stretch, index }, stored);
      for (const { increase, ...key } of counters) {
        const series = find(key, 'counter', at);
        if (!series) continue;
        if (goesOn) series.total += increase;
        write(series, series.total);
      }
      for (const { value, ...key } of gauges) {
        const series = find(key, 'gauge', at);
        if (series) write(series, value);
      }
    },
    looks(from, stepMs) {
      const [fine, coarse] = tiers.map(toLooks);
      if (!fine || !coarse) throw new Error('a ring has two tiers');
      const reachesBack = fine.count === 0 || fine.timeOf(0) <= from || fine.timeOf(0) <= coarse.timeOf(0);
      return stepMs < coarseMs || reachesBack ? fine : coarse;
    },
    series(looks, metric) {
      const index = tierSizes.findIndex(({ stepMs }) => stepMs === looks.stepMs);
      const { order } = looks as OrderedLooks;
      return [...stored.values()]
        .filter(({ key }) => key.metric === metric)
        .map(({ key, kind, bornAt, values }) => ({
          ...key,
          kind,
          bornAt,
          at: (look) => values[index]?.[order[look] ?? -1] ?? Number.NaN,
        }));
    },
  };
}

interface OrderedLooks extends Looks {
  /** Slots in the order of time. */
  readonly order: readonly number[];
}

function createTier({ stepMs, slots }: (typeof tierSizes)[number]): Tier {
  return {
    stepMs,
    slots,
    times: new Float64Array(slots).fill(Number.NaN),
    stretches: new Int32Array(slots),
    newest: Number.NaN,
  };
}

/** The slot of this moment; what lies in those between from the round before is taken away. */
function openSlot(
  tier: Tier,
  { at, stretch, index }: { at: number; stretch: number; index: number },
  stored: ReadonlyMap<string, Stored>,
): void {
  const slot = Math.floor(at / tier.stepMs);
  const first = Number.isNaN(tier.newest) ? slot : tier.newest + 1;
  for (let passed = Math.max(first, slot - tier.slots + 1); passed <= slot; passed += 1) {
    const place = passed % tier.slots;
    tier.times[place] = Number.NaN;
    for (const { values } of stored.values()) values[index]?.fill(Number.NaN, place, place + 1);
  }
  tier.newest = slot;
  tier.times[slot % tier.slots] = at;
  tier.stretches[slot % tier.slots] = stretch;
}

function toLooks({ stepMs, slots, times, stretches, newest }: Tier): OrderedLooks {
  const order: number[] = [];
  for (let slot = newest - slots + 1; slot <= newest; slot += 1) {
    const place = ((slot % slots) + slots) % slots;
    if (!Number.isNaN(times[place] ?? Number.NaN)) order.push(place);
  }
  return {
    stepMs,
    count: order.length,
    order,
    timeOf: (look) => times[order[look] ?? -1] ?? Number.NaN,
    stretchOf: (look) => stretches[order[look] ?? -1] ?? -1,
  };
}

/** Makes room: series of which a day holds nothing any more. */
function forgetOldest(stored: Map<string, Stored>, tiers: readonly Tier[]): void {
  const coarse = tiers.length - 1;
  for (const [id, { values }] of stored) if (values[coarse]?.every((value) => Number.isNaN(value))) stored.delete(id);
}

/** Labels in an order of their own would make two series of one. */
function toId({ metric, labels }: SeriesKey): string {
  return JSON.stringify([metric, ...Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}
