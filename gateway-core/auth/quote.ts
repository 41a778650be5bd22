const LIMIT = 80;

/** A value of a token for a sentence that operators read: one line, short, its control characters escaped. */
export function quote(value: unknown): string {
  if (value === undefined) return '(none)';
  const text = JSON.stringify(value).replace(/[^\x20-\x7e]/g, toEscape);
  return text.length > LIMIT ? `${text.slice(0, LIMIT)}…` : text;
}

/** What reorders or hides text on a screen is not a control character to JSON. */
function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
