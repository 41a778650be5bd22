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
  const pixels = new Map<number, number>();
  for (let at = 0; at < rgb.length; at += 3) {
    const colour = ((rgb[at] ?? 0) << 16) | ((rgb[at + 1] ?? 0) << 8) | (rgb[at + 2] ?? 0);
    pixels.set(colour, (pixels.get(colour) ?? 0) + 1);
  }
  const shares = new Array<number>(LEVELS ** 3).fill(0);
  for (const [colour, count] of pixels) {
    for (const [red, partOfRed] of toLevels(colour >> 16)) {
      for (const [green, partOfGreen] of toLevels((colour >> 8) & 0xff)) {
        for (const [blue, partOfBlue] of toLevels(colour & 0xff)) {
          const index = (red * LEVELS + green) * LEVELS + blue;
          shares[index] = (shares[index] ?? 0) + count * partOfRed * partOfGreen * partOfBlue;
        }
      }
    }
  }
  return shares.map((share) => Math.sqrt(share / (width * height)));
}

const LEVELS_OF = Array.from({ length: 256 }, (_, value): [level: number, part: number][] => {
  const place = (value / 255) * (LEVELS - 1);
  const lower = Math.min(LEVELS - 2, Math.floor(place));
  const parts: [number, number][] = [
    [lower, 1 - (place - lower)],
    [lower + 1, place - lower],
  ];
  return parts.filter(([, part]) => part > 0);
});

function toLevels(value: number): [level: number, part: number][] {
  return LEVELS_OF[value] ?? [];
}
