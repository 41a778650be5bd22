// Log-spaced latency bounds: a bucket is 1.25 times as wide as the one before, so every quantile is within 25 % anywhere.

const FIRST_MS = 0.1;
const LAST_MS = 60_000;
const STEP = 1.25;

export const latencyBoundsMs: readonly number[] = buildBounds();

function buildBounds(): number[] {
  const bounds: number[] = [];
  for (let bound = FIRST_MS; bound < LAST_MS; bound *= STEP) bounds.push(Number(bound.toPrecision(4)));
  return [...bounds, LAST_MS];
}

/** The index of the first bound that is not below the value; bounds.length when it is above all. */
export function findBucket(valueMs: number): number {
  let low = 0;
  let high = latencyBoundsMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((latencyBoundsMs[middle] ?? 0) < valueMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
