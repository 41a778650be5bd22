// The engine's stamps: UTC with nine digits, so that they sort as text. Pure.

export function stampOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, -1)}000000Z`;
}

/** As the engine's `since` and `until` want it: `2026-01-02T03:04:05.123456789Z` → `1767323045.123456789`. */
export function toSeconds(stamp: string): string {
  return `${Math.floor(Date.parse(stamp) / 1000)}.${stamp.slice(20, 29)}`;
}

/** The stamp that is one nanosecond later, or earlier. */
export function shiftStamp(stamp: string, by: 1 | -1): string {
  const nanoseconds =
    BigInt(Math.floor(Date.parse(stamp) / 1000)) * 1_000_000_000n + BigInt(stamp.slice(20, 29)) + BigInt(by);
  const seconds = new Date(Number(nanoseconds / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(nanoseconds % 1_000_000_000n).padStart(9, '0')}Z`;
}
