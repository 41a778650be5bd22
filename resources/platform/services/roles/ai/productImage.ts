// Pictures of the products, drawn from what they are called: the noun gives the shape, the kind its colour, the category
// the ground. They stand for photographs, so that the nearest picture means something.
import { type Product, toNoun } from '../../data/catalogue.ts';
import { createRandom, toSeed } from '../../data/random.ts';
import type { Image } from './image.ts';

type Colour = readonly [number, number, number];

const SIDE = 32;
const FIELDS = 8;
/** Kinds that are colours look like it; the others have colours that are not taken for them, nor for each other. */
const COLOURS: Readonly<Record<string, Colour>> = {
  red: [205, 40, 45],
  blue: [40, 80, 200],
  green: [40, 150, 70],
  yellow: [235, 200, 40],
  black: [30, 30, 34],
  white: [250, 250, 250],
  grey: [130, 132, 138],
  classic: [120, 60, 30],
  compact: [240, 130, 40],
  sturdy: [90, 90, 40],
  folding: [80, 200, 200],
  professional: [20, 40, 90],
  silent: [150, 120, 200],
  premium: [170, 140, 60],
  portable: [240, 150, 180],
  vintage: [110, 20, 60],
  modern: [140, 220, 60],
  slim: [190, 60, 190],
  heavy: [60, 100, 110],
};

/** The same for the same product, SIDE pixels wide and high. */
export function drawProduct(product: Product, side = SIDE): Image {
  const noun = toNoun(product);
  const colour = findColour(product.name.slice(0, -noun.length - 1));
  const ground = findGround(product.category);
  const shape = findShape(noun);
  const rgb = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const field = shape[Math.floor((y * FIELDS) / side) * FIELDS + Math.floor((x * FIELDS) / side)] ?? 0;
      // Darker towards the bottom, as if lit from above.
      const light = 1.05 - (0.25 * y) / side;
      for (let channel = 0; channel < 3; channel += 1) {
        const value = field === 0 ? (ground[channel] ?? 0) : (colour[channel] ?? 0) * light * field;
        rgb[(y * side + x) * 3 + channel] = Math.min(255, Math.round(value));
      }
    }
  }
  return { width: side, height: side, rgb };
}

function findColour(kind: string): Colour {
  return COLOURS[kind] ?? toPlainColour(createRandom(toSeed(`colour ${kind}`))());
}

/** A light tint. */
function findGround(category: string): Colour {
  const [red, green, blue] = toPlainColour(createRandom(toSeed(`ground ${category}`))());
  return [200 + red * 0.2, 200 + green * 0.2, 200 + blue * 0.2];
}

/** A hue from 0 to 1 at middling strength. */
function toPlainColour(hue: number): Colour {
  const channel = (shift: number) => 60 + 150 * Math.max(0, Math.min(1, Math.abs(((hue + shift) % 1) * 6 - 3) - 1));
  return [channel(0), channel(2 / 3), channel(1 / 3)];
}

/** 64 fields: 0 is the ground, else how light the thing is there. */
function findShape(noun: string): number[] {
  const random = createRandom(toSeed(`shape ${noun}`));
  return Array.from({ length: FIELDS * FIELDS }, (_, field) => {
    const [x, y] = [field % FIELDS, Math.floor(field / FIELDS)];
    const isEdge = x === 0 || y === 0 || x === FIELDS - 1 || y === FIELDS - 1;
    const drawn = random();
    return isEdge || drawn < 0.35 ? 0 : 0.55 + drawn * 0.5;
  });
}
