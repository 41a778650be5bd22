// How verdicts and changes say numbers and times.

/** `41 s`, `3 min`, `2 h`: a length of time. */
export function toLength(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** `9.3 %`. */
export function toPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** `a`, `a and b`, `a, b and c`, `a, b and 4 others`. */
export function toList(names: readonly string[], shown = 3): string {
  if (names.length <= 1) return names[0] ?? '';
  if (names.length > shown) return `${names.slice(0, shown - 1).join(', ')} and ${names.length - shown + 1} others`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `1 service`, `3 services`. */
export function toCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
