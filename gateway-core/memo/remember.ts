// What was computed of a text, for texts that come again and again while strangers may make up others.

const MAXIMUM_TEXTS = 1_024;
/** Longer ones are rare among those that come again, and a stranger's could fill the memory. */
const MAXIMUM_LENGTH = 256;

/**
 * Answers as `compute` does, which must be pure. Keeps at most 1,024 texts of up to 256 characters, and forgets all when
 * it is full: who makes up texts makes others pay what they paid before, and not for ever. `undefined` is not kept.
 */
export function remember<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const seen = known.get(text);
    if (seen !== undefined) return seen;
    const value = compute(text);
    if (value === undefined || text.length > MAXIMUM_LENGTH) return value;
    if (known.size >= MAXIMUM_TEXTS) known.clear();
    // A copy: what was cut out of a longer text, for example the head of a request, would hold all of it.
    known.set(Buffer.from(text).toString(), value);
    return value;
  };
}
