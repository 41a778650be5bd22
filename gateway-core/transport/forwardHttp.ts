// Carries one admitted HTTP exchange to its upstream and the answer back, streaming both ways: waits for a place, tries
// replicas as the route allows, and ends once, whatever either side does.
import type { FailureKind } from '../breaker/breaker.ts';
import type { Route } from '../config/document.ts';
import type { Core } from '../exchange/core.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { HeaderList } from '../headers/headerList.ts';
import { toClientHeaders } from '../headers/responseHeaders.ts';
import { toClientTrailers } from '../headers/trailers.ts';
import type { GatewayProblem } from '../problem/catalogue.ts';
import {
  findRetryWait,
  isRetriedFailure,
  isRetriedStatus,
  mayRepeat,
  parseRetryAfter,
} from '../retry/retryDecision.ts';
import { answerFallback, answerProblem } from '../server/answer.ts';
import type { AnswerWatcher } from '../server/http1/clientAnswer.ts';
import type { Carrier } from '../server/http1/clientConnection.ts';
import type { PlaceRefusal } from '../upstream/places.ts';
import type { Replica } from '../upstream/replica.ts';
import { toSaturatedProblem, toUnavailableProblem, type Unavailable } from '../upstream/unavailable.ts';
import { AnswerBody } from './answerBody.ts';
import type { Due } from './deadlines.ts';
import { createForwardedBody, type ForwardedBody, toForwardedRequest } from './forwardedRequest.ts';
import type { UpstreamCall, UpstreamError, UpstreamHandler } from './upstreamClient.ts';
import { classifyUpstreamError, connectTimeout, noAddress, type UpstreamFailure } from './upstreamError.ts';

export function forwardHttp(core: Core, exchange: Exchange, route: Route, carrier: Carrier): void {
  new Forwarding(core, exchange, { route, carrier }).start();
}

/** Methods that may be asked again on another connection when an idle one turns out to be closed (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * queued → (resolving) → connecting → sending → asked → answered → over, and from any of them before `answered` by
 * `backing-off` to the next try. After `over`, nothing that either side does matters any more.
 */
type Phase = 'queued' | 'resolving' | 'connecting' | 'sending' | 'asked' | 'backing-off' | 'answered' | 'over';

class Forwarding implements UpstreamHandler, AnswerWatcher, Due {
  dueAt = Number.POSITIVE_INFINITY;
  slot = -1;
  private readonly core: Core;
  private readonly exchange: Exchange;
  private readonly route: Route;
  private readonly carrier: Carrier;
  private readonly body: ForwardedBody;
  private readonly totalAt: number;
  private phase: Phase = 'queued';
  private tryAt = Number.POSITIVE_INFINITY;
  private attempt = 0;
  private replica: Replica | null = null;
  private call: UpstreamCall | null = null;
  private answer: AnswerBody | null = null;
  private lastDataAt = 0;
  /** The answer's idle time is watched. */
  private hasPaused = false;
  /** Leaves whatever the phase waits in. */
  private stopWaiting: (() => void) | undefined;

  constructor(core: Core, exchange: Exchange, { route, carrier }: { route: Route; carrier: Carrier }) {
    this.core = core;
    this.exchange = exchange;
    this.route = route;
    this.carrier = carrier;
    this.body = createForwardedBody(exchange, { body: carrier.body, route, onOverflow: () => this.refuseBody() });
    const { totalMs } = route.timeouts;
    this.totalAt = totalMs > 0 ? performance.now() - exchange.elapsedMs() + totalMs : Number.POSITIVE_INFINITY;
    exchange.transport = this;
    carrier.answer.watcher = this;
  }

  start(): void {
    const { exchange } = this;
    if (exchange.enterUpstream()) return void this.tryNext();
    this.stopWaiting = exchange.live?.places.wait((refusal) => this.onTurn(refusal));
    if (!this.stopWaiting) return void this.refuse();
    if (exchange.live) exchange.live.totals.queued += 1;
    this.enter('queued', this.totalAt);
  }

  private onTurn(refusal: PlaceRefusal | null): void {
    this.stopWaiting = undefined;
    if (refusal === 'flushed') return void this.onUnavailable('breaker-open');
    if (refusal) return void this.refuse();
    this.exchange.noteEntered();
    this.tryNext();
  }

  private refuse(): void {
    if (this.exchange.live) this.exchange.live.totals.saturated += 1;
    this.abandon(toSaturatedProblem(this.route));
  }

  private refuseBody(): void {
    const { id, bodyLimitBytes } = this.route;
    const detail = `The body has more than the ${bodyLimitBytes} bytes that route ${id} takes.`;
    this.abandon({ code: 'body-too-large', detail });
  }

  private tryNext(): void {
    const { exchange, route } = this;
    const replica = exchange.beginTry();
    if (replica === 'no-address' && exchange.live?.isResolving) return void this.awaitAddress();
    if (typeof replica === 'string') return void this.onUnavailable(replica);
    this.attempt += 1;
    this.replica = replica;
    const perTryMs = route.retry?.perTryTimeoutMs ?? 0;
    this.tryAt = perTryMs > 0 ? performance.now() + perTryMs : Number.POSITIVE_INFINITY;
    this.ask(replica, false);
  }

  /** The first addresses of a name are on their way; it counts as connecting. */
  private awaitAddress(): void {
    this.stopWaiting = this.exchange.live?.whenResolved(() => {
      this.stopWaiting = undefined;
      this.tryNext();
    });
    this.enter('resolving', performance.now() + this.route.timeouts.connectMs);
  }

  private onUnavailable(unavailable: Unavailable): void {
    if (unavailable === 'no-address') return void this.fail(noAddress);
    const answer = this.exchange.live?.peek(this.core.clock.now());
    const seconds = answer && !answer.admitted ? answer.retryAfterSeconds : 1;
    this.abandon(toUnavailableProblem(this.route, unavailable, seconds));
  }

  private ask(replica: Replica, fresh: boolean): void {
    const { exchange } = this;
    this.phase = 'connecting';
    const request = toForwardedRequest(exchange, { route: this.route, replica, body: this.body });
    this.call = exchange.live?.connect(replica).call(request, this, { fresh }) ?? null;
    // A connection that is there already has taken the request by now.
    if (this.isConnecting()) this.enter('connecting', performance.now() + this.route.timeouts.connectMs);
  }

  private isConnecting(): boolean {
    return this.phase === 'connecting';
  }

  /** `phaseAt` is when it has taken too long. */
  private enter(phase: Phase, phaseAt: number): void {
    this.phase = phase;
    this.core.deadlines.set(this, Math.min(phaseAt, this.tryAt, this.totalAt));
  }

  onConnected(): void {
    if (this.isConnecting()) this.enter('sending', Number.POSITIVE_INFINITY);
  }

  /** The clock of the upstream starts when it has the whole request: a slow caller is not its fault. */
  onSent(): void {
    if (this.phase === 'sending') this.enter('asked', performance.now() + this.route.timeouts.responseHeaderMs);
  }

  onInformation(status: number, headers: [string, string][]): void {
    if (status !== 103) return;
    const link = headers.flatMap(([name, value]) => (name.toLowerCase() === 'link' ? [value] : []));
    if (link.length > 0) this.carrier.answer.writeEarlyHints(link);
  }

  onAnswer(status: number, received: [string, string][]): void {
    const { exchange, route, carrier } = this;
    if (route.retry && isRetriedStatus(status, route.retry)) {
      const waitMs = this.findWait(received);
      if (waitMs !== undefined) return void this.lose(status, waitMs);
    }
    if (status >= 500 && this.fallBackOn5xx(status, received)) return;
    this.tryAt = Number.POSITIVE_INFINITY;
    const headers = toClientHeaders(received, {
      status,
      method: exchange.request.method,
      httpVersion: exchange.request.httpVersion,
      requestId: exchange.id,
      forwarding: exchange.revision.config.forwarding,
      rules: route.headers.response,
      added: exchange.findings.answerHeaders,
    });
    exchange.noteAnswer(status, headers);
    this.phase = 'answered';
    this.answer = new AnswerBody(carrier.answer);
    carrier.answer.writeHead(status, headers);
  }

  /** Most answers bring body and header together, and are over by now. */
  onPause(): void {
    if (this.phase !== 'answered' || this.hasPaused) return;
    this.hasPaused = true;
    this.answer?.endTurn();
    this.lastDataAt = performance.now();
    this.enter('answered', this.lastDataAt + this.route.timeouts.idleMs);
  }

  private fallBackOn5xx(status: number, headers: HeaderList): boolean {
    const { exchange, carrier } = this;
    const fallback = exchange.findFallback('5xx');
    if (!fallback) return false;
    exchange.noteAnswer(status, headers);
    exchange.settleSuccess();
    if (!this.end()) return true;
    this.call?.discard();
    this.body?.close();
    answerFallback(exchange, carrier, { fallback, reason: '5xx', headers: [] });
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.exchange.responseBytes += chunk.length;
    this.exchange.responsePreview?.add(chunk);
    this.lastDataAt = performance.now();
    return this.answer?.write(chunk) ?? true;
  }

  onDrain(): void {
    this.lastDataAt = performance.now();
    this.call?.resume();
  }

  onEnd(trailers: [string, string][]): void {
    if (!this.end()) return;
    this.exchange.settleSuccess();
    this.body?.close();
    this.answer?.end(trailers.length > 0 ? toClientTrailers(trailers) : trailers);
  }

  onFailure(error: UpstreamError): void {
    this.call = null;
    if (error.isStale && this.askAgain()) return;
    this.onTryFailed(classifyUpstreamError(error));
  }

  /** An idle connection that the upstream had closed is no failure of it, as long as asking twice does no harm. */
  private askAgain(): boolean {
    const { replica, phase } = this;
    if (!replica || (phase !== 'sending' && phase !== 'asked')) return false;
    if (!IDEMPOTENT.has(this.exchange.request.method) || this.body?.canRepeat === false) return false;
    this.ask(replica, true);
    return true;
  }

  private onTryFailed(failure: UpstreamFailure): void {
    const { retry } = this.route;
    const isRetried = this.phase !== 'answered' && retry && isRetriedFailure(failure.kind, retry);
    const waitMs = isRetried ? this.findWait([]) : undefined;
    if (waitMs === undefined) this.fail(failure);
    else this.lose(failure.kind, waitMs);
  }

  /** Ms to wait for another try; undefined when there is none. Takes it from the budget. */
  private findWait(answered: HeaderList): number | undefined {
    const { exchange, route, body, carrier } = this;
    const { retry: policy } = route;
    if (!policy || !mayRepeat(exchange.request, policy) || body?.canRepeat === false) return undefined;
    if (carrier.answer.isHeadSent || carrier.answer.isClosed) return undefined;
    const waitMs = findRetryWait({
      policy,
      attempt: this.attempt,
      retryAfterMs: parseRetryAfter(answered, this.core.clock.now()),
      remainingMs: this.totalAt - performance.now(),
      random: Math.random(),
    });
    if (waitMs === undefined || !exchange.live) return undefined;
    if (exchange.live.budget.takeRetry(this.core.clock.now())) return waitMs;
    exchange.live.totals.retryBudgetExhausted += 1;
    return undefined;
  }

  private lose(result: FailureKind | number, waitMs: number): void {
    const { exchange } = this;
    if (typeof result === 'number') this.call?.discard();
    else this.call?.abort();
    this.call = null;
    this.replica = null;
    exchange.noteTryLost(result);
    if (exchange.live) exchange.live.totals.retries += 1;
    this.tryAt = Number.POSITIVE_INFINITY;
    this.enter('backing-off', performance.now() + waitMs);
  }

  onDue(now: number): void {
    const { route, phase } = this;
    const { idleMs, responseHeaderMs, totalMs } = route.timeouts;
    const isTotal = now >= this.totalAt;
    if (phase === 'queued') this.refuse();
    else if (isTotal) this.timeOut(`no complete answer in ${totalMs} ms`);
    else if (phase === 'backing-off') this.tryNext();
    else if (now >= this.tryAt) this.loseTry(`no answer in ${route.retry?.perTryTimeoutMs} ms`);
    else if (phase === 'resolving') this.fail(noAddress);
    else if (phase === 'connecting') this.loseConnecting();
    else if (phase === 'asked') this.loseTry(`no answer in ${responseHeaderMs} ms`);
    else if (phase === 'answered') this.onStill(now, idleMs);
  }

  /** A caller that does not read makes the answer stand still too; that is no fault of the upstream. */
  private onStill(now: number, idleMs: number): void {
    const isCallers = this.carrier.answer.needsDrain;
    const since = isCallers ? now : this.lastDataAt;
    if (since + idleMs > now) this.enter('answered', since + idleMs);
    else this.fail({ code: 'upstream-timeout', kind: 'timeout', words: 'the answer stood still at' });
  }

  private loseConnecting(): void {
    this.call?.abort();
    this.call = null;
    this.onTryFailed(connectTimeout);
  }

  private loseTry(words: string): void {
    this.call?.abort();
    this.call = null;
    this.onTryFailed({ code: 'upstream-timeout', kind: 'timeout', words: `${words} from` });
  }

  private timeOut(words: string): void {
    this.fail({ code: 'upstream-timeout', kind: 'timeout', words: `${words} from` });
  }

  private fail({ code, kind, words }: UpstreamFailure): void {
    const { exchange, route, carrier } = this;
    const begun = carrier.answer.isHeadSent;
    const note = `${words} ${route.upstream.authority}${begun ? ` after ${exchange.responseBytes} bytes` : ''}`;
    if (this.phase !== 'over') exchange.noteUpstreamFailure(kind, code, note);
    this.abandon({ code, detail: `${words.charAt(0).toUpperCase()}${words.slice(1)} ${route.upstream.name}.` });
  }

  /** Lets the upstream go and answers; an answer that has begun is cut, so that the caller can see that it is not whole. */
  private abandon(problem: GatewayProblem): void {
    if (!this.end()) return;
    this.letUpstreamGo();
    const { answer, connection } = this.carrier;
    if (!answer.isHeadSent) {
      answerProblem(this.exchange, this.carrier, problem);
      return;
    }
    this.exchange.code = problem.code;
    this.exchange.note ??= problem.detail;
    this.exchange.finish();
    // To HTTP/1.0 the end of the connection is the end of the answer; only a reset says that it is not whole.
    if (this.exchange.request.httpVersion === '1.0') connection.socket.resetAndDestroy();
    else answer.destroy();
  }

  /** The caller has the whole answer, or has left. */
  onClose(): void {
    const { exchange, carrier } = this;
    if (!carrier.answer.isFinished) {
      exchange.aborted = true;
      exchange.note ??= exchange.status === null ? 'the caller went away' : 'the caller went away in mid-answer';
    }
    if (this.end()) this.letUpstreamGo();
    exchange.finish();
  }

  onOver(): void {
    if (this.end()) this.letUpstreamGo();
  }

  private letUpstreamGo(): void {
    this.call?.abort();
    this.call = null;
    this.body?.close();
  }

  /** True for the first caller only. */
  private end(): boolean {
    if (this.phase === 'over') return false;
    this.phase = 'over';
    this.core.deadlines.clear(this);
    this.stopWaiting?.();
    return true;
  }
}
