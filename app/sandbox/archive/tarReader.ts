// Reads tar archives as they come: ustar with prefix, pax and GNU long names. Throws for what is not one.
const BLOCK = 512;
const RECORD_LIMIT_BYTES = 64 * 1024;

export interface TarItem {
  name: string;
  /** `other` is what this reader does not make: links, devices. */
  type: 'file' | 'folder' | 'other';
  size: number;
  mode: number;
  /** The content; it must be read, or left out as a whole, before the next item is asked for. */
  content: AsyncIterable<Buffer>;
}

export class TarError extends Error {}

export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarItem> {
  const bytes = createBlocks(source);
  let long: { name?: string | undefined; size?: number | undefined } = {};
  for (;;) {
    const header = await bytes.take(BLOCK);
    if (header === undefined || header.every((byte) => byte === 0)) return;
    const { name, size, mode, flag } = parseHeader(header);
    if (flag === 'x' || flag === 'L') {
      if (size > RECORD_LIMIT_BYTES) throw new TarError('a name in the archive is too long');
      const record = await bytes.take(size + toPadding(size));
      if (record === undefined) throw new TarError('the archive ends in the middle');
      long = { ...long, ...(flag === 'x' ? parsePax(record.subarray(0, size)) : { name: toText(record, 0, size) }) };
      continue;
    }
    const real = long.size ?? size;
    const content = bytes.stream(real);
    // A global pax header describes the archive, not a file.
    if (flag !== 'g') yield { name: long.name ?? name, type: toType(flag), size: real, mode, content };
    // What was not read of it is skipped.
    for await (const _ of content);
    await bytes.take(toPadding(real));
    long = {};
  }
}

const toPadding = (size: number) => (BLOCK - (size % BLOCK)) % BLOCK;

function toType(flag: string): TarItem['type'] {
  if (flag === '0' || flag === '\0' || flag === '7') return 'file';
  return flag === '5' ? 'folder' : 'other';
}

function toText(bytes: Buffer, from: number, length: number): string {
  const part = bytes.subarray(from, from + length);
  const end = part.indexOf(0);
  return part.subarray(0, end === -1 ? length : end).toString('utf8');
}

export function parseHeader(header: Buffer) {
  const stated = parseOctal(header, 148, 8);
  // The sum is made with eight spaces in its own place.
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (stated !== sum) throw new TarError('invalid tar header');
  const prefix = header.subarray(257, 262).toString('latin1') === 'ustar' ? toText(header, 345, 155) : '';
  const name = toText(header, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: parseOctal(header, 100, 8) & 0o777,
    size: parseOctal(header, 124, 12),
    flag: String.fromCharCode(header[156] ?? 0),
  };
}

function parseOctal(header: Buffer, from: number, length: number): number {
  const text = toText(header, from, length).trim();
  if (text === '') return 0;
  if (!/^[0-7]+$/.test(text)) throw new TarError('invalid tar header');
  return Number.parseInt(text, 8);
}

/** Records of `LENGTH key=value\n`. */
function parsePax(bytes: Buffer): { name?: string; size?: number } {
  const found: { name?: string; size?: number } = {};
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = space === -1 ? Number.NaN : Number(bytes.subarray(at, space).toString('latin1'));
    if (!Number.isInteger(length) || length <= 0 || at + length > bytes.length)
      throw new TarError('invalid pax record');
    const [key = '', value = ''] = bytes
      .subarray(space + 1, at + length - 1)
      .toString('utf8')
      .split(/=(.*)/s, 2);
    if (key === 'path') found.name = value;
    if (key === 'size' && /^\d{1,15}$/.test(value)) found.size = Number(value);
    at += length;
  }
  return found;
}

/** Takes exact lengths off a stream of chunks of any size. */
function createBlocks(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const { value, done } = await chunks.next();
    if (done) return false;
    rest = rest.length === 0 ? value : Buffer.concat([rest, value]);
    return true;
  }

  return {
    /** undefined at the end. Throws TarError when it ends in the middle. */
    async take(length: number): Promise<Buffer | undefined> {
      while (rest.length < length) {
        if (await more()) continue;
        if (rest.length === 0) return undefined;
        throw new TarError('the archive ends in the middle');
      }
      const taken = rest.subarray(0, length);
      rest = rest.subarray(length);
      return taken;
    },
    stream(length: number): AsyncIterable<Buffer> {
      let left = length;
      const next = async (): Promise<IteratorResult<Buffer>> => {
        if (left === 0) return { done: true, value: undefined };
        if (rest.length === 0 && !(await more())) throw new TarError('the archive ends in the middle');
        const value = rest.subarray(0, left);
        rest = rest.subarray(value.length);
        left -= value.length;
        return { done: false, value };
      };
      return { [Symbol.asyncIterator]: () => ({ next }) };
    },
  };
}
