/** Numbers in [0, 1) that are the same for the same seed (mulberry32), so that the data is the same at every start. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A seed from a text, for data that belongs to a name (FNV-1a). */
export function toSeed(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

/** A whole number from `least` to `most`, both included. */
export function drawWhole(random: () => number, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** Draws from `values` with the chance of each in proportion to its weight. Throws on an empty list. */
export function createDraw<Value>(values: readonly Value[], toWeight: (value: Value) => number) {
  const sums = new Float64Array(values.length);
  let sum = 0;
  for (const [index, value] of values.entries()) {
    sum += toWeight(value);
    sums[index] = sum;
  }
  return (random: () => number): Value => {
    const wanted = random() * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    const found = values[low];
    if (found === undefined) throw new Error('there is nothing to draw from');
    return found;
  };
}
