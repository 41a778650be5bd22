// Many connections over one byte stream. The console's side opens them, the relay's side in the container answers.
import type { Duplex, Writable } from 'node:stream';
import {
  createFrameDecoder,
  encodeFrame,
  type Frame,
  type FrameType,
  protocolVersion,
  RelayProtocolError,
  toTextPayload,
} from './frame.ts';
import { encodeHello, parseHello, type RelayHello } from './hello.ts';
import { RelayStream } from './relayStream.ts';

/** Each may keep a window in memory on either side. */
export const streamLimit = 256;
/** Answers to a peer that asks and does not read would pile up here; data waits in its own stream. */
const outputLimitBytes = 2 * 1024 * 1024;
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
  const { output, serves = { adminSocket: null, allowsTcp: false } } = options;
  const decoder = createFrameDecoder();
  const streams = new Map<number, RelayStream>();
  const ready = new Set<RelayStream>();
  let lastId = 0;
  let isGreeted = false;
  let isClosed = false;
  let isPumping = false;

  const end = (error: Error) => {
    isClosed = true;
    output.off('drain', pump);
    ready.clear();
    for (const stream of [...streams.values()]) stream.takeLoss(error);
  };

  const fail = (error: Error) => {
    if (isClosed) return;
    end(error);
    options.onFailure(error);
  };

  const write = (streamId: number, type: FrameType, payload: Buffer) => {
    if (isClosed || output.destroyed || output.writableEnded) return;
    const [header, body] = encodeFrame({ streamId, type, payload });
    output.cork();
    output.write(header);
    if (body.length > 0) output.write(body);
    output.uncork();
    if (output.writableLength > outputLimitBytes) {
      fail(new RelayProtocolError(`the other side has not read the last ${output.writableLength} bytes`));
    }
  };

  /** Every stream that can send, in turns, as long as the output takes it. */
  function pump(): void {
    if (isPumping) return;
    isPumping = true;
    output.cork();
    for (const stream of ready) {
      if (output.writableNeedDrain || isClosed) break;
      ready.delete(stream);
      stream.sendSome();
      // Added at the end of the set, so that this loop comes to it again after the others.
      if (stream.hasSomeToSend) ready.add(stream);
    }
    output.uncork();
    isPumping = false;
  }
  output.on('drain', pump);

  const addStream = (id: number, isOpener: boolean): RelayStream => {
    const stream: RelayStream = new RelayStream(
      {
        write: (type, payload) => write(id, type, payload),
        ready: () => {
          ready.add(stream);
          pump();
        },
        left: () => {
          streams.delete(id);
          ready.delete(stream);
        },
      },
      isOpener,
    );
    streams.set(id, stream);
    return stream;
  };

  const takeOpen = ({ streamId, payload }: Frame) => {
    if (!options.onConnection) throw new RelayProtocolError('the relay asks for a connection');
    if (streamId <= lastId) throw new RelayProtocolError(`stream ${streamId} is opened after stream ${lastId}`);
    lastId = streamId;
    if (streams.size >= streamLimit) {
      return write(streamId, 'refused', toTextPayload(`${streamLimit} connections are open, which is the most`));
    }
    const stream = addStream(streamId, false);
    options.onConnection({
      target: payload.toString('utf8'),
      stream,
      accept: () => {
        if (stream.destroyed) return;
        write(streamId, 'opened', nothing);
        stream.takeOpened();
      },
      refuse: (reason) => {
        if (stream.destroyed) return;
        write(streamId, 'refused', toTextPayload(reason));
        stream.takeLoss(new Error(reason));
      },
    });
  };

  const takeOfStream = ({ streamId, type, payload }: Frame) => {
    if (streamId > lastId) throw new RelayProtocolError(`a frame "${type}" is for stream ${streamId}, which never was`);
    const stream = streams.get(streamId);
    // On its way when the stream was closed here.
    if (!stream) return;
    switch (type) {
      case 'data':
        return stream.takeData(payload);
      case 'end':
        return stream.takeEnd();
      case 'window':
        return stream.takeWindow(payload.readUInt32BE(0));
      case 'reset':
        return stream.takeLoss(new Error(payload.toString('utf8') || 'the other side has closed the connection'));
      case 'opened':
      case 'refused':
        if (options.onConnection) throw new RelayProtocolError(`a frame "${type}" came to the relay`);
        if (type === 'opened') return stream.takeOpened();
        return stream.takeLoss(new Error(payload.toString('utf8') || 'refused without a reason'));
    }
  };

  const takeHello = ({ payload }: Frame) => {
    if (isGreeted) throw new RelayProtocolError('a second hello came');
    const hello = parseHello(payload);
    isGreeted = true;
    options.onHello?.(hello);
  };

  const take = (frame: Frame) => {
    if (frame.type === 'hello') return takeHello(frame);
    if (!isGreeted) throw new RelayProtocolError(`"${frame.type}" came before hello`);
    switch (frame.type) {
      case 'ping':
        return write(0, 'pong', frame.payload);
      case 'pong':
        return;
      case 'open':
        return takeOpen(frame);
      default:
        return takeOfStream(frame);
    }
  };

  write(0, 'hello', encodeHello({ protocol: protocolVersion, ...serves }));

  return {
    receive(chunk) {
      if (isClosed) return;
      try {
        for (const frame of decoder.push(chunk)) {
          if (isClosed) return;
          take(frame);
        }
      } catch (error) {
        if (!(error instanceof RelayProtocolError)) throw error;
        fail(error);
      }
    },
    connect(target) {
      const refusal = isClosed
        ? 'the relay is closed'
        : streams.size >= streamLimit
          ? `${streamLimit} connections are open through this relay, which is the most`
          : undefined;
      if (refusal) return toRefused(refusal);
      lastId += 1;
      const stream = addStream(lastId, true);
      write(lastId, 'open', toTextPayload(target));
      return stream;
    },
    ping: () => write(0, 'ping', Buffer.alloc(8)),
    get streamCount() {
      return streams.size;
    },
    close(reason) {
      if (!isClosed) end(new Error(reason));
    },
  };
}

/** A stream that never was: the caller hears of it as of any other failure. */
function toRefused(reason: string): Duplex {
  const stream = new RelayStream({ write: () => {}, ready: () => {}, left: () => {} }, false);
  stream.takeLoss(new Error(reason));
  return stream;
}
