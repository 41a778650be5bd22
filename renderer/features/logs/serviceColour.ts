/**
 * The colour of a service's name among log lines: by its name, so that it stays the same; none is a colour of a status.
 * Nearer to that of text than in charts, since rows of trouble are tinted.
 */
export function toServiceColour(service: string): string {
  let hash = 0;
  for (const letter of service) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return `color-mix(in srgb, var(--series-${(Math.abs(hash) % 6) + 1}) 70%, var(--text))`;
}
