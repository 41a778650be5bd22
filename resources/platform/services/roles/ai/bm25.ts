// Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) over short texts held in memory.

export interface Bm25Document {
  id: number;
  /** A token that comes twice counts more: fields are weighted by repeating their tokens. */
  tokens: readonly string[];
}

export interface Bm25 {
  /** Those that share a token with the question, best first; equal ones by id. */
  rank(tokens: readonly string[]): { id: number; score: number }[];
  /** What share of the question's weight a document covers, 0 to 1: rare words weigh more, and unknown ones most. */
  findCoverage(tokens: readonly string[], id: number): number;
}

/** The usual values: how soon a repeated token says nothing new, and how much a long text is held against it. */
const K1 = 1.2;
const B = 0.75;

export function createBm25(documents: readonly Bm25Document[]): Bm25 {
  const holders = new Map<string, Map<number, number>>();
  const lengths = new Map<number, number>();
  for (const { id, tokens } of documents) {
    lengths.set(id, tokens.length);
    for (const token of tokens) {
      const counts = holders.get(token) ?? new Map<number, number>();
      counts.set(id, (counts.get(id) ?? 0) + 1);
      holders.set(token, counts);
    }
  }
  const total = documents.length;
  const average = documents.reduce((sum, { tokens }) => sum + tokens.length, 0) / Math.max(1, total);
  const weigh = (token: string) => {
    const held = holders.get(token)?.size ?? 0;
    return Math.log(1 + (total - held + 0.5) / (held + 0.5));
  };

  return {
    rank(tokens) {
      const scores = new Map<number, number>();
      for (const token of new Set(tokens)) {
        const weight = weigh(token);
        for (const [id, count] of holders.get(token) ?? []) {
          const dampened = (count * (K1 + 1)) / (count + K1 * (1 - B + (B * (lengths.get(id) ?? 0)) / average));
          scores.set(id, (scores.get(id) ?? 0) + weight * dampened);
        }
      }
      return [...scores].map(([id, score]) => ({ id, score })).sort((a, b) => b.score - a.score || a.id - b.id);
    },
    findCoverage(tokens, id) {
      let all = 0;
      let covered = 0;
      for (const token of new Set(tokens)) {
        const weight = weigh(token);
        all += weight;
        if (holders.get(token)?.has(id)) covered += weight;
      }
      return all === 0 ? 0 : covered / all;
    },
  };
}
