import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Image, readImage, toPng } from './image.ts';

const image = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
      .map((rgb): Image => ({ width, height, rgb })),
  );

function toChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

interface Kind {
  width: number;
  height: number;
  depth?: number;
  colourType: number;
  interlace?: number;
}

/** A PNG of rows as they are packed, filters included. */
function createPng({ width, height, depth = 8, colourType, interlace = 0 }: Kind, rows: readonly number[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, interlace], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const data = deflateSync(Buffer.from(rows));
  return Buffer.concat([signature, toChunk('IHDR', header), toChunk('IDAT', data), toChunk('IEND', Buffer.alloc(0))]);
}

const pixels = (bytes: Buffer) => {
  const reading = readImage(bytes);
  return reading.kind === 'image' ? [...reading.image.rgb] : reading;
};

test('what was written as PNG is read as it was', () => {
  fc.assert(
    fc.property(image, (one) => {
      expect(readImage(toPng(one))).toEqual({ kind: 'image', image: one });
    }),
  );
});

test('what was written as PPM is read as it was', () => {
  fc.assert(
    fc.property(image, (one) => {
      const head = `P6\n# drawn by hand\n${one.width} ${one.height}\n255\n`;
      expect(readImage(Buffer.concat([Buffer.from(head), one.rgb]))).toEqual({ kind: 'image', image: one });
    }),
  );
});

test.each([
  ['none', [0, 10, 20, 0, 30, 40], [10, 20, 30, 40]],
  ['left', [1, 10, 20, 1, 30, 40], [10, 30, 30, 70]],
  ['above', [2, 10, 20, 2, 30, 40], [10, 20, 40, 60]],
  ['mean', [3, 10, 20, 3, 30, 40], [10, 25, 35, 70]],
  ['Paeth', [4, 10, 20, 4, 30, 250], [10, 30, 40, 34]],
])('the filter %s is undone', (_, rows, grey) => {
  expect(pixels(createPng({ width: 2, height: 2, colourType: 0 }, rows))).toEqual(
    grey.flatMap((value) => [value, value, value]),
  );
});

test('what is transparent lies on white', () => {
  const rgba = createPng({ width: 3, height: 1, colourType: 6 }, [0, 10, 20, 30, 255, 10, 20, 30, 0, 0, 0, 0, 51]);
  expect(pixels(rgba)).toEqual([10, 20, 30, 255, 255, 255, 204, 204, 204]);
  expect(pixels(createPng({ width: 1, height: 1, colourType: 4 }, [0, 100, 0]))).toEqual([255, 255, 255]);
});

test.each([
  ['a palette', createPng({ width: 1, height: 1, colourType: 3 }, [0, 0])],
  ['16 bits', createPng({ width: 1, height: 1, colourType: 0, depth: 16 }, [0, 0, 0])],
  ['interlacing', createPng({ width: 1, height: 1, colourType: 0, interlace: 1 }, [0, 0])],
  ['JPEG', Buffer.from('ffd8ffe000104a464946', 'hex')],
  ['text', Buffer.from('hello')],
  ['nothing', Buffer.alloc(0)],
  ['a PPM of two bytes a value', Buffer.from('P6 1 1 65535\n123456')],
])('%s is not supported, and the refusal names what is', (_, bytes) => {
  expect(readImage(bytes)).toMatchObject({
    kind: 'unsupported',
    detail: expect.stringMatching(/send (image\/png|255)/),
  });
});

test('an image of more pixels than are looked at is refused before it is unfolded', () => {
  const bomb = createPng({ width: 8_000, height: 8_000, colourType: 2 }, [0]);
  expect(readImage(bomb)).toMatchObject({ kind: 'too-large', detail: expect.stringContaining('8000 × 8000') });
  expect(readImage(Buffer.from('P6 999999 999999 255\n'))).toMatchObject({ kind: 'too-large' });
});

test('a file that unfolds to more than its size says is broken, not unfolded', () => {
  const rows = new Array<number>(1_000_000).fill(0);
  expect(readImage(createPng({ width: 2, height: 2, colourType: 0 }, rows))).toMatchObject({ kind: 'broken' });
});

test('whatever is changed in a PNG, reading it never throws, and a changed byte of a chunk is noticed', () => {
  const good = toPng({ width: 4, height: 4, rgb: new Uint8Array(48).fill(99) });
  fc.assert(
    fc.property(fc.integer({ min: 8, max: good.length - 13 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ change;
      expect(readImage(bad).kind).not.toBe('image');
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: good.length - 1 }), (length) => {
      expect(readImage(good.subarray(0, length)).kind).not.toBe('image');
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readImage(Buffer.from(bytes))));
});
