/**
 * The latency under which the share `q` (0 to 1) of the requests stayed; null without requests.
 * Within a bucket the requests are taken as evenly spread. Above the last bound nothing more is known than the bound.
 */
export function quantileMs(q: number, boundsMs: readonly number[], counts: readonly number[]): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 0) return null;
  const wanted = q * total;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    if (count > 0 && below + count >= wanted) {
      const upper = boundsMs[index];
      const lower = index === 0 ? 0 : (boundsMs[index - 1] ?? 0);
      if (upper === undefined) return lower;
      return lower + ((wanted - below) / count) * (upper - lower);
    }
    below += count;
  }
  return boundsMs.at(-1) ?? null;
}
