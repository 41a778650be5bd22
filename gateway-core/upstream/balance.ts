// Which replica gets a request: the less busy of two that are taken at random by weight. Pure.

/** As far as balancing looks at it. */
export interface Candidate {
  readonly inFlight: number;
  /** Smoothed ms until the header of an answer; 0 when nothing recent is known. */
  latencyMs(now: number): number;
}

export interface BalanceQuestion<T extends Candidate> {
  readonly now: number;
  /** Above 0 for those that may be taken; its size is the share at low load. */
  readonly weightOf: (candidate: T) => number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

const CLEAR_FACTOR = 2;
const CLEAR_MS = 5;

/** undefined when none may be taken. */
export function pickReplica<T extends Candidate>(all: readonly T[], question: BalanceQuestion<T>): T | undefined {
  const first = takeByWeight(all, question, undefined);
  const second = first && takeByWeight(all, question, first);
  if (!first || !second) return first;
  const { weightOf, now } = question;
  const [weight, otherWeight] = [weightOf(first), weightOf(second)];
  const load = first.inFlight / weight;
  const otherLoad = second.inFlight / otherWeight;
  if (load !== otherLoad) return load < otherLoad ? first : second;
  // The dice fell by weight, which nothing but load may overrule.
  if (weight !== otherWeight) return first;
  return isClearlyFaster(second.latencyMs(now), first.latencyMs(now)) ? second : first;
}

/** Noise must not decide, and what is not known is not fast. */
function isClearlyFaster(latencyMs: number, thanMs: number): boolean {
  return latencyMs > 0 && latencyMs * CLEAR_FACTOR < thanMs && thanMs - latencyMs > CLEAR_MS;
}

function takeByWeight<T extends Candidate>(
  all: readonly T[],
  { weightOf, random }: BalanceQuestion<T>,
  without: T | undefined,
): T | undefined {
  let total = 0;
  for (const one of all) if (one !== without) total += weightOf(one);
  if (total <= 0) return undefined;
  let left = random() * total;
  let last: T | undefined;
  for (const one of all) {
    const weight = one === without ? 0 : weightOf(one);
    if (weight <= 0) continue;
    last = one;
    left -= weight;
    if (left < 0) return one;
  }
  // Only rounding gets here.
  return last;
}

/** The least part of its share that a replica gets while it warms up, as in Envoy: with none it would never begin. */
const FIRST_SHARE = 0.1;

/** How much of its weight a replica counts for, from 0.1 to 1, as it has been in use for `ageMs` of its slow start. */
export function rampUp(ageMs: number, slowStartMs: number): number {
  if (ageMs >= slowStartMs) return 1;
  return Math.max(FIRST_SHARE, ageMs / slowStartMs);
}

/** Envoy's panic mode: with too few healthy ones, those would break under all of the load, so all are used. */
export function isPanic(healthy: number, all: number, panicShare: number): boolean {
  return panicShare > 0 && healthy < all * panicShare;
}
