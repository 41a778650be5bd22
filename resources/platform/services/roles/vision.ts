// Finds the products that look like a picture, by the shape and the colours in it. The shop's own pictures are drawn from
// what its products are called; no model runs. A label instead of a picture is sorted by its words.
import { CATALOGUE, findProduct, toNoun } from '../data/catalogue.ts';
import { toTokens } from '../data/tokens.ts';
import type { Program } from '../kit/program.ts';
import { ok, type Reply, readJson, refuse, type ServiceRequest, toWhole } from '../kit/routes.ts';
import type { VectorMatch } from '../stores/vectors.ts';
import { type Reading, readImage, toPng } from './ai/image.ts';
import { FEATURE_SIZE, toFeatures, toHashBits, toHashText } from './ai/imageFeatures.ts';
import { drawProduct } from './ai/productImage.ts';
import { openVectorIndex, type VectorIndexRecipe } from './ai/vectorIndex.ts';
import { createAiService, findDegraded } from './aiService.ts';

const METHOD =
  'half difference hash of 64 bits, half overlap of 64 colours, against the drawn pictures of all products';
const LABEL_METHOD = 'words of the label against the catalogue; no picture was looked at';
/** The categories of so many nearest products are counted. */
const VOTERS = 7;
const STATUS = { unsupported: 415, 'too-large': 413, broken: 400 } as const;

export function createPictureVectors(): VectorIndexRecipe {
  const points = CATALOGUE.map((product) => ({ id: product.id, vector: toFeatures(drawProduct(product)) }));
  return { name: 'product-pictures', version: 1, size: FEATURE_SIZE, points };
}

/** Made at its first use: every role of the program loads this file. */
let wordsOfCategory: ReadonlyMap<string, ReadonlySet<string>> | undefined;

function getWords(): ReadonlyMap<string, ReadonlySet<string>> {
  if (wordsOfCategory !== undefined) return wordsOfCategory;
  const all = new Map<string, Set<string>>();
  for (const product of CATALOGUE) {
    const words = all.get(product.category) ?? new Set(toTokens(product.category));
    for (const token of toTokens(`${toNoun(product)} ${product.tags.join(' ')}`)) words.add(token);
    all.set(product.category, words);
  }
  wordsOfCategory = all;
  return all;
}

export function classifyLabel(label: string): { category: string; matched: string[] } | undefined {
  const tokens = toTokens(label);
  return [...getWords()]
    .map(([category, words]) => ({ category, matched: tokens.filter((token) => words.has(token)) }))
    .filter(({ matched }) => matched.length > 0)
    .sort((a, b) => b.matched.length - a.matched.length)[0];
}

/** The category that most of the nearest weigh for, and its share of their weight. */
export function voteCategory(matches: readonly VectorMatch[]): { category: string | null; confidence: number } {
  const votes = new Map<string, number>();
  for (const { id, score } of matches.slice(0, VOTERS)) {
    const category = findProduct(id)?.category;
    if (category !== undefined) votes.set(category, (votes.get(category) ?? 0) + Math.max(0, score));
  }
  const total = votes.values().reduce((sum, weight) => sum + weight, 0);
  const [first] = [...votes].sort(([, a], [, b]) => b - a);
  if (first === undefined || total === 0) return { category: null, confidence: 0 };
  return { category: first[0], confidence: round(first[1] / total) };
}

export async function createVision(program: Program) {
  const index = await openVectorIndex(program, createPictureVectors());
  const leansOn = index.dependency ? [index.dependency] : [];

  async function classifyPicture(reading: Reading, limit: number): Promise<Reply> {
    if (reading.kind !== 'image') return refuse(STATUS[reading.kind], `image-${reading.kind}`, reading.detail);
    const { image } = reading;
    const matches = await index.findNearest(toFeatures(image), Math.max(limit, VOTERS));
    return ok({
      width: image.width,
      height: image.height,
      hash: toHashText(toHashBits(image)),
      ...voteCategory(matches),
      method: METHOD,
      degraded: findDegraded(leansOn),
      results: matches.slice(0, limit).map(({ id, score }) => ({ product: findProduct(id), score: round(score) })),
    });
  }

  function classify(request: ServiceRequest): Reply | Promise<Reply> {
    const limit = toWhole(request.query.get('limit'), 5, 1, 50);
    if (limit === null) return refuse(400, 'bad-limit', 'limit is 1 to 50');
    if (!request.contentType.startsWith('application/json')) {
      if (request.body.length === 0) return refuse(400, 'no-image', 'send an image, or {"label": "red tent"} as JSON');
      return classifyPicture(readImage(request.body), limit);
    }
    const json = readJson(request);
    if ('refusal' in json) return json.refusal;
    const { label } = json.value;
    if (typeof label !== 'string') return refuse(400, 'no-label', 'label must be a text, for example "red tent"');
    const found = classifyLabel(label) ?? { category: null, matched: [] };
    return ok({ label: label.slice(0, 200), ...found, method: LABEL_METHOD });
  }

  function showPicture({ params }: ServiceRequest): Reply {
    const product = findProduct(params.id);
    if (product === undefined) return refuse(404, 'no-such-product', `there is no product ${params.id}`);
    const image = `data:image/png;base64,${toPng(drawProduct(product)).toString('base64')}`;
    return ok({ product: product.id, image, note: 'drawn from the name of the product; no photograph' });
  }

  return createAiService('vision', 8007, {
    routes: [
      { method: 'POST', path: '/classify/', handle: classify },
      { method: 'GET', path: '/product/:id/image/', handle: showPicture },
    ],
    describe: { vectors: index.described, collection: index.collection },
    leansOn,
    close: () => index.dependency?.close(),
  });
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;
