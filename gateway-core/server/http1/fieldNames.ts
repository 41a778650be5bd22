// The names of header fields as texts that are made once: most requests bring the same dozen.

/** What the server itself has to know of a request; everything else is for the stages. */
type Meaning = 'length' | 'encoding' | 'connection' | 'expect' | 'upgrade' | null;

export interface FieldName {
  /** As received. */
  readonly text: string;
  readonly meaning: Meaning;
}

const MEANINGS = new Map<string, Meaning>([
  ['content-length', 'length'],
  ['transfer-encoding', 'encoding'],
  ['connection', 'connection'],
  ['expect', 'expect'],
  ['upgrade', 'upgrade'],
]);

/** One place for each hash: strangers who make up names push others out, and nothing grows. */
const PLACES = 512;
/** Longer names would hold memory for strangers. */
const LONGEST_KEPT = 64;
const known = new Array<FieldName | undefined>(PLACES).fill(undefined);

/** The token that begins `text` at `start`; its hash is a whole number, for the same token always the same. */
export function findFieldName(text: string, start: number, token: { end: number; hash: number }): FieldName {
  const place = token.hash & (PLACES - 1);
  const seen = known[place];
  if (seen !== undefined && seen.text.length === token.end - start && text.startsWith(seen.text, start)) return seen;
  const name = toFieldName(text.slice(start, token.end));
  if (name.text.length <= LONGEST_KEPT) known[place] = name;
  return name;
}

function toFieldName(slice: string): FieldName {
  // A text of its own: a slice of the request's would hold the whole request.
  const text = Buffer.from(slice, 'latin1').toString('latin1');
  return { text, meaning: MEANINGS.get(text.toLowerCase()) ?? null };
}
