// One connection to a replica: one request at a time, its answer taken apart as it comes.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  type BodySink,
  type UpstreamCall,
  type UpstreamClientOptions,
  UpstreamError,
  type UpstreamHandler,
  type UpstreamRequest,
} from '../upstreamClient.ts';
import { type AnswerHead, HEAD_LIMIT_BYTES, parseAnswerHead } from './answerHead.ts';
import { ChunkReader } from './chunks.ts';
import type { RequestHead } from './requestHead.ts';

/** All reads go through it: a read is over before the next one begins, and handlers copy what they keep. */
const inbox = Buffer.allocUnsafeSlow(64 * 1024);
const END_OF_HEAD = '\r\n\r\n';
/** An upstream that only ever says "wait" is not answering. */
const MAXIMUM_INFORMATION = 32;

export interface ConnectionOwner {
  /** It may be used again. */
  onIdle(connection: Connection): void;
  onGone(connection: Connection): void;
}

export interface Start {
  readonly request: UpstreamRequest;
  readonly head: RequestHead;
  readonly handler: UpstreamHandler;
}

/** A request on its connection; the handle that the handler's side has. */
class Call implements UpstreamCall, BodySink {
  handler: UpstreamHandler;
  readonly method: string;
  readonly isChunked: boolean;
  readonly text: string;
  readonly body: UpstreamRequest['body'];
  isSent = false;
  /** Its beginning is held back until this turn of the event loop is over. */
  isCorked = false;
  private readonly connection: Connection;

  constructor(connection: Connection, { request, head, handler }: Start) {
    const { method, body } = request;
    const { text, isChunked } = head;
    this.connection = connection;
    this.handler = handler;
    this.method = method;
    this.body = body;
    this.text = text;
    this.isChunked = isChunked;
  }

  abort(): void {
    this.connection.abort(this);
  }

  discard(): void {
    this.handler = new Discarding(this);
    this.resume();
  }

  resume(): void {
    this.connection.resume(this);
  }

  write(chunk: Buffer): boolean {
    return this.connection.write(this, chunk);
  }

  end(): void {
    this.connection.endRequest(this);
  }

  uncork(): void {
    if (this.isCorked) this.connection.uncork();
    this.isCorked = false;
  }
}

/** Of an answer that nobody wants: reading more than this, or longer, costs more than a new connection. */
const DISCARD_LIMIT_BYTES = 16 * 1024;
const DISCARD_MS = 1_000;

class Discarding implements UpstreamHandler {
  private readonly call: Call;
  private readonly timer: NodeJS.Timeout;
  private bytes = 0;

  constructor(call: Call) {
    this.call = call;
    this.timer = setTimeout(() => call.abort(), DISCARD_MS).unref();
  }

  onConnected(): void {}

  onSent(): void {}

  onInformation(): void {}

  onAnswer(): void {}

  onData(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    if (this.bytes <= DISCARD_LIMIT_BYTES) return true;
    this.onEnd();
    this.call.abort();
    return true;
  }

  onEnd(): void {
    clearTimeout(this.timer);
  }

  onFailure(): void {
    clearTimeout(this.timer);
  }
}

export class Connection {
  /** performance.now() from which on the upstream may have closed it. */
  staleAt = 0;
  isOpen = true;
  /** Of the last answer; null when the upstream did not say. */
  keepAliveMs: number | null = null;
  private readonly owner: ConnectionOwner;
  private readonly socket: Socket;
  private isConnected = false;
  private call: Call | null = null;
  private answers = 0;
  private head: AnswerHead | null = null;
  private headBytes: Buffer | null = null;
  private information = 0;
  private left = 0;
  private chunks: ChunkReader | null = null;
  /** Anything came for the running call. */
  private hasInput = false;
  private isPaused = false;
  private error: NodeJS.ErrnoException | null = null;

  constructor(options: UpstreamClientOptions, owner: ConnectionOwner) {
    this.owner = owner;
    this.socket = this.open(options);
    this.socket.on('drain', () => this.call?.body?.resume());
    this.socket.on('end', () => this.onInputEnd());
    this.socket.on('error', (error) => {
      this.error = error;
    });
    this.socket.on('close', () => this.onClose());
  }

  private open({ address, secure, authority }: UpstreamClientOptions): Socket {
    const colon = address.lastIndexOf(':');
    const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
    const port = Number(address.slice(colon + 1));
    if (secure) {
      const socket = connectTls({ host, port, ...toServerName(authority), ALPNProtocols: ['http/1.1'] });
      socket.once('secureConnect', () => this.onConnect());
      return socket.on('data', (chunk: Buffer) => this.onInput(chunk));
    }
    const onread = {
      buffer: inbox,
      callback: (count: number) => {
        this.onInput(inbox.subarray(0, count));
        return true;
      },
    };
    const socket = connectTcp({ host, port, noDelay: true, onread });
    return socket.once('connect', () => this.onConnect());
  }

  /** Begins a request; the connection must be idle. */
  start(start: Start): UpstreamCall {
    const call = new Call(this, start);
    this.call = call;
    this.hasInput = false;
    this.information = 0;
    if (this.isConnected) this.send(call);
    return call;
  }

  private onConnect(): void {
    this.isConnected = true;
    if (this.call) this.send(this.call);
  }

  private send(call: Call): void {
    call.handler.onConnected();
    if (this.call !== call) return;
    const { socket } = this;
    if (!call.body) {
      socket.write(call.text, 'latin1');
      this.endRequest(call);
      return;
    }
    // Most bodies are small and have come with their head: both leave in one packet.
    socket.cork();
    call.isCorked = true;
    process.nextTick(uncork, call);
    socket.write(call.text, 'latin1');
    call.body.pipeTo(call);
  }

  write(call: Call, chunk: Buffer): boolean {
    const { socket } = this;
    if (this.call !== call || chunk.length === 0) return true;
    if (!call.isChunked) return socket.write(chunk);
    socket.cork();
    socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
    socket.write(chunk);
    const hasRoom = socket.write('\r\n', 'latin1');
    socket.uncork();
    return hasRoom;
  }

  endRequest(call: Call): void {
    if (this.call !== call || call.isSent) return;
    if (call.isChunked) this.socket.write('0\r\n\r\n', 'latin1');
    call.isSent = true;
    // At once, so that requests leave in the order in which they came.
    call.uncork();
    call.handler.onSent();
  }

  uncork(): void {
    this.socket.uncork();
  }

  abort(call: Call): void {
    if (this.call !== call) return;
    this.call = null;
    call.body?.stop();
    this.destroy();
  }

  resume(call: Call): void {
    if (this.call === call) this.readOn();
  }

  private readOn(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.socket.resume();
  }

  destroy(): void {
    this.isOpen = false;
    this.socket.destroy();
  }

  private onInput(input: Buffer): void {
    let at = 0;
    while (at < input.length) {
      // Nobody has asked: whatever this is, it must not be taken for the answer to the next request.
      if (!this.call || !this.isOpen) return void this.destroy();
      this.hasInput = true;
      at = this.head ? this.readBody(input, at, this.call) : this.readHead(input, at, this.call);
      if (at === -1) return void this.fail('UPSTREAM_INVALID');
    }
    if (this.call) this.call.handler.onPause?.();
    else if (this.isOpen && this.isConnected) this.release();
  }

  private readHead(input: Buffer, start: number, call: Call): number {
    const pending = this.headBytes;
    const bytes = pending ? Buffer.concat([pending, input.subarray(start)]) : input;
    const from = pending ? 0 : start;
    const end = bytes.indexOf(END_OF_HEAD, pending ? Math.max(0, pending.length - 3) : start, 'latin1');
    if ((end === -1 ? bytes.length : end) - from > HEAD_LIMIT_BYTES) return -1;
    if (end === -1) {
      this.headBytes = pending ? bytes : Buffer.from(bytes.subarray(from));
      return canBecomeHead(this.headBytes, pending?.length ?? 0) ? input.length : -1;
    }
    this.headBytes = null;
    const head = parseAnswerHead(bytes.toString('latin1', from, end), call.method);
    if (!head) return -1;
    const next = (pending ? start - pending.length : 0) + end + END_OF_HEAD.length;
    return this.takeHead(head, call) ? next : -1;
  }

  private takeHead(head: AnswerHead, call: Call): boolean {
    if (head.status < 200) {
      this.information += 1;
      // We never ask to switch protocols, so nobody may do it (RFC 9110, 15.2.2).
      if (head.status === 101 || this.information > MAXIMUM_INFORMATION) return false;
      call.handler.onInformation(head.status, head.headers);
      return true;
    }
    this.head = head;
    this.left = head.lengthBytes;
    this.chunks = head.body === 'chunked' ? new ChunkReader() : null;
    call.handler.onAnswer(head.status, head.headers);
    if (this.call === call && head.body === 'none') this.complete(call, []);
    return true;
  }

  private readBody(input: Buffer, start: number, call: Call): number {
    const { chunks, head } = this;
    if (chunks) {
      const read = chunks.read(input, start, this);
      if (read === -1) return -1;
      if (chunks.isOver && this.call === call) this.complete(call, chunks.trailers);
      return start + read;
    }
    const end = head?.body === 'sized' ? Math.min(input.length, start + this.left) : input.length;
    this.left -= end - start;
    this.onData(input.subarray(start, end));
    if (head?.body === 'sized' && this.left === 0 && this.call === call) this.complete(call, []);
    return end;
  }

  onData(chunk: Buffer): void {
    if (!this.call || this.call.handler.onData(chunk) || this.isPaused) return;
    this.isPaused = true;
    this.socket.pause();
  }

  private complete(call: Call, trailers: [string, string][]): void {
    const { head } = this;
    this.call = null;
    this.head = null;
    this.chunks = null;
    this.answers += 1;
    this.keepAliveMs = head?.keepAliveMs ?? null;
    // What is not sent yet would be read as the next request.
    if (!call.isSent || !head?.keepsAlive) this.isOpen = false;
    if (!call.isSent) call.body?.stop();
    call.handler.onEnd(trailers);
    if (!this.isOpen) this.destroy();
  }

  private release(): void {
    this.readOn();
    this.owner.onIdle(this);
  }

  private onInputEnd(): void {
    const { call, head } = this;
    if (call && head?.body === 'until-close') this.complete(call, []);
    else this.fail('UPSTREAM_CLOSED');
  }

  private onClose(): void {
    this.fail(this.error ?? 'UPSTREAM_CLOSED');
    this.owner.onGone(this);
  }

  private fail(reason: NodeJS.ErrnoException | 'UPSTREAM_CLOSED' | 'UPSTREAM_INVALID'): void {
    const { call } = this;
    this.call = null;
    this.destroy();
    if (!call) return;
    call.body?.stop();
    call.handler.onFailure(new UpstreamError(reason, this.answers > 0 && !this.hasInput));
  }
}

function uncork(call: Call): void {
  call.uncork();
}

/** An address is no server name (RFC 6066, 3); the certificate is then checked against what is dialled. */
function toServerName(authority: string): { servername?: string } {
  const name = authority.slice(0, authority.lastIndexOf(':'));
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) === 0 ? { servername: name } : {};
}

/** Whether what has come so far can still be the beginning of a head; a foreign protocol is found out at once. */
function canBecomeHead(bytes: Buffer, newFrom: number): boolean {
  const start = bytes.toString('latin1', 0, 7);
  return 'HTTP/1.'.startsWith(start) && !/[^\r]\n/.test(bytes.toString('latin1', Math.max(0, newFrom - 1)));
}
