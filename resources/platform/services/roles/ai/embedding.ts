// A text as a vector, without a model: its character n-grams, hashed into a fixed number of signed sums (the hashing
// trick of Weinberger et al., ICML 2009). Words that share letters lie near each other, so slips of the pen do too.
import { toSeed } from '../../data/random.ts';

export const EMBEDDING_SIZE = 256;
const LEAST_LETTERS = 3;
const MOST_LETTERS = 5;
const TEXT_LIMIT = 2_000;

export interface WeightedText {
  text: string;
  weight: number;
}

/** EMBEDDING_SIZE numbers of length 1; zeros alone when no text has a letter or a digit. Pure. */
export function toEmbedding(texts: readonly WeightedText[]): number[] {
  const sums = new Array<number>(EMBEDDING_SIZE).fill(0);
  for (const { text, weight } of texts) {
    for (const [gram, count] of countGrams(text)) {
      const hash = mix(toSeed(gram));
      const index = hash % EMBEDDING_SIZE;
      // Which grams meet in one sum is chance; a sign by another bit lets them cancel out instead of adding up.
      const sign = hash & 0x8000_0000 ? -1 : 1;
      // A gram that comes twice says more, but not twice as much.
      sums[index] = (sums[index] ?? 0) + sign * weight * Math.sqrt(count);
    }
  }
  const length = Math.sqrt(toCosine(sums, sums));
  return length === 0 ? sums : sums.map((value) => value / length);
}

/** The low bits of FNV-1a alone are uneven over short texts. */
function mix(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

function countGrams(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  const words =
    text
      .slice(0, TEXT_LIMIT)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  for (const word of words) {
    // The marks tell the start and the end of a word from its middle.
    const marked = `<${word}>`;
    for (let letters = LEAST_LETTERS; letters <= MOST_LETTERS; letters += 1) {
      for (let at = 0; at + letters <= marked.length; at += 1) {
        const gram = marked.slice(at, at + letters);
        counts.set(gram, (counts.get(gram) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** Of two vectors of length 1. */
export function toCosine(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
