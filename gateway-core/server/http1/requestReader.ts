// The requests of a connection, taken apart as they come: a head, then what it says of its body, then the next one.
import { ChunkReader } from '../../transport/http1/chunks.ts';
import { type HeadFault, type HeadLimits, HeadReader, NOT_HTTP, type RequestHead } from './headReader.ts';

export interface RequestVisitor {
  /** Asked before each head and each piece of a body: false leaves what follows to a later read. */
  wantsMore(): boolean;
  onHead(head: RequestHead): void;
  onData(chunk: Buffer): void;
  /** The body has ended; not called where there is none. */
  onEnd(): void;
}

const NOT_CHUNKED: HeadFault = { code: 'bad-request', detail: 'The body is not in chunks as RFC 9112, 7.1 has them.' };
const TOO_MANY_TRAILERS: HeadFault = {
  code: 'headers-too-large',
  detail: 'The trailer fields are too large or too many.',
};

export class RequestReader {
  fault: HeadFault = NOT_HTTP;
  private readonly visitor: RequestVisitor;
  private readonly head = new HeadReader();
  private chunks: ChunkReader | null = null;
  /** Of a body with a length. */
  private leftBytes = 0;

  constructor(visitor: RequestVisitor) {
    this.visitor = visitor;
  }

  get isInHead(): boolean {
    return this.head.hasBegun;
  }

  get isInBody(): boolean {
    return this.chunks !== null || this.leftBytes > 0;
  }

  /**
   * Where it stopped in `input`: at its end, or earlier where the visitor wants no more; -1 when what comes is no request,
   * and `fault` says why. Nothing may be read after that.
   */
  read(input: Buffer, start: number, limits: HeadLimits): number {
    let at = start;
    while (at >= 0 && at < input.length && this.visitor.wantsMore())
      at = this.isInBody ? this.readBody(input, at) : this.readHead(input, at, limits);
    return at;
  }

  private readHead(input: Buffer, start: number, limits: HeadLimits): number {
    const { head: reader } = this;
    const count = reader.read(input, start, limits);
    const head = count >= 0 && reader.isWhole ? reader.take() : undefined;
    if (head) {
      this.chunks = head.body.body === 'chunked' ? new ChunkReader() : null;
      this.leftBytes = head.body.lengthBytes ?? 0;
      this.visitor.onHead(head);
    } else if (count < 0 || !reader.hasBegun) {
      this.fault = reader.fault;
      return -1;
    }
    return start + count;
  }

  private readBody(input: Buffer, start: number): number {
    const { chunks, visitor } = this;
    if (chunks) {
      const count = chunks.read(input, start, visitor);
      if (count < 0) {
        this.fault = chunks.hasTooManyTrailers ? TOO_MANY_TRAILERS : NOT_CHUNKED;
        return -1;
      }
      if (chunks.isOver) {
        this.chunks = null;
        visitor.onEnd();
      }
      return start + count;
    }
    const end = Math.min(input.length, start + this.leftBytes);
    this.leftBytes -= end - start;
    visitor.onData(start === 0 && end === input.length ? input : input.subarray(start, end));
    if (this.leftBytes === 0) visitor.onEnd();
    return end;
  }
}
