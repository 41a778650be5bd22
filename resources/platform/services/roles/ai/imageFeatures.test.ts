import { expect, test } from 'vitest';
import { CATALOGUE, findProduct, type Product } from '../../data/catalogue.ts';
import { toCosine } from './embedding.ts';
import type { Image } from './image.ts';
import { FEATURE_SIZE, toFeatures, toHashBits, toHashText } from './imageFeatures.ts';
import { drawProduct } from './productImage.ts';

const product = (name: string): Product => CATALOGUE.find((one) => one.name === name) ?? fail(name);

function fail(name: string): never {
  throw new Error(`there is no ${name}`);
}

const likeness = (a: Image, b: Image) => toCosine(toFeatures(a), toFeatures(b)) / 2;

/** As a photograph of the picture would be: another size, darker, with noise. */
function spoil(one: Product): Image {
  const image = drawProduct(one, 90);
  return {
    ...image,
    rgb: image.rgb.map((value, at) => Math.max(0, Math.min(255, value * 0.92 + ((at * 7_919) % 17) - 8))),
  };
}

test('a row that gets lighter has all its bits, one that gets darker none', () => {
  const gradient = (from: number, step: number): Image => ({
    width: 18,
    height: 8,
    rgb: Uint8Array.from({ length: 18 * 8 * 3 }, (_, at) => from + step * (Math.floor(at / 3) % 18)),
  });
  expect(toHashText(toHashBits(gradient(0, 10)))).toBe('ffffffffffffffff');
  expect(toHashText(toHashBits(gradient(200, -10)))).toBe('0000000000000000');
});

test('an image is wholly like itself, and also one of a single pixel has its features', () => {
  const one = drawProduct(product('red kettle'));
  expect(likeness(one, one)).toBeCloseTo(1, 9);
  expect(toFeatures({ width: 1, height: 1, rgb: Uint8Array.of(1, 2, 3) })).toHaveLength(FEATURE_SIZE);
});

test('the same thing in another colour, and another thing in the same colour, are both less like it', () => {
  const kettle = drawProduct(product('red kettle'));
  const blue = likeness(kettle, drawProduct(product('blue kettle')));
  const pan = likeness(kettle, drawProduct(product('red pan')));
  expect(Math.max(blue, pan)).toBeLessThan(0.95);
});

test('of 100 products, four in five are nearest to their own spoilt picture, and all are among the five that are answered', () => {
  const some = CATALOGUE.filter(({ id }) => id % 12 === 0);
  const drawn = some.map((one) => ({ id: one.id, features: toFeatures(drawProduct(one)) }));
  const ranks = some.map((one) => {
    const features = toFeatures(spoil(one));
    const sorted = drawn.toSorted((a, b) => toCosine(features, b.features) - toCosine(features, a.features));
    return sorted.findIndex(({ id }) => id === one.id);
  });
  expect(Math.max(...ranks)).toBeLessThan(5);
  expect(ranks.filter((rank) => rank === 0).length).toBeGreaterThan(0.8 * some.length);
});

test('the picture of a product is the same every time', () => {
  const one = findProduct(7) ?? fail('7');
  expect(drawProduct(one)).toEqual(drawProduct({ ...one }));
});
