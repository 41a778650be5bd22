// The shop's products: made from word lists with fixed seeds, the same in every service and at every start.
import { createRandom } from './random.ts';

export interface Product {
  id: number;
  name: string;
  category: string;
  tags: string[];
  priceCents: number;
  stock: number;
}

interface Words {
  nouns: string[];
  tags: string[];
  fromCents: number;
  toCents: number;
}

const FIRST_CATEGORIES: Record<string, Words> = {
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

const LATER_CATEGORIES: Record<string, Words> = {
  bathroom: {
    nouns: ['towel', 'mirror', 'basket', 'mat', 'scale', 'curtain'],
    tags: ['home', 'cotton', 'soft'],
    fromCents: 700,
    toCents: 15_000,
  },
  bedroom: {
    nouns: ['pillow', 'blanket', 'duvet', 'clock', 'sheet', 'nightstand'],
    tags: ['home', 'sleep', 'warm'],
    fromCents: 900,
    toCents: 28_000,
  },
  tools: {
    nouns: ['drill', 'hammer', 'saw', 'wrench', 'screwdriver', 'ladder'],
    tags: ['repair', 'steel', 'workshop'],
    fromCents: 800,
    toCents: 38_000,
  },
  pets: {
    nouns: ['leash', 'collar', 'bowl', 'cushion', 'brush', 'carrier'],
    tags: ['dog', 'cat', 'soft'],
    fromCents: 600,
    toCents: 9_000,
  },
  swimming: {
    nouns: ['goggles', 'cap', 'fins', 'snorkel', 'paddle', 'swimsuit'],
    tags: ['sport', 'water', 'summer'],
    fromCents: 700,
    toCents: 14_000,
  },
  painting: {
    nouns: ['easel', 'canvas', 'palette', 'sketchbook', 'pencils', 'varnish'],
    tags: ['art', 'gift', 'study'],
    fromCents: 600,
    toCents: 16_000,
  },
};

const FIRST_ADJECTIVES = ['classic', 'compact', 'red', 'blue', 'sturdy', 'folding', 'professional', 'silent'];
const LATER_ADJECTIVES = [
  'green',
  'yellow',
  'black',
  'white',
  'grey',
  'premium',
  'portable',
  'vintage',
  'modern',
  'slim',
  'heavy',
];

/** In the order in which the shop took them in: ids are never given anew, so what comes later goes to the end. */
const ASSORTMENTS: readonly { seed: number; categories: Record<string, Words>; adjectives: string[] }[] = [
  { seed: 20_240_601, categories: FIRST_CATEGORIES, adjectives: FIRST_ADJECTIVES },
  { seed: 20_250_301, categories: FIRST_CATEGORIES, adjectives: LATER_ADJECTIVES },
  { seed: 20_250_901, categories: LATER_CATEGORIES, adjectives: FIRST_ADJECTIVES },
];

function createCatalogue(): Product[] {
  const products: Product[] = [];
  for (const { seed, categories, adjectives } of ASSORTMENTS) {
    const random = createRandom(seed);
    for (const [category, words] of Object.entries(categories)) {
      for (const noun of words.nouns) {
        for (const adjective of adjectives) {
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
  }
  return products;
}

export const CATALOGUE: readonly Product[] = createCatalogue();

const byId = new Map(CATALOGUE.map((product) => [product.id, product]));

/** The product of an id as it stands in a path or a body; undefined when there is none. */
export function findProduct(id: unknown): Product | undefined {
  return typeof id === 'number' || (typeof id === 'string' && /^\d{1,9}$/.test(id)) ? byId.get(Number(id)) : undefined;
}

/** What a product is, without what kind: the last word of its name. */
export function toNoun(product: Product): string {
  return product.name.slice(product.name.lastIndexOf(' ') + 1);
}
