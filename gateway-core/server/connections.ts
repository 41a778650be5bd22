// The connections of clients and what runs on them: for draining, for answers in their order, and for clients that are
// too slow to be waited for.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Exchange } from '../exchange/exchange.ts';
import { Pace } from './pace.ts';

/** A request whose answer is not finished. */
export interface Running {
  readonly exchange: Exchange;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** What the client did not do in time. */
export type Slowness = 'body' | 'answer';

export class Connection {
  readonly socket: Duplex;
  /** In the order in which they came, which is the order of the answers. */
  readonly running: Running[] = [];
  /** Requests so far. */
  requests = 0;
  /** The WebSocket that the connection has become. */
  upgraded: Exchange | null = null;
  private closing = false;
  private readonly sending = new Pace();
  private readonly receiving = new Pace();
  private whenLeft: { readonly count: number; readonly call: () => void } | null = null;

  constructor(socket: Duplex) {
    this.socket = socket;
  }

  /** The last answer is announced: whatever comes behind its request is not processed (RFC 9112, 9.6). */
  get isClosing(): boolean {
    return this.closing || this.running.at(-1)?.res.shouldKeepAlive === false;
  }

  close(): void {
    this.closing = true;
  }

  begin(running: Running): void {
    this.running.push(running);
    let isOver = false;
    const leave = (): void => {
      if (isOver) return;
      isOver = true;
      if (!running.res.shouldKeepAlive) this.closing = true;
      this.running.splice(this.running.indexOf(running), 1);
      this.callWhenLeft();
    };
    running.res.on('finish', leave).on('close', leave);
  }

  /** Calls back once at most `count` answers are not finished, at once when that is so already. Only the first call counts. */
  onLeft(count: number, call: () => void): void {
    if (this.whenLeft) return;
    this.whenLeft = { count, call };
    this.callWhenLeft();
  }

  private callWhenLeft(): void {
    if (this.whenLeft && this.running.length <= this.whenLeft.count) this.whenLeft.call();
  }

  /** What the client has been too slow at for a whole window, if anything. */
  findSlowness(at: {
    readonly nowMs: number;
    readonly windowMs: number;
    readonly bytes: number;
  }): Slowness | undefined {
    const socket = this.socket as Socket;
    // bytesWritten counts what still waits in this process; what left it was taken by the client or its kernel.
    const taken = socket.writableLength > 0 ? socket.bytesWritten - socket.writableLength : null;
    if (this.sending.isTooSlow(taken, at)) return 'answer';
    const { req } = this.running.at(-1) ?? {};
    // A request that does not flow waits for its upstream, not for its client.
    const isAwaited = req !== undefined && !req.complete && req.readableFlowing === true;
    return this.receiving.isTooSlow(isAwaited ? socket.bytesRead : null, at) ? 'body' : undefined;
  }
}

export interface Connections {
  readonly count: number;
  /** How many were cut for being slow, since the start. */
  readonly cut: Record<Slowness, number>;
  /** Before anything else listens to the socket. */
  add(socket: Socket): void;
  /** Of a socket of this server. */
  of(socket: Duplex): Connection;
  all(): Iterable<Connection>;
  destroyAll(): void;
}

/** Every connection of a server, upgraded ones too: Node forgets those, yet its close waits for them. */
export function trackConnections(): Connections {
  const open = new Map<Duplex, Connection>();
  return {
    cut: { body: 0, answer: 0 },
    add(socket) {
      open.set(socket, new Connection(socket));
      socket.once('close', () => open.delete(socket));
    },
    get count() {
      return open.size;
    },
    // A socket that is closed already has no entry; nothing can run on it any more.
    of: (socket) => open.get(socket) ?? new Connection(socket),
    all: () => open.values(),
    destroyAll() {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}
