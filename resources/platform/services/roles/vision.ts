// Sorts an image into a category by the words of its label, and reads what the file's head says of itself.
// No pixel is looked at and no model runs; every answer says so.
import { CATALOGUE } from '../data/catalogue.ts';
import { toTokens } from '../data/tokens.ts';
import { ok, readJson, refuse, type ServiceRequest } from '../kit/routes.ts';
import { createAiService } from './aiService.ts';

const METHOD =
  'words of the label against the catalogue, and the signature of the file; no model, pixels are not looked at';

const SIGNATURES: readonly { type: string; bytes: number[]; at: number }[] = [
  { type: 'image/png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], at: 0 },
  { type: 'image/jpeg', bytes: [0xff, 0xd8, 0xff], at: 0 },
  { type: 'image/gif', bytes: [0x47, 0x49, 0x46, 0x38], at: 0 },
  { type: 'image/webp', bytes: [0x57, 0x45, 0x42, 0x50], at: 8 },
];

const wordsOfCategory = new Map<string, Set<string>>();
for (const product of CATALOGUE) {
  const words = wordsOfCategory.get(product.category) ?? new Set(toTokens(product.category));
  for (const token of toTokens(`${product.name.split(' ').at(-1)} ${product.tags.join(' ')}`)) words.add(token);
  wordsOfCategory.set(product.category, words);
}

export function classifyLabel(label: string): { category: string; matched: string[] } | undefined {
  const tokens = toTokens(label);
  return [...wordsOfCategory]
    .map(([category, words]) => ({ category, matched: tokens.filter((token) => words.has(token)) }))
    .filter(({ matched }) => matched.length > 0)
    .sort((a, b) => b.matched.length - a.matched.length)[0];
}

export function readImageHead(bytes: Buffer): { type: string | null; width: number | null; height: number | null } {
  const type = SIGNATURES.find((one) => one.bytes.every((byte, index) => bytes[one.at + index] === byte))?.type ?? null;
  // PNG, section 11.2.2: IHDR is the first chunk, so width and height stand at bytes 16 and 20.
  const sized = type === 'image/png' && bytes.length >= 24;
  return { type, width: sized ? bytes.readUInt32BE(16) : null, height: sized ? bytes.readUInt32BE(20) : null };
}

function classify(request: ServiceRequest) {
  if (!request.contentType.startsWith('application/json')) {
    if (request.body.length === 0) return refuse(400, 'no-image', 'send an image, or {"label": "red tent"} as JSON');
    return ok({ bytes: request.body.length, ...readImageHead(request.body), category: null, method: METHOD });
  }
  const json = readJson(request);
  if ('refusal' in json) return json.refusal;
  const { label } = json.value;
  if (typeof label !== 'string') return refuse(400, 'no-label', 'label must be a text, for example "red tent"');
  return ok({
    label: label.slice(0, 200),
    ...(classifyLabel(label) ?? { category: null, matched: [] }),
    method: METHOD,
  });
}

export const createVision = () =>
  createAiService('vision', 8007, [{ method: 'POST', path: '/classify/', handle: classify }]);
