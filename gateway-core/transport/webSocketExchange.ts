// One WebSocket from its handshake to its end. Bytes pass as they are: frames, pings and close codes are the two sides' own.
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Route } from '../config/document.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { findSingle, type HeaderList, toHeaderList, toHeaderRecord } from '../headers/headerList.ts';
import { toClientHeaders } from '../headers/responseHeaders.ts';
import { findUpgradeFault } from '../headers/upgradeRequest.ts';
import { answerProblemOnSocket, writeHead } from '../server/answerSocket.ts';
import { classifyUpstreamError, type UpstreamFailure } from './upstreamError.ts';

/** How long an upstream has to take what a caller sent before it left. */
const LEAVE_MS = 5_000;

export interface UpgradeCarrier {
  readonly socket: Socket;
  /** What has come behind the handshake. */
  readonly head: Buffer;
}

/** Phases: asking → open, or asking → declined by the upstream (its answer is passed on) or failed (answered by us). */
export class WebSocketExchange {
  private readonly exchange: Exchange;
  private readonly route: Route;
  private readonly client: Socket;
  private readonly answerTimer: NodeJS.Timeout;
  private declinedTimer: NodeJS.Timeout | undefined;
  private upstreamRequest: ClientRequest | undefined;
  private upstreamSocket: Socket | undefined;
  private phase: 'asking' | 'declined' | 'open' | 'over' = 'asking';

  constructor(exchange: Exchange, route: Route, { socket }: UpgradeCarrier) {
    this.exchange = exchange;
    this.route = route;
    this.client = socket;
    const { connectMs, responseHeaderMs } = route.timeouts;
    this.answerTimer = setTimeout(() => {
      this.fail({ code: 'upstream-timeout', kind: 'timeout', words: `no answer in ${responseHeaderMs} ms from` });
    }, connectMs + responseHeaderMs);
  }

  onUpstreamRequest(request: ClientRequest): void {
    this.upstreamRequest = request;
    if (this.phase === 'over') request.destroy();
  }

  /**
   * Called once the library listens. It joins both sides on whatever 101 comes, and relays any other answer without
   * waiting for a caller that does not read; what it is told, it is told here.
   */
  decideFirst(): void {
    const request = this.upstreamRequest;
    if (!request) return;
    const joins = request.listeners('upgrade');
    request.removeAllListeners('upgrade').removeAllListeners('response');
    request.once('upgrade', (response, socket, head) => {
      if (!this.open(response, socket as Socket)) return;
      for (const join of joins) join.call(request, response, socket, head);
      this.count(socket as Socket);
    });
    request.once('response', (response) => this.passOn(response));
  }

  /** False when there is nothing to join. */
  private open(response: IncomingMessage, upstream: Socket): boolean {
    clearTimeout(this.answerTimer);
    // The library attaches its listeners after ours; until then a reset would be uncaught.
    upstream.on('error', () => undefined);
    const headers = toHeaderList(response.rawHeaders);
    const fault = findUpgradeFault(headers, findSingle(this.exchange.request.headers, 'sec-websocket-key') ?? '');
    if (fault !== undefined)
      this.fail({ code: 'upstream-bad-response', kind: 'invalid answer', words: `${fault} from` });
    if (this.phase !== 'asking') {
      upstream.destroy();
      return false;
    }
    this.upstreamSocket = upstream;
    this.phase = 'open';
    response.headers = { ...this.toFields(response, 101), connection: 'Upgrade', upgrade: 'websocket' };
    this.exchange.noteAnswer(101, headers);
    this.endTogether(upstream);
    return true;
  }

  private endTogether(upstream: Socket): void {
    const { client, route } = this;
    // Ended, not cut: what is on its way to the other side still gets there.
    client.once('close', () => {
      upstream.destroySoon();
      // An upstream that does not read would hold what is left for ever.
      upstream.setTimeout(LEAVE_MS, () => upstream.destroy());
    });
    upstream.once('close', () => client.destroySoon());
    // Whatever passes either way is written to this socket or read from it.
    const { idleMs } = route.websocket;
    client.setTimeout(idleMs, () => {
      this.exchange.note ??= `neither side sent anything for ${idleMs} ms`;
      client.destroySoon();
    });
  }

  /**
   * Not before the library has joined both sides: a listener makes the socket flow, and what the upstream sent right
   * behind its 101 would be told to us alone and lost to the caller.
   */
  private count(upstream: Socket): void {
    let fromUpstream = 0;
    upstream.on('data', (chunk: Buffer) => {
      fromUpstream += chunk.length;
      this.exchange.responseBytes = fromUpstream;
    });
    this.client.on('data', (chunk: Buffer) => {
      this.exchange.requestBytes += chunk.length;
    });
  }

  /** The upstream answered in plain HTTP: no WebSocket here. The answer ends with the connection. */
  private passOn(response: IncomingMessage): void {
    clearTimeout(this.answerTimer);
    if (this.phase !== 'asking') return void response.destroy();
    this.phase = 'declined';
    const { client, exchange, route } = this;
    const status = response.statusCode ?? 502;
    exchange.noteAnswer(status, toHeaderList(response.rawHeaders));
    writeHead(client, status, this.toFieldList(response, status));
    response.on('data', (chunk: Buffer) => {
      exchange.responseBytes += chunk.length;
    });
    response.pipe(client, { end: false });
    response.once('end', () => client.destroySoon());
    response.once('close', () => {
      // Only a reset tells a caller that this was not the end of the answer.
      if (!response.complete) client.resetAndDestroy();
    });
    client.setTimeout(route.timeouts.idleMs, () => client.destroy());
    const { totalMs } = route.timeouts;
    if (totalMs <= 0) return;
    this.declinedTimer = setTimeout(
      () => {
        exchange.note ??= `the answer that declined it was not complete in ${totalMs} ms`;
        client.resetAndDestroy();
      },
      Math.max(0, totalMs - exchange.elapsedMs()),
    );
  }

  private toFieldList(response: IncomingMessage, status: number): HeaderList {
    const { exchange, route } = this;
    return toClientHeaders(toHeaderList(response.rawHeaders), {
      status,
      method: exchange.request.method,
      // There are no chunks on a bare socket, so there are no trailers.
      httpVersion: '1.0',
      requestId: exchange.id,
      forwarding: exchange.revision.config.forwarding,
      rules: route.headers.response,
      added: exchange.findings.answerHeaders,
    });
  }

  private toFields(response: IncomingMessage, status: number): Record<string, string | string[]> {
    return toHeaderRecord(this.toFieldList(response, status));
  }

  /** From the library: before the upgrade a failure to answer, after it only the end of the connection. */
  onError(error: Error): void {
    if (this.phase === 'asking') this.fail(classifyUpstreamError(error));
    else if (this.phase === 'open') this.exchange.note ??= `connection broken by ${this.route.upstream.authority}`;
  }

  private fail({ code, kind, words }: UpstreamFailure): void {
    if (this.phase !== 'asking') return;
    this.phase = 'over';
    clearTimeout(this.answerTimer);
    this.exchange.noteUpstreamFailure(kind, code, `${words} ${this.route.upstream.authority}`);
    const detail = `${words.charAt(0).toUpperCase()}${words.slice(1)} ${this.route.upstream.name}.`;
    answerProblemOnSocket(this.exchange, this.client, { code, detail });
    this.upstreamRequest?.destroy();
  }

  onCallerClose(): void {
    if (this.phase === 'asking') {
      this.exchange.aborted = true;
      this.exchange.note ??= 'the caller went away';
    }
    this.phase = 'over';
    clearTimeout(this.answerTimer);
    clearTimeout(this.declinedTimer);
    if (!this.upstreamSocket) this.upstreamRequest?.destroy();
    this.exchange.finish();
  }
}
