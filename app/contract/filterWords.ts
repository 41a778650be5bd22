// The words of a filter as an operator types it: split at spaces, "…" keeps them together, a leading ! turns one round. Pure.

export interface FilterWord {
  /** As typed, with its quotes; what a chip shows and what is kept. */
  raw: string;
  /** Without the leading ! and the quotes. */
  text: string;
  negated: boolean;
  /** A quoted word is always text, never `field:value`. */
  quoted: boolean;
  /** Where it stands in the filter. */
  start: number;
  end: number;
}

/** A word may begin with !, then a quoted text (an open quote runs to the end) or anything up to a space. */
const WORD = /!?(?:"[^"]*"?|\S+)/g;

export function splitFilterWords(filter: string): FilterWord[] {
  const words: FilterWord[] = [];
  for (const match of filter.matchAll(WORD)) {
    const raw = match[0];
    const negated = raw.startsWith('!') && raw.length > 1;
    const rest = negated ? raw.slice(1) : raw;
    const quoted = rest.startsWith('"');
    const text = quoted ? rest.slice(1).replace(/"$/, '') : rest;
    if (text === '') continue;
    words.push({ raw, text, negated, quoted, start: match.index, end: match.index + raw.length });
  }
  return words;
}

/** `field:value` in two; null for other words. Values may hold colons. */
export function splitField(word: FilterWord): { field: string; value: string } | null {
  if (word.quoted) return null;
  const colon = word.text.indexOf(':');
  if (colon <= 0) return null;
  const field = word.text.slice(0, colon).toLowerCase();
  return /^[a-z]+$/.test(field) ? { field, value: word.text.slice(colon + 1) } : null;
}
