// Where a chunked body ends (RFC 9112 section 7.1), whatever the pieces it comes in. Pure.

export interface ChunkCounter {
  /** How many bytes belong to the body, and whether it ends with them. undefined: these are no chunks. */
  take(bytes: Buffer): { length: number; isEnd: boolean } | undefined;
}

const lineLimit = 8192;
const lineFeed = 0x0a;

export function createChunkCounter(): ChunkCounter {
  let part: 'size' | 'data' | 'trailer' = 'size';
  let line = '';
  /** Of a chunk, with the line end behind it. */
  let left = 0;

  /** Whether the line was one of its part. */
  const takeLine = (): boolean => {
    const text = line.replace(/\r$/, '');
    line = '';
    if (part === 'trailer') return true;
    const size = /^([0-9A-Fa-f]{1,13})[ \t]*(?:;.*)?$/.exec(text)?.[1];
    if (size === undefined) return false;
    const bytes = Number.parseInt(size, 16);
    part = bytes === 0 ? 'trailer' : 'data';
    left = bytes + 2;
    return true;
  };

  return {
    take(bytes) {
      let at = 0;
      while (at < bytes.length) {
        if (part === 'data') {
          const used = Math.min(left, bytes.length - at);
          at += used;
          left -= used;
          if (left === 0) part = 'size';
          continue;
        }
        const end = bytes.indexOf(lineFeed, at);
        line += bytes.toString('latin1', at, end === -1 ? bytes.length : end);
        if (line.length > lineLimit) return undefined;
        at = end === -1 ? bytes.length : end + 1;
        if (end === -1) break;
        const isLast = part === 'trailer' && /^\r?$/.test(line);
        if (!takeLine()) return undefined;
        if (isLast) {
          part = 'size';
          return { length: at, isEnd: true };
        }
      }
      return { length: at, isEnd: false };
    },
  };
}
