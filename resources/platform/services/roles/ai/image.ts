// Pixels, and the two formats that are read without a library: PNG (8 bits a channel, not interlaced) and binary PPM.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

export interface Image {
  width: number;
  height: number;
  /** Red, green, blue of each pixel, row by row from the top; what was transparent lies on white. */
  rgb: Uint8Array;
}

export const READABLE = 'image/png with 8 bits a channel and no interlacing, and image/x-portable-pixmap (P6)';
/** What a body of 1 MiB can unfold to is far more; reading is on the one thread that answers everybody. */
export const PIXELS_LIMIT = 1_048_576;
const SIDE_LIMIT = 8_192;

/** `unsupported` is a format or a kind of it that is not read, `broken` is none of these but claims to be. */
export type Reading =
  | { kind: 'image'; image: Image }
  | { kind: 'unsupported' | 'broken' | 'too-large'; detail: string };

/** Never throws. What the sender calls the file does not count. */
export function readImage(bytes: Buffer): Reading {
  if (bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return readPng(bytes);
  if (bytes.toString('latin1', 0, 2) === 'P6') return readPpm(bytes);
  return { kind: 'unsupported', detail: `${findFormat(bytes)} is not read; send ${READABLE}` };
}

const OTHER_FORMATS: readonly { name: string; at: number; signature: string }[] = [
  { name: 'JPEG', at: 0, signature: '\xff\xd8\xff' },
  { name: 'GIF', at: 0, signature: 'GIF8' },
  { name: 'WebP', at: 8, signature: 'WEBP' },
];

function findFormat(bytes: Buffer): string {
  const known = OTHER_FORMATS.find(
    ({ at, signature }) => bytes.toString('latin1', at, at + signature.length) === signature,
  );
  return known?.name ?? 'this format';
}

function checkSize(width: number, height: number): Reading | undefined {
  if (width === 0 || height === 0) return { kind: 'broken', detail: 'the image says that it has no pixels' };
  if (width <= SIDE_LIMIT && height <= SIDE_LIMIT && width * height <= PIXELS_LIMIT) return undefined;
  return {
    kind: 'too-large',
    detail: `${width} × ${height} pixels are more than ${PIXELS_LIMIT}; send a smaller image`,
  };
}

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** PNG, section 11.2.2: colour type → channels a pixel. 3, a palette, is not read. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

// https://www.w3.org/TR/png-3/
function readPng(bytes: Buffer): Reading {
  const chunks = readChunks(bytes);
  if (chunks === undefined) return { kind: 'broken', detail: 'a chunk of the PNG is cut off or damaged' };
  const [header] = chunks;
  if (header?.type !== 'IHDR' || header.data.length !== 13) return { kind: 'broken', detail: 'the PNG has no IHDR' };
  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  const [depth, colourType, , , interlace] = header.data.subarray(8);
  const channels = CHANNELS[colourType ?? -1];
  if (depth !== 8 || channels === undefined || interlace !== 0) {
    const detail = `this PNG has ${depth} bits a channel, colour type ${colourType} and interlacing ${interlace}`;
    return { kind: 'unsupported', detail: `${detail}; send ${READABLE}` };
  }
  const wrong = checkSize(width, height);
  if (wrong !== undefined) return wrong;
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const rows = inflate(packed, (width * channels + 1) * height);
  if (rows === undefined || !unfilter(rows, width * channels, channels)) {
    return { kind: 'broken', detail: 'the pixels of the PNG are damaged or not as many as it says' };
  }
  return { kind: 'image', image: { width, height, rgb: toRgb(rows, { width, height, channels }) } };
}

function readChunks(bytes: Buffer): { type: string; data: Buffer }[] | undefined {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = PNG_SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length || crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) return undefined;
    const type = bytes.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: bytes.subarray(at + 8, end) });
    if (type === 'IEND') return chunks;
    at = end + 4;
  }
  return undefined;
}

/** Exactly `size` bytes, or undefined. It never makes more: a small file could unfold to gigabytes. */
function inflate(packed: Buffer, size: number): Buffer | undefined {
  try {
    const rows = inflateSync(packed, { maxOutputLength: size });
    return rows.length === size ? rows : undefined;
  } catch {
    return undefined;
  }
}

/** Undoes the filters in place (PNG, section 9.2); each row begins with the number of its own. */
function unfilter(rows: Buffer, stride: number, channels: number): boolean {
  for (let start = 0; start < rows.length; start += stride + 1) {
    const filter = rows[start] ?? 0;
    if (filter > 4) return false;
    for (let column = 0; column < stride; column += 1) {
      const at = start + 1 + column;
      const left = column >= channels ? (rows[at - channels] ?? 0) : 0;
      const above = start > 0 ? (rows[at - stride - 1] ?? 0) : 0;
      const corner = start > 0 && column >= channels ? (rows[at - stride - 1 - channels] ?? 0) : 0;
      rows[at] = ((rows[at] ?? 0) + predict(filter, left, above, corner)) & 0xff;
    }
  }
  return true;
}

function predict(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  if (filter !== 4) return 0;
  // Paeth: whichever of the three is nearest to left + above - corner, in this order where they are equally near.
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

function toRgb(rows: Buffer, { width, height, channels }: { width: number; height: number; channels: number }) {
  const rgb = new Uint8Array(width * height * 3);
  const grey = channels <= 2;
  const hasAlpha = channels === 2 || channels === 4;
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const at = pixel * channels + Math.floor(pixel / width) + 1;
    const alpha = hasAlpha ? (rows[at + channels - 1] ?? 0) : 255;
    for (let colour = 0; colour < 3; colour += 1) {
      const value = rows[at + (grey ? 0 : colour)] ?? 0;
      rgb[pixel * 3 + colour] = Math.round((value * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return rgb;
}

// https://netpbm.sourceforge.net/doc/ppm.html
function readPpm(bytes: Buffer): Reading {
  const head = /^P6(?:\s+(?:#[^\n]*\n\s*)*)(\d{1,6})\s+(\d{1,6})\s+(\d{1,5})\s/.exec(bytes.toString('latin1', 0, 512));
  if (head === null) return { kind: 'broken', detail: 'the PPM does not say its width, height and greatest value' };
  const [width, height, most] = [Number(head[1]), Number(head[2]), Number(head[3])];
  if (most !== 255) return { kind: 'unsupported', detail: `a PPM with values up to ${most} is not read; send 255` };
  const wrong = checkSize(width, height);
  if (wrong !== undefined) return wrong;
  const rgb = new Uint8Array(bytes.subarray(head[0].length, head[0].length + width * height * 3));
  if (rgb.length < width * height * 3) return { kind: 'broken', detail: 'the PPM has fewer pixels than it says' };
  return { kind: 'image', image: { width, height, rgb } };
}

/** An image as a PNG with 8 bits a channel and no filters. */
export function toPng({ width, height, rgb }: Image): Buffer {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let row = 0; row < height; row += 1) {
    rows.set(rgb.subarray(row * width * 3, (row + 1) * width * 3), row * (width * 3 + 1) + 1);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    PNG_SIGNATURE,
    toChunk('IHDR', header),
    toChunk('IDAT', deflateSync(rows)),
    toChunk('IEND', Buffer.alloc(0)),
  ]);
}

function toChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
