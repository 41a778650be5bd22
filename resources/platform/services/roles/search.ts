// Finds products by what a text means and says: the nearest by character n-grams, together with those that share its
// words, ranked by both.
import { CATALOGUE, findProduct, type Product } from '../data/catalogue.ts';
import { toTokens } from '../data/tokens.ts';
import type { Program } from '../kit/program.ts';
import { ok, refuse, type ServiceRequest, toWhole } from '../kit/routes.ts';
import type { VectorMatch } from '../stores/vectors.ts';
import { type Bm25, createBm25 } from './ai/bm25.ts';
import { EMBEDDING_SIZE, toEmbedding } from './ai/embedding.ts';
import { openVectorIndex, type VectorIndexRecipe } from './ai/vectorIndex.ts';
import { createAiService, findDegraded } from './aiService.ts';

const WEIGHTS = { name: 3, category: 2, tags: 1 };
const CANDIDATES = 60;
/** Below this, letters are alike by chance. A word with one wrong letter is well above it. */
const LEAST_COSINE = 0.3;
const METHOD = `half cosine of hashed character n-grams (${EMBEDDING_SIZE} numbers), half BM25 of the words; name, category and tags weigh 3, 2 and 1`;

/** Made at its first use: every role of the program loads this file. */
let lexical: Bm25 | undefined;

function getLexical(): Bm25 {
  lexical ??= createBm25(
    CATALOGUE.map(({ id, name, category, tags }) => ({
      id,
      tokens: [
        ...repeat(toTokens(name), WEIGHTS.name),
        ...repeat(toTokens(category), WEIGHTS.category),
        ...repeat(toTokens(tags.join(' ')), WEIGHTS.tags),
      ],
    })),
  );
  return lexical;
}

export function createProductVectors(): VectorIndexRecipe {
  const points = CATALOGUE.map(({ id, name, category, tags }) => ({
    id,
    vector: toEmbedding([
      { text: name, weight: WEIGHTS.name },
      { text: category, weight: WEIGHTS.category },
      { text: tags.join(' '), weight: WEIGHTS.tags },
    ]),
  }));
  return { name: 'product-texts', version: 1, size: EMBEDDING_SIZE, points };
}

/** `near` are the nearest vectors. What neither shares a word with the text nor lies near it is left out. */
export function rankProducts(text: string, near: readonly VectorMatch[]): { product: Product; score: number }[] {
  const words = getLexical()
    .rank(toTokens(text))
    .slice(0, 2 * CANDIDATES);
  const most = words[0]?.score ?? 1;
  const shares = new Map(words.map(({ id, score }) => [id, score / most]));
  const cosines = new Map(near.map(({ id, score }) => [id, score]));
  return [...new Set([...shares.keys(), ...cosines.keys()])]
    .flatMap((id) => {
      const product = findProduct(id);
      const [cosine, share] = [cosines.get(id) ?? 0, shares.get(id) ?? 0];
      if (product === undefined || (share === 0 && cosine < LEAST_COSINE)) return [];
      return [{ product, score: Math.round((Math.max(0, cosine) + share) * 500) / 1_000 }];
    })
    .sort((a, b) => b.score - a.score || a.product.id - b.product.id);
}

export async function createSearch(program: Program) {
  const index = await openVectorIndex(program, createProductVectors());
  const leansOn = index.dependency ? [index.dependency] : [];

  async function answerQuery({ query }: ServiceRequest) {
    const text = query.get('q') ?? '';
    const limit = toWhole(query.get('limit'), 10, 1, 50);
    if (text.trim() === '') return refuse(400, 'no-query', 'say what to look for, for example /query/?q=red+kettle');
    if (limit === null) return refuse(400, 'bad-limit', 'limit is 1 to 50');
    const vector = toEmbedding([{ text, weight: 1 }]);
    const ranked = rankProducts(text, await index.findNearest(vector, CANDIDATES));
    return ok({
      query: text.slice(0, 200),
      method: METHOD,
      degraded: findDegraded(leansOn),
      count: ranked.length,
      results: ranked.slice(0, limit).map(({ product, score }) => ({ ...product, score })),
    });
  }

  return createAiService('search', 8002, {
    routes: [{ method: 'GET', path: '/query/', handle: answerQuery }],
    describe: { vectors: index.described, collection: index.collection },
    leansOn,
    close: () => index.dependency?.close(),
  });
}

function repeat(tokens: readonly string[], times: number): string[] {
  return Array.from({ length: times }, () => tokens).flat();
}
