// Writes tar archives (POSIX ustar, with pax records for what does not fit). Pure, but for reading the files.
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';

const BLOCK = 512;
const NAME_BYTES = 100;
const ENTRIES_LIMIT = 100_000;

interface TarEntry {
  name: string;
  type: 'file' | 'folder';
  size: number;
  mode: number;
  modifiedAt: number;
}

/** The archive of a file or folder, its root named `rootName`. Links and devices are left out. */
export async function* writeTar(path: string, rootName: string): AsyncGenerator<Buffer> {
  let left = ENTRIES_LIMIT;
  const pending = [{ path, name: rootName }];
  for (let next = pending.pop(); next !== undefined && left > 0; next = pending.pop(), left -= 1) {
    const { path: current, name } = next;
    const found = await lstat(current);
    const common = { mode: found.mode & 0o777, modifiedAt: found.mtimeMs };
    if (found.isDirectory()) {
      yield* toHeaders({ ...common, name: `${name}/`, type: 'folder', size: 0 });
      const children = (await readdir(current)).sort().reverse();
      pending.push(...children.map((child) => ({ path: join(current, child), name: posix.join(name, child) })));
    } else if (found.isFile()) {
      yield* toHeaders({ ...common, name, type: 'file', size: found.size });
      yield* readExactly(current, found.size);
    }
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** A file that grows or shrinks while it is read still fills exactly what its header says. */
async function* readExactly(path: string, size: number): AsyncGenerator<Buffer> {
  let left = size;
  if (size > 0) {
    for await (const chunk of createReadStream(path, { end: size - 1 }) as AsyncIterable<Buffer>) {
      left -= chunk.length;
      yield chunk;
    }
  }
  if (left > 0) yield Buffer.alloc(left);
  const padding = (BLOCK - (size % BLOCK)) % BLOCK;
  if (padding > 0) yield Buffer.alloc(padding);
}

export function toHeaders(entry: TarEntry): Buffer[] {
  if (Buffer.byteLength(entry.name) <= NAME_BYTES) return [toHeader(entry, entry.type === 'file' ? '0' : '5')];
  const record = Buffer.from(toPaxRecord('path', entry.name));
  const pax = toHeader({ ...entry, name: 'PaxHeaders/name', size: record.length }, 'x');
  const padding = Buffer.alloc((BLOCK - (record.length % BLOCK)) % BLOCK);
  return [pax, record, padding, toHeader({ ...entry, name: 'name' }, entry.type === 'file' ? '0' : '5')];
}

/** `LENGTH key=value\n`, where LENGTH counts itself. */
function toPaxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bare = Buffer.byteLength(rest);
  const guess = bare + String(bare).length;
  const length = bare + String(guess).length;
  return `${length}${rest}`;
}

function toHeader(entry: Omit<TarEntry, 'type'>, flag: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, width: number) =>
    `${Math.floor(value)
      .toString(8)
      .padStart(width - 1, '0')}\0`;
  header.write(entry.name, 0, NAME_BYTES, 'utf8');
  header.write(octal(entry.mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(entry.size, 12), 124);
  header.write(octal(Math.max(0, entry.modifiedAt / 1_000), 12), 136);
  header.fill(' ', 148, 156);
  header.write(flag, 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
