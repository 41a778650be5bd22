/** The colour of a service's name among log lines: by its name, so that it stays the same; none is a colour of a status. */
export function toServiceColour(service: string): string {
  let hash = 0;
  for (const letter of service) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return `var(--series-${(Math.abs(hash) % 6) + 1})`;
}
