/**
 * Docker's `since` and `until`: seconds since 1970, with up to nine digits after the point. Answers microseconds, null
 * when absent or not a number (the docker command turns durations into seconds before it sends them).
 */
export function parseTimeMicros(text: string | null): number | null {
  const match = /^(\d{1,11})(?:\.(\d{1,9}))?$/.exec(text ?? '');
  if (match === null) return null;
  return Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0').slice(0, 6));
}
