// The shop's products: made from word lists with a fixed seed, the same in every service and at every start.
import { createRandom } from './random.ts';

export interface Product {
  id: number;
  name: string;
  category: string;
  tags: string[];
  priceCents: number;
  stock: number;
}

const CATEGORIES: Record<string, { nouns: string[]; tags: string[]; fromCents: number; toCents: number }> = {
  kitchen: {
    nouns: ['kettle', 'pan', 'knife', 'blender', 'toaster', 'teapot'],
    tags: ['cooking', 'home', 'steel'],
    fromCents: 1_500,
    toCents: 18_000,
  },
  garden: {
    nouns: ['spade', 'hose', 'planter', 'lantern', 'shears', 'bench'],
    tags: ['outdoor', 'plants', 'summer'],
    fromCents: 900,
    toCents: 32_000,
  },
  audio: {
    nouns: ['headphones', 'speaker', 'turntable', 'microphone', 'amplifier', 'radio'],
    tags: ['music', 'wireless', 'sound'],
    fromCents: 2_500,
    toCents: 70_000,
  },
  office: {
    nouns: ['chair', 'desk', 'lamp', 'notebook', 'keyboard', 'monitor'],
    tags: ['work', 'study', 'ergonomic'],
    fromCents: 700,
    toCents: 55_000,
  },
  running: {
    nouns: ['shoes', 'jacket', 'shorts', 'watch', 'bottle', 'socks'],
    tags: ['sport', 'training', 'light'],
    fromCents: 800,
    toCents: 24_000,
  },
  camping: {
    nouns: ['tent', 'stove', 'backpack', 'mattress', 'hammock', 'torch'],
    tags: ['outdoor', 'travel', 'hiking'],
    fromCents: 1_200,
    toCents: 48_000,
  },
  toys: {
    nouns: ['puzzle', 'train', 'blocks', 'kite', 'robot', 'drum'],
    tags: ['children', 'gift', 'wooden'],
    fromCents: 600,
    toCents: 12_000,
  },
  bicycles: {
    nouns: ['helmet', 'saddle', 'pump', 'lock', 'wheel', 'light'],
    tags: ['cycling', 'city', 'sport'],
    fromCents: 900,
    toCents: 40_000,
  },
};

const ADJECTIVES = ['classic', 'compact', 'red', 'blue', 'sturdy', 'folding', 'professional', 'silent'];

function createCatalogue(): Product[] {
  const random = createRandom(20_240_601);
  const products: Product[] = [];
  for (const [category, words] of Object.entries(CATEGORIES)) {
    for (const noun of words.nouns) {
      for (const adjective of ADJECTIVES) {
        const span = words.toCents - words.fromCents;
        products.push({
          id: products.length + 1,
          name: `${adjective} ${noun}`,
          category,
          tags: words.tags.filter(() => random() < 0.7),
          priceCents: Math.round((words.fromCents + random() ** 2 * span) / 10) * 10,
          stock: Math.floor(random() * 200),
        });
      }
    }
  }
  return products;
}

export const CATALOGUE: readonly Product[] = createCatalogue();

const byId = new Map(CATALOGUE.map((product) => [product.id, product]));

/** The product of an id as it stands in a path or a body; undefined when there is none. */
export function findProduct(id: unknown): Product | undefined {
  return typeof id === 'number' || (typeof id === 'string' && /^\d{1,9}$/.test(id)) ? byId.get(Number(id)) : undefined;
}
