// The chunked coding, taken apart as it comes (RFC 9112, 7.1).
import { readFields } from './fields.ts';

const CR = 0x0d;
const LF = 0x0a;
/** Of a size with its extensions, which nobody uses and which are a way to send for ever without a body. */
const SIZE_LINE_LIMIT_BYTES = 256;
const TRAILER_LIMIT_BYTES = 8 * 1024;
const MAXIMUM_TRAILERS = 64;
/**
 * 16^12 bytes are more than a number can count wrong. A quote in an extension has to be closed on its line: to who reads
 * quotes across it the chunk begins elsewhere.
 */
const SIZE_LINE =
  /^[0-9A-Fa-f]{1,12}(?:[ \t]*;(?:[\t\x20\x21\x23-\x7e\x80-\xff]|"[\t\x20\x21\x23-\x7e\x80-\xff]*")*)?$/;

export interface ChunkVisitor {
  onData(chunk: Buffer): void;
}

type Phase = 'size' | 'data' | 'after-data' | 'trailers' | 'over';

/** Reads one chunked body. */
export class ChunkReader {
  trailers: [string, string][] = [];
  /** The trailers are what was not valid, by their size or number. */
  hasTooManyTrailers = false;
  private phase: Phase = 'size';
  /** Of the chunk that is being read. */
  private left = 0;
  /** A line that is not yet whole. */
  private line = '';

  /** How many bytes of `input` belong to the body from `start` on, or -1 when they are not valid. */
  read(input: Buffer, start: number, visitor: ChunkVisitor): number {
    let at = start;
    while (at < input.length && this.phase !== 'over') {
      if (this.phase === 'data') {
        const end = Math.min(input.length, at + this.left);
        visitor.onData(input.subarray(at, end));
        this.left -= end - at;
        at = end;
        if (this.left === 0) this.phase = 'after-data';
        continue;
      }
      at = this.readLine(input, at);
      if (at === -1) return -1;
    }
    return at - start;
  }

  get isOver(): boolean {
    return this.phase === 'over';
  }

  private readLine(input: Buffer, start: number): number {
    const lineFeed = input.indexOf(LF, start);
    const end = lineFeed === -1 ? input.length : lineFeed;
    const limit = this.phase === 'trailers' ? TRAILER_LIMIT_BYTES : SIZE_LINE_LIMIT_BYTES;
    if (this.line.length + end - start > limit) {
      this.hasTooManyTrailers = this.phase === 'trailers';
      return -1;
    }
    this.line += input.toString('latin1', start, end);
    if (lineFeed === -1) return end;
    if (this.line.charCodeAt(this.line.length - 1) !== CR) return -1;
    const line = this.line.slice(0, -1);
    this.line = '';
    return this.takeLine(line) ? end + 1 : -1;
  }

  private takeLine(line: string): boolean {
    if (this.phase === 'after-data') {
      this.phase = 'size';
      return line === '';
    }
    if (this.phase === 'size') return this.takeSize(line);
    if (line === '') {
      this.phase = 'over';
      return true;
    }
    this.hasTooManyTrailers = this.trailers.length >= MAXIMUM_TRAILERS;
    return !this.hasTooManyTrailers && readFields(line, 0, this);
  }

  private takeSize(line: string): boolean {
    if (!SIZE_LINE.test(line)) return false;
    this.left = Number.parseInt(line, 16);
    this.phase = this.left === 0 ? 'trailers' : 'data';
    return true;
  }

  /** What would say where the body ends comes too late (RFC 9110, 6.5.1). */
  onField(name: string, lowerName: string, value: string): boolean {
    this.trailers.push([name, value]);
    return lowerName !== 'content-length' && lowerName !== 'transfer-encoding';
  }
}
