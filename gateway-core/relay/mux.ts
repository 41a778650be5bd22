// Many connections over one byte stream. The console's side opens them, the relay's side in the container answers.
import type { Duplex, Writable } from 'node:stream';
import {
  createFrameDecoder,
  type Frame,
  type FrameType,
  protocolVersion,
  RelayProtocolError,
  toTextPayload,
} from './frame.ts';
import { encodeHello, parseHello, type RelayHello } from './hello.ts';
import { Outbox } from './outbox.ts';
import { RelayStream } from './relayStream.ts';

/** Each may keep a window in memory on either side. */
export const streamLimit = 256;
const nothing = Buffer.alloc(0);

/** A connection that the peer asks for: call `accept` or `refuse` once, now or later. */
export interface IncomingConnection {
  readonly target: string;
  /** Destroyed when the peer gives up, also before it was accepted. */
  readonly stream: Duplex;
  accept(): void;
  refuse(reason: string): void;
}

export interface RelayMuxOptions {
  /** What goes to the peer. The mux writes, and neither ends nor destroys it. */
  readonly output: Writable;
  /** Of the relay: what it may be asked for; absent on the side that opens connections. */
  readonly serves?: Omit<RelayHello, 'protocol'>;
  /** Given on the side that answers; without it an OPEN frame is an error of the peer. */
  onConnection?(connection: IncomingConnection): void;
  onHello?(hello: RelayHello): void;
  /** Once, when the peer breaks the protocol: every stream is destroyed by then, and the byte stream is of no more use. */
  onFailure(error: Error): void;
}

export interface RelayMux {
  /** Everything that comes from the peer, in pieces of any size. */
  receive(chunk: Buffer): void;
  /** May be written to at once. Emits `connect` when the peer has reached the target, `error` with its reason when not. */
  connect(target: string): Duplex;
  ping(): void;
  readonly streamCount: number;
  /** Destroys every stream with this reason; what comes later is ignored. */
  close(reason: string): void;
}

/** Says hello at once. Memory is bounded by 256 streams of a window each; the peer may be hostile. */
export function createRelayMux(options: RelayMuxOptions): RelayMux {
  return new Mux(options);
}

class Mux implements RelayMux {
  readonly #options: RelayMuxOptions;
  readonly #outbox: Outbox;
  readonly #decoder = createFrameDecoder();
  readonly #streams = new Map<number, RelayStream>();
  #lastId = 0;
  #isGreeted = false;
  #isClosed = false;

  constructor(options: RelayMuxOptions) {
    const { output, serves = { adminSocket: null, allowsTcp: false } } = options;
    this.#options = options;
    this.#outbox = new Outbox(output, (error) => this.#fail(error));
    this.#write(0, 'hello', encodeHello({ protocol: protocolVersion, ...serves }));
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  receive(chunk: Buffer): void {
    if (this.#isClosed) return;
    try {
      for (const frame of this.#decoder.push(chunk)) {
        if (this.#isClosed) return;
        this.#take(frame);
      }
    } catch (error) {
      if (!(error instanceof RelayProtocolError)) throw error;
      this.#fail(error);
    }
  }

  connect(target: string): Duplex {
    if (this.#isClosed) return toRefused('the relay is closed');
    if (this.streamCount >= streamLimit) {
      return toRefused(`${streamLimit} connections are open through this relay, which is the most`);
    }
    this.#lastId += 1;
    const stream = this.#addStream(this.#lastId, true);
    this.#write(this.#lastId, 'open', toTextPayload(target));
    return stream;
  }

  ping(): void {
    this.#write(0, 'ping', Buffer.alloc(8));
  }

  close(reason: string): void {
    if (!this.#isClosed) this.#end(new Error(reason));
  }

  #end(error: Error): void {
    this.#isClosed = true;
    this.#outbox.close();
    for (const stream of [...this.#streams.values()]) stream.takeLoss(error);
  }

  #fail(error: Error): void {
    if (this.#isClosed) return;
    this.#end(error);
    this.#options.onFailure(error);
  }

  #write(streamId: number, type: FrameType, payload: Buffer): void {
    this.#outbox.write({ streamId, type, payload });
  }

  #addStream(id: number, isOpener: boolean): RelayStream {
    const stream: RelayStream = new RelayStream(
      {
        write: (type, payload) => this.#write(id, type, payload),
        ready: () => this.#outbox.add(stream),
        left: () => {
          this.#streams.delete(id);
          this.#outbox.forget(stream);
        },
      },
      isOpener,
    );
    this.#streams.set(id, stream);
    return stream;
  }

  #take(frame: Frame): void {
    if (frame.type === 'hello') return void this.#takeHello(frame);
    if (!this.#isGreeted) throw new RelayProtocolError(`"${frame.type}" came before hello`);
    if (frame.type === 'ping') this.#write(0, 'pong', frame.payload);
    else if (frame.type === 'open') this.#takeOpen(frame);
    else if (frame.type !== 'pong') this.#takeOfStream(frame);
  }

  #takeHello({ payload }: Frame): void {
    if (this.#isGreeted) throw new RelayProtocolError('a second hello came');
    const hello = parseHello(payload);
    this.#isGreeted = true;
    this.#options.onHello?.(hello);
  }

  #takeOpen({ streamId, payload }: Frame): void {
    const { onConnection } = this.#options;
    if (!onConnection) throw new RelayProtocolError('the relay asks for a connection');
    if (streamId <= this.#lastId) {
      throw new RelayProtocolError(`stream ${streamId} is opened after stream ${this.#lastId}`);
    }
    this.#lastId = streamId;
    if (this.streamCount >= streamLimit) {
      const reason = `${streamLimit} connections are open, which is the most`;
      return void this.#write(streamId, 'refused', toTextPayload(reason));
    }
    const stream = this.#addStream(streamId, false);
    onConnection({
      target: payload.toString('utf8'),
      stream,
      accept: () => {
        if (stream.destroyed) return;
        this.#write(streamId, 'opened', nothing);
        stream.takeOpened();
      },
      refuse: (reason) => {
        if (stream.destroyed) return;
        this.#write(streamId, 'refused', toTextPayload(reason));
        stream.takeLoss(new Error(reason));
      },
    });
  }

  #takeOfStream({ streamId, type, payload }: Frame): void {
    if (streamId > this.#lastId) {
      throw new RelayProtocolError(`a frame "${type}" is for stream ${streamId}, which never was`);
    }
    if (this.#options.onConnection && (type === 'opened' || type === 'refused')) {
      throw new RelayProtocolError(`a frame "${type}" came to the relay`);
    }
    // Without one, it was on its way when the stream was closed here.
    const stream = this.#streams.get(streamId);
    if (type === 'data') stream?.takeData(payload);
    else if (type === 'end') stream?.takeEnd();
    else if (type === 'window') stream?.takeWindow(payload.readUInt32BE(0));
    else if (type === 'opened') stream?.takeOpened();
    else stream?.takeLoss(new Error(payload.toString('utf8') || 'the other side has closed the connection'));
  }
}

/** A stream that never was: the caller hears of it as of any other failure. */
function toRefused(reason: string): Duplex {
  const stream = new RelayStream({ write: () => {}, ready: () => {}, left: () => {} }, false);
  stream.takeLoss(new Error(reason));
  return stream;
}
