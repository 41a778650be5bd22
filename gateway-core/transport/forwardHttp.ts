// Carries one admitted HTTP exchange to its upstream and the answer back, streaming both ways; nothing is held in memory.
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Route } from '../config/document.ts';
import type { Core } from '../exchange/core.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { toUpstreamHeaders } from '../headers/requestHeaders.ts';
import { toClientHeaders, toHeaderListFromRaw } from '../headers/responseHeaders.ts';
import { toClientTrailers } from '../headers/trailers.ts';
import type { GatewayProblem } from '../problem/catalogue.ts';
import { answerProblem, type Carrier } from '../server/answer.ts';
import { createRequestBody } from './requestBody.ts';
import { classifyUpstreamError, type UpstreamFailure } from './upstreamError.ts';

export function forwardHttp(core: Core, exchange: Exchange, route: Route, carrier: Carrier): void {
  const { upstream } = route;
  const address = core.hosts.resolve(upstream.authority);
  const spanId = exchange.beginTry(address);
  const forwarding = new Forwarding(exchange, route, carrier);
  const headers = toUpstreamHeaders({
    ...exchange.revision.auth.identity.describe(exchange, upstream.authority),
    method: exchange.request.method,
    httpVersion: exchange.request.httpVersion,
    upstreamAuthority: upstream.authority,
    requestId: exchange.id,
    trace: exchange.trace,
    spanId,
    chain: exchange.chain,
    peerIsTrusted: exchange.peerIsTrusted,
    host: exchange.findings.host,
    localPort: exchange.peer.localPort,
    bodyBytes: exchange.findings.bodyBytes,
    forwarding: exchange.revision.config.forwarding,
    rules: route.headers.request,
  });
  core.pools.get(upstream, address).dispatch(
    {
      path: exchange.findings.forwardedPath ?? '/',
      method: exchange.request.method,
      headers: headers.flat(),
      body: exchange.findings.bufferedBody ?? forwarding.body,
      bodyTimeout: route.timeouts.idleMs,
    },
    forwarding,
  );
}

/** undici's handler of one exchange. After `over`, nothing that either side does matters any more. */
class Forwarding implements Dispatcher.DispatchHandler {
  readonly body: Readable | null;
  private readonly exchange: Exchange;
  private readonly route: Route;
  private readonly carrier: Carrier;
  private readonly totalTimer: NodeJS.Timeout | undefined;
  private headerTimer: NodeJS.Timeout | undefined;
  private controller: Dispatcher.DispatchController | undefined;
  private over = false;
  private bodyBegan = false;

  constructor(exchange: Exchange, route: Route, carrier: Carrier) {
    this.exchange = exchange;
    this.route = route;
    this.carrier = carrier;
    const { bodyBytes, bufferedBody } = exchange.findings;
    this.body = bodyBytes === 0 || bufferedBody !== null ? null : this.createBody();
    const { totalMs } = route.timeouts;
    if (totalMs > 0) this.totalTimer = setTimeout(() => this.timeOut(`no complete answer in ${totalMs} ms`), totalMs);
    carrier.res.on('drain', () => this.controller?.resume());
    carrier.res.once('close', this.onCallerClose);
    // A pipelined request that waits for its turn hears of its connection's end from the socket alone.
    carrier.req.socket.once('close', this.onCallerClose);
  }

  private createBody(): Readable {
    const { exchange, route, carrier } = this;
    exchange.beginRequestBody();
    return createRequestBody(carrier.req, {
      limitBytes: route.bodyLimitBytes,
      onBytes: (total, chunk) => {
        exchange.requestBytes = total;
        exchange.requestPreview?.add(chunk);
      },
      onOverflow: () =>
        this.abandon({
          code: 'body-too-large',
          detail: `The body has more than the ${route.bodyLimitBytes} bytes that route ${route.id} takes.`,
        }),
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.over) controller.abort(new Error('the exchange is over'));
  }

  /** The clock of the upstream starts when it has the whole request: a slow caller is not its fault. */
  onRequestSent(): void {
    const { responseHeaderMs } = this.route.timeouts;
    if (this.over || this.exchange.status !== null) return;
    this.headerTimer = setTimeout(() => this.timeOut(`no answer in ${responseHeaderMs} ms`), responseHeaderMs);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.over) return;
    const { exchange } = this;
    const headers = toClientHeaders(toHeaderListFromRaw(controller.rawHeaders), {
      status,
      method: exchange.request.method,
      httpVersion: exchange.request.httpVersion,
      requestId: exchange.id,
      forwarding: exchange.revision.config.forwarding,
      rules: this.route.headers.response,
      added: exchange.findings.answerHeaders,
    });
    const { res } = this.carrier;
    if (status < 200) {
      if (status === 103) this.passEarlyHints(headers);
      return;
    }
    clearTimeout(this.headerTimer);
    this.exchange.noteAnswer(status, headers);
    res.writeHead(status, headers.flat());
    // An event stream may send its first event much later than its header; most answers bring body and header together.
    process.nextTick(() => {
      if (!this.over && !this.bodyBegan) res.flushHeaders();
    });
  }

  private passEarlyHints(headers: readonly [string, string][]): void {
    const link = headers.flatMap(([name, value]) => (name.toLowerCase() === 'link' ? [value] : []));
    try {
      if (link.length > 0) this.carrier.res.writeEarlyHints({ link });
    } catch {
      // Node refuses malformed Link fields; hints may be dropped (RFC 8297, 2).
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.over) return;
    this.bodyBegan = true;
    this.exchange.responseBytes += chunk.length;
    this.exchange.responsePreview?.add(chunk);
    if (!this.carrier.res.write(chunk)) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (!this.end()) return;
    this.exchange.settleSuccess();
    this.body?.destroy();
    const trailers = toClientTrailers(toHeaderListFromRaw(controller.rawTrailers));
    if (trailers.length > 0) this.carrier.res.addTrailers(trailers);
    this.carrier.res.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.over) return;
    this.fail(classifyUpstreamError(error));
  }

  private timeOut(words: string): void {
    this.fail({ code: 'upstream-timeout', kind: 'timeout', words: `${words} from` });
  }

  private fail({ code, kind, words }: UpstreamFailure): void {
    const { exchange, route, carrier } = this;
    const begun = carrier.res.headersSent;
    const note = `${words} ${route.upstream.authority}${begun ? ` after ${exchange.responseBytes} bytes` : ''}`;
    if (!this.over) exchange.noteUpstreamFailure(kind, code, note);
    this.abandon({ code, detail: `${words.charAt(0).toUpperCase()}${words.slice(1)} ${route.upstream.name}.` });
  }

  /** Lets the upstream go and answers; an answer that has begun is cut, so that the caller can see that it is not whole. */
  private abandon(problem: GatewayProblem): void {
    if (!this.end()) return;
    this.letUpstreamGo();
    const { res } = this.carrier;
    if (!res.headersSent) {
      answerProblem(this.exchange, this.carrier, problem);
      return;
    }
    this.exchange.code = problem.code;
    this.exchange.note ??= problem.detail;
    this.exchange.finish();
    // To HTTP/1.0 the end of the connection is the end of the answer; only a reset says that it is not whole.
    if (this.exchange.request.httpVersion === '1.0') this.carrier.req.socket.resetAndDestroy();
    else res.destroy();
  }

  private readonly onCallerClose = (): void => {
    const { exchange, carrier } = this;
    carrier.req.socket.off('close', this.onCallerClose);
    if (!carrier.res.writableFinished) {
      exchange.aborted = true;
      exchange.note ??= exchange.status === null ? 'the caller went away' : 'the caller went away in mid-answer';
    }
    if (this.end()) this.letUpstreamGo();
    exchange.finish();
  };

  private letUpstreamGo(): void {
    this.controller?.abort(new Error('the exchange is over'));
    this.body?.destroy();
  }

  /** True for the first caller only. */
  private end(): boolean {
    if (this.over) return false;
    this.over = true;
    clearTimeout(this.headerTimer);
    clearTimeout(this.totalTimer);
    return true;
  }
}
