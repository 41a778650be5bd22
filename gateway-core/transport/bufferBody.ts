// A body that has to be whole before anybody else sees it: read under a limit, a time and a bound on all of them together.
import type { Exchange } from '../exchange/exchange.ts';
import { isGone } from '../server/answer.ts';
import type { BodyReader } from '../server/http1/clientBody.ts';
import type { Carrier } from '../server/http1/clientConnection.ts';
import type { BodyRead, ReadBody } from '../stages/stage.ts';

/** The memory that all held bodies share. */
export interface BodyRoom {
  readonly heldBytes: number;
  limitBytes: number;
  /** False, and nothing is taken, when there is no more room. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export function createBodyRoom(limitBytes: number): BodyRoom {
  let held = 0;
  return {
    limitBytes,
    get heldBytes() {
      return held;
    },
    take(bytes) {
      if (held + bytes > this.limitBytes) return false;
      held += bytes;
      return true;
    },
    give(bytes) {
      held -= bytes;
    },
  };
}

interface Source {
  readonly carrier: Carrier;
  /** The caller waits for 100 Continue, which is sent when its body is asked for. */
  readonly expectsContinue: boolean;
  readonly room: BodyRoom;
}

/**
 * Reads the body of an exchange when a stage asks for it; once at most. The room that a whole body takes is given back
 * when the exchange ends, that of any other at once. What is not read is left in the request, for the answer to linger over.
 */
export function createReadBody(exchange: Exchange, source: Source): ReadBody {
  return (options) => new Promise((resolve) => new Buffering(exchange, source, { ...options, resolve }).begin());
}

const NOTHING = Buffer.alloc(0);

interface BufferingOptions {
  readonly limitBytes: number;
  readonly timeoutMs: number;
  readonly resolve: (read: BodyRead) => void;
}

class Buffering implements BodyReader {
  private readonly exchange: Exchange;
  private readonly source: Source;
  private readonly options: BufferingOptions;
  private chunks: Buffer[] = [];
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(exchange: Exchange, source: Source, options: BufferingOptions) {
    this.exchange = exchange;
    this.source = source;
    this.options = options;
  }

  begin(): void {
    const { carrier, expectsContinue } = this.source;
    const { body, answer } = carrier;
    if (isGone(carrier)) return void this.options.resolve({ kind: 'gone' });
    this.exchange.beginRequestBody();
    if (expectsContinue) answer.writeContinue();
    if (body.isComplete) return void this.options.resolve({ kind: 'whole', body: NOTHING });
    this.timer = setTimeout(() => this.end({ kind: 'too-slow' }), this.options.timeoutMs);
    body.give(this);
    body.resume();
  }

  onData(chunk: Buffer): void {
    const { limitBytes } = this.options;
    this.exchange.requestBytes += chunk.length;
    this.exchange.requestPreview?.add(chunk);
    if (this.bytes + chunk.length > limitBytes) return void this.end({ kind: 'too-large' });
    if (!this.source.room.take(chunk.length)) return void this.end({ kind: 'no-room' });
    this.bytes += chunk.length;
    this.chunks.push(chunk);
  }

  onEnd(): void {
    this.end({ kind: 'whole', body: Buffer.concat(this.chunks, this.bytes) });
  }

  onGone(): void {
    this.end({ kind: 'gone' });
  }

  private end(read: BodyRead): void {
    clearTimeout(this.timer);
    this.chunks = [];
    if (read.kind === 'whole') this.exchange.heldBytes = this.bytes;
    else {
      this.source.carrier.body.leave();
      this.source.room.give(this.bytes);
    }
    this.options.resolve(read);
  }
}
