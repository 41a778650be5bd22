// One connection of a relay, as a Duplex: sends as far as the peer's window allows, and keeps at most a window unread.
import { Duplex } from 'node:stream';
import { type FrameType, RelayProtocolError, toTextPayload, toWindowPayload } from './frame.ts';

/** What each side may send of one connection before the other one has read some of it. */
export const windowBytes = 256 * 1024;
/** Small enough that many connections take turns, large enough that headers do not count. */
const sliceBytes = 32 * 1024;
const bufferBytes = 64 * 1024;
const creditLimitBytes = 2 ** 30;
const mergeBelowBytes = 4096;
const nothing = Buffer.alloc(0);

/** What a connection needs of its mux. */
export interface StreamPort {
  write(type: FrameType, payload: Buffer): void;
  /** It has something to send, and the window to send it. */
  ready(): void;
  /** Both sides are done with it: its id is no longer in use. */
  left(): void;
}

type Done = (error?: Error | null) => void;

export class RelayStream extends Duplex {
  readonly #port: StreamPort;
  /** The side that opens does not wait for the answer: a request is on its way one round trip earlier. */
  #maySend: boolean;
  #isOpened = false;
  /** How much may be sent, and how much the peer may send. */
  #credit = windowBytes;
  #allowance = windowBytes;
  /** Read by nobody yet, and read since the last window frame. */
  #inbox: Buffer[] = [];
  #consumed = 0;
  #wantsMore = false;
  #outgoing: { bytes: Buffer; done: Done } | undefined;
  #finish: Done | undefined;
  #hasSentEnd = false;
  #hasReceivedEnd = false;
  #hasLeft = false;

  constructor(port: StreamPort, isOpener: boolean) {
    super({ readableHighWaterMark: bufferBytes, writableHighWaterMark: bufferBytes });
    this.#port = port;
    this.#maySend = isOpener;
    // Whoever holds it may listen too; without any listener an error would end the process.
    this.on('error', () => {});
  }

  get hasSomeToSend(): boolean {
    if (!this.#maySend || this.destroyed) return false;
    return this.#outgoing ? this.#credit > 0 : this.#finish !== undefined;
  }

  /** One slice, or the end: the mux gives every connection its turn. */
  sendSome(): void {
    if (!this.hasSomeToSend) return;
    const outgoing = this.#outgoing;
    if (!outgoing) return void this.#sendEnd();
    const slice = outgoing.bytes.subarray(0, Math.min(this.#credit, sliceBytes));
    this.#credit -= slice.length;
    this.#port.write('data', slice);
    outgoing.bytes = outgoing.bytes.subarray(slice.length);
    if (outgoing.bytes.length > 0) return;
    this.#outgoing = undefined;
    outgoing.done();
  }

  takeOpened(): void {
    if (this.#isOpened) throw new RelayProtocolError('a stream was opened twice');
    this.#isOpened = true;
    this.#maySend = true;
    // Not before `connect` has returned: over a transport that delivers at once nobody could listen yet.
    process.nextTick(() => {
      if (!this.destroyed) this.emit('connect');
    });
    if (this.hasSomeToSend) this.#port.ready();
  }

  takeData(payload: Buffer): void {
    if (this.#hasReceivedEnd) throw new RelayProtocolError('data came after the end of its stream');
    if (payload.length > this.#allowance) {
      throw new RelayProtocolError(`${payload.length} bytes came, and the window has room for ${this.#allowance}`);
    }
    this.#allowance -= payload.length;
    addMerged(this.#inbox, payload);
    this.#deliver();
  }

  takeEnd(): void {
    if (this.#hasReceivedEnd) throw new RelayProtocolError('a stream ended twice');
    this.#hasReceivedEnd = true;
    this.#leaveIfDone();
    this.#deliver();
  }

  takeWindow(bytes: number): void {
    this.#credit += bytes;
    if (this.#credit > creditLimitBytes) throw new RelayProtocolError(`a window grew to ${this.#credit} bytes`);
    if (this.hasSomeToSend) this.#port.ready();
  }

  /** The peer has given it up, or is gone: nothing more is said to it about this stream. */
  takeLoss(error: Error): void {
    this.#leave();
    this.destroy(error);
  }

  override _read(): void {
    this.#wantsMore = true;
    this.#deliver();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    if (chunk.length === 0) return void done();
    this.#outgoing = { bytes: chunk, done };
    if (this.hasSomeToSend) this.#port.ready();
  }

  override _final(done: Done): void {
    this.#finish = done;
    if (this.hasSomeToSend) this.#port.ready();
  }

  override _destroy(error: Error | null, done: Done): void {
    const [outgoing, finish] = [this.#outgoing, this.#finish];
    this.#outgoing = undefined;
    this.#finish = undefined;
    this.#inbox = [];
    if (!this.#hasLeft) this.#port.write('reset', toTextPayload(error?.message ?? ''));
    this.#leave();
    const cut = error ?? new Error('the connection was closed before everything was sent');
    outgoing?.done(cut);
    finish?.(cut);
    done(error);
  }

  #sendEnd(): void {
    const finish = this.#finish;
    this.#finish = undefined;
    this.#hasSentEnd = true;
    this.#port.write('end', nothing);
    this.#leaveIfDone();
    finish?.();
  }

  #deliver(): void {
    while (this.#wantsMore && this.#inbox.length > 0) {
      const chunk = this.#inbox.shift() as Buffer;
      this.#consumed += chunk.length;
      // A reader may ask again inside push: that must not be overwritten by push's own "not now".
      this.#wantsMore = false;
      if (this.push(chunk)) this.#wantsMore = true;
    }
    if (this.#hasReceivedEnd) {
      if (this.#inbox.length === 0 && !this.readableEnded && !this.destroyed) this.push(null);
      return;
    }
    if (this.#consumed < windowBytes / 2 || this.#hasLeft) return;
    this.#allowance += this.#consumed;
    this.#port.write('window', toWindowPayload(this.#consumed));
    this.#consumed = 0;
  }

  #leaveIfDone(): void {
    if (this.#hasSentEnd && this.#hasReceivedEnd) this.#leave();
  }

  #leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#port.left();
  }
}

/** Tiny frames would cost far more in objects than in bytes: like sizes are merged, so that few pieces are kept. */
export function addMerged(inbox: Buffer[], chunk: Buffer): void {
  inbox.push(chunk);
  for (;;) {
    const [previous, last] = inbox.slice(-2);
    if (!previous || !last || last.length >= mergeBelowBytes || previous.length > last.length) return;
    inbox.splice(-2, 2, Buffer.concat([previous, last]));
  }
}
