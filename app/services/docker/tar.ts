// Tar archives (POSIX ustar) for the engine's archive calls: a few small files written, single files read.

export interface TarFile {
  /** Without a leading slash. */
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

const block = 512;

/** A whole archive in memory: for secrets, configs and Dockerfiles, not for trees. */
export function toTarArchive(files: readonly TarFile[]): Buffer {
  const parts = files.flatMap((file) => [
    toTarHeader({ ...file, size: file.content.length, type: '0', modifiedAt: 0 }),
    file.content,
    toPadding(file.content.length),
  ]);
  return Buffer.concat([...parts, endOfTar]);
}

export const endOfTar = Buffer.alloc(2 * block);

export function toPadding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}

export interface TarEntry {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** 0 file, 2 symbolic link, 5 folder. */
  readonly type: '0' | '2' | '5';
  /** Seconds since the epoch. */
  readonly modifiedAt: number;
  /** Of a symbolic link. */
  readonly target?: string;
}

/** One header; preceded by one of the pax format where a name is too long for ustar. */
export function toTarHeader(entry: TarEntry): Buffer {
  const long = { path: entry.path, linkpath: entry.target ?? '' };
  const records = Object.entries(long).filter(([, value]) => Buffer.byteLength(value) > 100 || !isAscii(value));
  if (records.length === 0) return toBlock(entry, entry.type);
  const text = Buffer.concat(records.map(([key, value]) => toPaxRecord(key, value)));
  const pax = toBlock({ ...entry, path: 'PaxHeader', target: '', size: text.length }, 'x');
  return Buffer.concat([pax, text, toPadding(text.length), toBlock(entry, entry.type)]);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII
const isAscii = (text: string) => /^[\x00-\x7f]*$/.test(text);

/** `LENGTH key=value\n`, where the length counts its own digits. */
function toPaxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function toBlock(entry: TarEntry, type: string): Buffer {
  const header = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number) =>
    header.write(
      `${Math.trunc(value)
        .toString(8)
        .padStart(length - 1, '0')}\0`,
      at,
      'latin1',
    );
  // What does not fit is in the pax header.
  header.write(entry.path.slice(0, 100), 0, 100, 'utf8');
  octal(entry.mode & 0o7777, 100, 8);
  octal(entry.uid, 108, 8);
  octal(entry.gid, 116, 8);
  octal(entry.size, 124, 12);
  octal(entry.modifiedAt, 136, 12);
  header.write('        ', 148, 'latin1');
  header.write(type, 156, 'latin1');
  header.write((entry.target ?? '').slice(0, 100), 157, 100, 'utf8');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
