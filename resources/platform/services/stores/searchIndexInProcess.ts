// The index where no Elasticsearch runs: in this process's memory. Like Elasticsearch's AUTO fuzziness it forgives one
// slip in words of three to five characters and two in longer ones.
import {
  FIELD_WEIGHTS,
  type Hit,
  type IndexedProduct,
  type SearchIndex,
  type VersionedProduct,
} from './searchIndex.ts';

type Field = keyof typeof FIELD_WEIGHTS;

interface Entry {
  product: IndexedProduct;
  version: number;
  words: Record<Field, readonly string[]>;
}

const WORDS_ASKED = 10;

export function createInProcessIndex(): SearchIndex {
  const entries = new Map<number, Entry>();
  return {
    described: 'in this process: no Elasticsearch runs',
    isAway: false,
    async search({ text, category, limit }) {
      const asked = toWords(text).slice(0, WORDS_ASKED);
      const hits: Hit[] = [];
      for (const { product, words } of entries.values()) {
        if (category !== undefined && product.category !== category) continue;
        const score = asked.reduce((sum, word) => sum + scoreWord(word, words), 0);
        if (score > 0) hits.push({ ...product, score });
      }
      hits.sort((a, b) => b.score - a.score || a.id - b.id);
      return { count: hits.length, hits: hits.slice(0, limit) };
    },
    async put(products) {
      for (const given of products) putOne(entries, given);
    },
    prepare: async () => entries.size,
    probe: async () => {},
    close: async () => entries.clear(),
  };
}

function putOne(entries: Map<number, Entry>, { product, version }: VersionedProduct): void {
  if ((entries.get(product.id)?.version ?? Number.NEGATIVE_INFINITY) > version) return;
  const words = {
    name: toWords(product.name),
    category: toWords(product.category),
    tags: product.tags.flatMap(toWords),
  };
  entries.set(product.id, { product, version, words });
}

function toWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The best field counts, as in a multi_match of Elasticsearch; a slip halves it. */
function scoreWord(asked: string, words: Entry['words']): number {
  let best = 0;
  for (const [field, weight] of Object.entries(FIELD_WEIGHTS)) {
    for (const word of words[field as Field]) {
      const slips = countSlips(asked, word);
      if (slips <= allowSlips(asked)) best = Math.max(best, weight / (1 + slips));
    }
  }
  return best;
}

/** Elasticsearch's AUTO: none up to two characters, one up to five, two from six on. */
export function allowSlips(word: string): number {
  return word.length < 3 ? 0 : word.length < 6 ? 1 : 2;
}

/** The fewest insertions, deletions, replacements and swaps of neighbours that make one word of the other. */
export function countSlips(from: string, to: string): number {
  if (from === to) return 0;
  // More than two are never allowed, and this many are needed at least.
  if (Math.abs(from.length - to.length) > 2) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const changed = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, replaced);
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(isSwap ? Math.min(changed, (before[column - 2] ?? 0) + 1) : changed);
    }
    before = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}
