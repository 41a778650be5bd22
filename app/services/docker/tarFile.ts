// Reads the first file of a tar archive, which is what the engine answers when it is asked for one file.
import type { Readable } from 'node:stream';

const block = 512;

/** undefined for a folder, a link, an empty archive, and a file larger than the limit. */
export async function readTarFile(stream: Readable, limitBytes: number): Promise<Buffer | undefined> {
  const archive = await readBounded(stream, limitBytes + 64 * block);
  if (!archive) return undefined;
  for (let at = 0; at + block <= archive.length; ) {
    const header = archive.subarray(at, at + block);
    const size = Number.parseInt(header.toString('latin1', 124, 136), 8);
    const type = String.fromCharCode(header[156] ?? 0);
    if (Number.isNaN(size)) return undefined;
    if (type === '0' || type === '\0') {
      const end = at + block + size;
      return size <= limitBytes && end <= archive.length ? archive.subarray(at + block, end) : undefined;
    }
    // Long names (pax, GNU) stand before the entry that they belong to.
    if (!['x', 'g', 'L', 'K'].includes(type)) return undefined;
    at += block + Math.ceil(size / block) * block;
  }
  return undefined;
}

async function readBounded(stream: Readable, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) {
      stream.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
