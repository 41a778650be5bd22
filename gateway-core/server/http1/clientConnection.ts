// One connection of a client: requests are taken apart as they come and answered in their order. What comes is read only as
// fast as somebody wants it, and whoever is too slow is found out by looking now and then.
import type { Socket } from 'node:net';
import type { Exchange } from '../../exchange/exchange.ts';
import { Pace } from '../pace.ts';
import type { ServerLimits } from '../serverSection.ts';
import { type AnswerConnection, ClientAnswer } from './clientAnswer.ts';
import { type ClientBody, NO_BODY, StreamedBody } from './clientBody.ts';
import { type HeadFault, NOT_HTTP, type RequestHead } from './headReader.ts';
import { RequestReader, type RequestVisitor } from './requestReader.ts';

/** The two sides of one request. */
export interface Carrier {
  readonly connection: ClientConnection;
  readonly body: ClientBody;
  readonly answer: ClientAnswer;
  /** What it carries, from the moment on that somebody has looked at it. */
  exchange: Exchange | null;
}

/** Whoever answers what comes. */
export interface ConnectionOwner {
  /** Those in force now. */
  limits(): ServerLimits;
  onRequest(carrier: Carrier, head: RequestHead): void;
  /** Whether what follows a request is not HTTP any more. */
  takesOver(head: RequestHead): boolean;
  /** The socket is the owner's once what runs is answered, paused; `rest` has come behind the request. */
  onTakenOver(connection: ClientConnection, head: RequestHead, rest: Buffer): void;
  /** What came is no request, or did not come whole. Nothing more is read. */
  onFault(connection: ClientConnection, fault: HeadFault): void;
}

/** The client's end of it. */
export interface Peer {
  readonly address: string;
  readonly localPort: number;
}

/** More requests than this wait until answers have left. */
const MAXIMUM_PIPELINED = 32;
/** How long a client that has ended its side is taken to wait for somebody to want what it has sent before. */
const UNREAD_MS = 1_000;

export class ClientConnection implements AnswerConnection, RequestVisitor {
  readonly socket: Socket;
  readonly peer: Peer;
  /** What is not answered yet, in the order in which it came, which is the order of the answers. */
  readonly running: Carrier[] = [];
  /** Requests so far. */
  requests = 0;
  /** Coarse time at which the connection, or the request that is coming, or its idleness began. */
  sinceMs: number;
  readonly sending = new Pace();
  readonly receiving = new Pace();
  private readonly owner: ConnectionOwner;
  private readonly coarseNow: () => number;
  private readonly reader: RequestReader;
  /** That is being read. */
  private body: StreamedBody | null = null;
  /** What has come and is not wanted yet; the socket is paused then. */
  private held: Buffer | null = null;
  private takenOver: RequestHead | null = null;
  /** The client has ended its side; what is held came before. */
  private hasEnded = false;
  /** What comes now is nobody's. */
  private isDeaf = false;
  /** Nothing that is written gets anywhere. */
  private isMute = false;
  private isFlushing = false;
  private whenLeft: { readonly count: number; readonly call: () => void } | null = null;

  constructor(socket: Socket, owner: ConnectionOwner, coarseNow: () => number) {
    this.socket = socket;
    this.owner = owner;
    this.coarseNow = coarseNow;
    this.sinceMs = coarseNow();
    this.reader = new RequestReader(this);
    // Without an address the caller has gone already.
    this.peer = { address: socket.remoteAddress ?? '', localPort: socket.localPort ?? 0 };
    socket.on('data', this.onInput).on('end', this.onInputEnd).on('drain', this.onDrain).on('close', this.onClose);
  }

  /** The last answer is announced: what comes behind its request is not processed (RFC 9112, 9.6). */
  get isClosing(): boolean {
    return this.isDeaf || this.running.at(-1)?.answer.keepsAlive === false;
  }

  /** Nothing runs and nothing has begun to come, after a request at least. */
  get isIdle(): boolean {
    return this.requests > 0 && this.running.length === 0 && !this.reader.isInHead && !this.isDeaf;
  }

  get isInHead(): boolean {
    return this.running.length === 0 && !this.isDeaf && (this.requests === 0 || this.reader.isInHead);
  }

  get isInBody(): boolean {
    return this.body !== null && !this.isDeaf;
  }

  /** The client is what the body waits for. */
  get isBodyAwaited(): boolean {
    return this.body?.isFlowing === true;
  }

  /** What comes from now on is not read. */
  close(): void {
    this.isDeaf = true;
    this.held = null;
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

  destroy(): void {
    this.socket.destroy();
  }

  // What comes.

  private readonly onInput = (input: Buffer): void => {
    this.read(this.held ? Buffer.concat([this.held, input]) : input);
  };

  private read(input: Buffer): void {
    this.held = null;
    // The first request of a connection counts from the connection on.
    if (this.isIdle) this.sinceMs = this.coarseNow();
    const at = this.reader.read(input, 0, this.owner.limits());
    if (at === -1) return void this.owner.onFault(this, this.reader.fault);
    if (this.takenOver) return void this.handOver(this.takenOver, input.subarray(at));
    if (this.isDeaf || at >= input.length) return;
    this.held = input.subarray(at);
    this.socket.pause();
  }

  /** Something may be wanted now that was not before. */
  private readonly readOn = (): void => {
    const { held, socket } = this;
    if (!held) return;
    this.read(held);
    if (this.held || this.takenOver || socket.destroyed) return;
    if (this.hasEnded) this.onInputEnd();
    else socket.resume();
  };

  wantsMore(): boolean {
    if (this.body) return this.body.isFlowing && !this.isDeaf;
    if (this.isClosing) this.close();
    return !this.isDeaf && this.running.length < MAXIMUM_PIPELINED;
  }

  onHead(head: RequestHead): void {
    this.requests += 1;
    this.sinceMs = this.coarseNow();
    if (this.owner.takesOver(head)) {
      this.takenOver = head;
      this.isDeaf = true;
      return;
    }
    const body = head.body.body === 'none' ? NO_BODY : new StreamedBody(this.readOn);
    if (body instanceof StreamedBody) this.body = body;
    const { method, httpVersion, keepsAlive } = head;
    const { keepAliveTimeoutMs: keepAliveMs } = this.owner.limits();
    const answer = new ClientAnswer(this, { method, httpVersion, keepsAlive, keepAliveMs });
    const carrier: Carrier = { connection: this, body, answer, exchange: null };
    this.running.push(carrier);
    this.owner.onRequest(carrier, head);
  }

  onData(chunk: Buffer): void {
    this.body?.onData(chunk);
  }

  onEnd(): void {
    const { body } = this;
    this.body = null;
    body?.onEnd();
  }

  private handOver(head: RequestHead, rest: Buffer): void {
    const { socket } = this;
    socket.off('data', this.onInput).off('end', this.onInputEnd).pause();
    this.owner.onTakenOver(this, head, rest);
  }

  /**
   * A client that ends its side has left, as far as anybody can tell: what runs for it is ended. In the middle of a request
   * it has sent something that is none.
   */
  private readonly onInputEnd = (): void => {
    const { running, reader } = this;
    this.hasEnded = true;
    if (this.held) return void setTimeout(this.leaveUnread, UNREAD_MS).unref();
    const current = running[0]?.answer;
    if (current?.endLinger) return void current.endLinger();
    // What was refused is still answered, behind the answers before it.
    if (this.whenLeft) return;
    if (!this.isDeaf && (reader.isInHead || reader.isInBody)) return void this.owner.onFault(this, NOT_HTTP);
    this.leave();
  };

  private readonly leaveUnread = (): void => {
    if (this.held) this.leave();
  };

  /** Whatever is on its way to the client may still get there. */
  private leave(): void {
    this.close();
    this.isMute = true;
    this.socket.end();
    for (const { answer } of [...this.running]) if (!answer.isEnded) answer.onClose(false);
  }

  private readonly onClose = (): void => {
    this.close();
    this.isMute = true;
    this.body?.onGone();
    for (const { answer } of this.running.splice(0)) if (!answer.isClosed) answer.onClose(false);
    this.callWhenLeft();
  };

  // What is answered.

  isTurnOf(answer: ClientAnswer): boolean {
    return this.running[0]?.answer === answer;
  }

  write(piece: string | Buffer): boolean {
    if (this.isMute) return true;
    return typeof piece === 'string' ? this.socket.write(piece, 'latin1') : this.socket.write(piece);
  }

  cork(): void {
    this.socket.cork();
  }

  uncork(): void {
    this.socket.uncork();
  }

  /** An answer is over once the kernel has all of it, which it mostly has at once. */
  onAnswerEnded(answer: ClientAnswer): void {
    if (!this.isTurnOf(answer) || this.isFlushing) return;
    if (this.socket.writableLength === 0) return void this.finish(answer);
    this.isFlushing = true;
    this.socket.write('', 'latin1', () => {
      this.isFlushing = false;
      if (this.isTurnOf(answer)) this.finish(answer);
    });
  }

  private finish(answer: ClientAnswer): void {
    const carrier = this.running.shift();
    if (!answer.keepsAlive) this.isDeaf = true;
    this.sinceMs = this.coarseNow();
    answer.onClose(true);
    this.callWhenLeft();
    if (!answer.keepsAlive && !this.whenLeft) return void this.socket.destroySoon();
    // Nobody wants the rest of a body whose answer is there, but what comes behind it.
    if (carrier && !carrier.body.isComplete) {
      carrier.body.leave();
      carrier.body.resume();
    }
    this.running[0]?.answer.onTurn();
    this.readOn();
  }

  private readonly onDrain = (): void => {
    this.running[0]?.answer.onDrain();
  };
}
