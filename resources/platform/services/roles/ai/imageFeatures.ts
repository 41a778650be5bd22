// What makes two images look alike: where they get lighter from left to right (the difference hash of Krawetz, 2013),
// and how much of which colour they have. Both survive another size, another brightness and some noise.
import type { Image } from './image.ts';

const HASH_SIDE = 8;
const LEVELS = 4;
export const FEATURE_SIZE = HASH_SIDE * HASH_SIDE + LEVELS ** 3;

/** FEATURE_SIZE numbers; the cosine of two is the mean of how alike their shapes and their colours are. Pure. */
export function toFeatures(image: Image): number[] {
  const shape = toHashBits(image).map((bit) => (bit ? 1 : -1) / HASH_SIDE);
  return [...shape, ...toColours(image)];
}

/** 64 bits, row by row: whether a field is lighter than its left neighbour. */
export function toHashBits(image: Image): boolean[] {
  const fields = toGreyFields(image, HASH_SIDE + 1, HASH_SIDE);
  return Array.from({ length: HASH_SIDE * HASH_SIDE }, (_, bit) => {
    const at = Math.floor(bit / HASH_SIDE) * (HASH_SIDE + 1) + (bit % HASH_SIDE);
    return (fields[at + 1] ?? 0) > (fields[at] ?? 0);
  });
}

/** As 16 hexadecimal digits, for people who compare. */
export function toHashText(bits: readonly boolean[]): string {
  const text = bits.map((bit) => (bit ? '1' : '0')).join('');
  return BigInt(`0b${text}`)
    .toString(16)
    .padStart(HASH_SIDE * 2, '0');
}

/** The mean brightness of each field of a grid over the image. */
function toGreyFields({ width, height, rgb }: Image, columns: number, rows: number): number[] {
  return Array.from({ length: columns * rows }, (_, field) => {
    const [left, right] = toSpan(field % columns, columns, width);
    const [top, bottom] = toSpan(Math.floor(field / columns), rows, height);
    let sum = 0;
    for (let y = top; y < bottom; y += 1) {
      for (let x = left; x < right; x += 1) {
        const at = (y * width + x) * 3;
        // Rec. 601 luma.
        sum += 0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0);
      }
    }
    return sum / ((right - left) * (bottom - top));
  });
}

/** The pixels of field `index` of `count`: at least one, also where the image has fewer pixels than fields. */
function toSpan(index: number, count: number, pixels: number): [number, number] {
  const from = Math.min(pixels - 1, Math.floor((index * pixels) / count));
  return [from, Math.max(from + 1, Math.floor(((index + 1) * pixels) / count))];
}

/**
 * The square roots of the shares of 64 colours, so that their cosine is the overlap of two histograms. Each channel is
 * shared between its two nearest levels: a small change of light moves little.
 */
function toColours({ width, height, rgb }: Image): number[] {
  const shares = new Array<number>(LEVELS ** 3).fill(0);
  for (let at = 0; at < rgb.length; at += 3) {
    const [red, green, blue] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
    // Eight levels lie around a colour; each gets the product of its nearness in the three channels.
    for (let corner = 0; corner < 8; corner += 1) {
      const [highRed, highGreen, highBlue] = [corner & 1, (corner >> 1) & 1, corner >> 2];
      const part = findPart(red, highRed) * findPart(green, highGreen) * findPart(blue, highBlue);
      const level = ((LOWER[red] ?? 0) + highRed) * LEVELS ** 2 + ((LOWER[green] ?? 0) + highGreen) * LEVELS;
      const index = level + (LOWER[blue] ?? 0) + highBlue;
      shares[index] = (shares[index] ?? 0) + part;
    }
  }
  return shares.map((share) => Math.sqrt(share / (width * height)));
}

/** Of each value its place among the levels, and the level below it. */
const PLACES = Float64Array.from({ length: 256 }, (_, value) => (value / 255) * (LEVELS - 1));
const LOWER = Uint8Array.from(PLACES, (place) => Math.min(LEVELS - 2, Math.floor(place)));

function findPart(value: number, high: number): number {
  const beyond = (PLACES[value] ?? 0) - (LOWER[value] ?? 0);
  return high === 1 ? beyond : 1 - beyond;
}
