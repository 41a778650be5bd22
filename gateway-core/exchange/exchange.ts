// One request and what became of it. The transport notes what happens; finish is the only way out, and works once.
import { randomUUID } from 'node:crypto';
import { toRecordedSubject } from '../auth/recordedSubject.ts';
import type { Admission, FailureKind } from '../breaker/breaker.ts';
import { toHostName } from '../headers/framing.ts';
import { type HeaderList, valuesOf } from '../headers/headerList.ts';
import { findRequestId, isDemo } from '../headers/requestHeaders.ts';
import { continueTrace, createSpanId, type TraceContext } from '../headers/traceContext.ts';
import { findClientAddress } from '../headers/trustedProxies.ts';
import type { ProblemCode } from '../problem/catalogue.ts';
import { runStages, type StageRecord, type StageRun } from '../stages/runStages.ts';
import {
  type Answer,
  type BreakerAnswer,
  type Findings,
  type MaybePromise,
  noFindings,
  type ReadBody,
  type RequestFacts,
} from '../stages/stage.ts';
import { type StatusClass, toStatusClass } from '../stats/counters.ts';
import type { PreviewInProgress } from '../tap/bodyPreview.ts';
import { redactSentences } from '../tap/redact.ts';
import type { TryFacts } from '../telemetry/spanFacts.ts';
import { toSpanFacts } from '../telemetry/toSpanFacts.ts';
import type { Core, Revision } from './core.ts';

/** A request as the server read it; who the client is follows from the peer. */
export type ReceivedRequest = Omit<RequestFacts, 'client'>;

interface Peer {
  readonly address: string;
  readonly localPort: number;
}

export class Exchange {
  readonly id: string;
  readonly request: RequestFacts;
  readonly peer: Peer;
  readonly peerIsTrusted: boolean;
  readonly revision: Revision;
  /** From the client to the peer. */
  readonly chain: readonly string[];
  readonly trace: TraceContext;
  findings: Findings = noFindings;
  status: number | null = null;
  code: ProblemCode | null = null;
  note: string | null = null;
  upstreamMs: number | null = null;
  upstreamFailed = false;
  requestBytes = 0;
  /** What its body takes of the room that all held bodies share. */
  heldBytes = 0;
  responseBytes = 0;
  responseHeaders: HeaderList = [];
  /** The socket address that was dialled last. */
  target: string | null = null;
  readonly tries: TryFacts[] = [];
  requestPreview: PreviewInProgress | null = null;
  responsePreview: PreviewInProgress | null = null;
  /** The caller went away before it had the whole answer. */
  aborted = false;

  private readonly core: Core;
  readonly at: number;
  private readonly startedMs: number;
  private records: StageRecord[] = [];
  private admission: Admission | null = null;
  private finished = false;

  constructor(core: Core, request: ReceivedRequest, peer: Peer) {
    this.core = core;
    this.at = core.clock.now();
    this.startedMs = core.clock.monotonic();
    this.revision = core.revision;
    this.peer = peer;
    const { proxies } = this.revision;
    this.peerIsTrusted = proxies.isTrusted(peer.address);
    const forwardedFor = this.peerIsTrusted ? valuesOf(request.headers, 'x-forwarded-for') : [];
    const { client, chain } = findClientAddress(peer.address, forwardedFor, proxies);
    this.request = { ...request, client };
    this.chain = chain;
    const given = findRequestId(request.headers, this.peerIsTrusted);
    this.id = given === undefined || core.tap.find(given) ? randomUUID() : given;
    this.trace = continueTrace(request.headers, this.revision.tracePolicy[this.peerIsTrusted ? 'trusted' : 'others']);
    core.live.inFlight += 1;
  }

  elapsedMs(): number {
    return this.core.clock.monotonic() - this.startedMs;
  }

  /** Runs the stages; null means: forward it. An upstream admitted by its breaker counts as in flight from here on. */
  decide(readBody?: ReadBody): MaybePromise<Answer | null> {
    const { core } = this;
    const askBreaker = core.live.draining ? undefined : (upstream: string) => this.askBreaker(upstream);
    const askLimits = core.live.draining ? undefined : core.limits.take;
    const { config, routes, auth } = this.revision;
    const body = core.live.draining ? undefined : readBody;
    const context = { config, routes, askBreaker, askLimits, verifyToken: auth.verify, readBody: body };
    const run = runStages(this.request, context, () => this.elapsedMs());
    return run instanceof Promise ? run.then((later) => this.conclude(later)) : this.conclude(run);
  }

  private conclude(run: StageRun): Answer | null {
    this.findings = run.findings;
    this.records = run.records;
    // It ended while a stage waited (its body turned out not to be HTTP), so nobody else gives this back.
    if (this.finished) this.giveBack();
    if (run.answer?.kind === 'own' || !this.core.live.draining) return run.answer;
    return { kind: 'problem', problem: { code: 'draining', detail: 'The gateway is shutting down; try again.' } };
  }

  private askBreaker(upstream: string): BreakerAnswer {
    const answer = this.core.breakers.admit(upstream);
    if (!answer.admitted) return answer;
    this.admission = answer;
    const { inFlightByUpstream } = this.core.live;
    inFlightByUpstream.set(upstream, (inFlightByUpstream.get(upstream) ?? 0) + 1);
    return answer;
  }

  /** A body of the caller is about to be read. */
  beginRequestBody(): void {
    this.requestPreview = this.core.tap.previews.begin(this.request.headers);
  }

  /** The upstream is asked at this address; gives the id of the span that asks, for its traceparent. */
  beginTry(address: string): string {
    this.target = address;
    const spanId = createSpanId();
    this.tries.push({ spanId, address, startMs: this.elapsedMs(), endMs: 0, status: null, failure: null });
    return spanId;
  }

  private endTry(status: number | null, failure: string | null): void {
    const last = this.tries.at(-1);
    if (!last) return;
    last.status = status ?? last.status;
    last.failure = failure;
    last.endMs = this.elapsedMs();
  }

  /** The upstream's status line came. 500 is the service's own fault, not a sign that it is not there: see FailureKind. */
  noteAnswer(status: number, headers: HeaderList): void {
    this.status = status;
    this.responseHeaders = headers;
    this.responsePreview = this.core.tap.previews.begin(headers);
    this.upstreamMs = this.elapsedMs() - this.forwardStartMs();
    this.upstreamFailed = status >= 500;
    this.endTry(status, null);
    if (status === 502 || status === 503 || status === 504) this.settleFailure(`status ${status}`);
    // A trial asks whether the upstream answers; a stream of events must not hold its place for hours.
    else if (this.admission?.trial || this.request.protocol === 'websocket') this.settleSuccess();
  }

  noteUpstreamFailure(failure: FailureKind, code: ProblemCode, note: string): void {
    this.upstreamFailed = true;
    this.code = code;
    this.note = note;
    this.endTry(null, code);
    this.settleFailure(failure);
    const upstream = this.findings.route?.upstream.name ?? '';
    this.core.warnOfUpstream(upstream, 'upstream failed', { id: this.id, upstream, code, note });
  }

  settleSuccess(): void {
    this.admission?.settle({ kind: 'success' }, this.core.clock.now());
  }

  private settleFailure(failure: FailureKind): void {
    this.admission?.settle({ kind: 'failure', failure }, this.core.clock.now());
  }

  private forwardStartMs(): number {
    return this.records.find((record) => record.stage === 'forward')?.startMs ?? 0;
  }

  /** The one terminal transition: counts, records, frees what was taken. Later calls do nothing. */
  finish(): void {
    if (this.finished) return;
    this.finished = true;
    const { core, findings } = this;
    const durationMs = this.elapsedMs();
    const upstream = findings.route?.upstream.name ?? '';
    core.live.inFlight -= 1;
    this.giveBack();
    const observation = {
      route: this.findTargetId(),
      statusClass: this.toClass(),
      status: this.status,
      method: this.request.method,
      requestBytes: this.requestBytes,
      responseBytes: this.responseBytes,
      code: this.code,
      upstreamFailed: this.upstreamFailed,
      durationMs,
      protocol: this.request.protocol,
    };
    core.counters.observe(observation);
    core.metrics.observe(observation);
    for (const attempt of this.tries) core.metrics.observeTry(upstream, attempt);
    this.record(durationMs);
    if (core.accessLog.isOn) core.accessLog.record(this, durationMs);
    if (this.trace.sampled && core.tracing.isOn) core.tracing.record(toSpanFacts(this, durationMs));
  }

  /** Everything that the stages took for this exchange. */
  private giveBack(): void {
    const { core, findings } = this;
    for (const slot of findings.slots) core.limits.caps.leave(slot);
    core.bodyRoom.give(this.heldBytes);
    this.heldBytes = 0;
    if (!this.admission) return;
    // Whatever was not settled by now taught nothing about the upstream.
    this.admission.settle({ kind: 'neutral' }, core.clock.now());
    this.admission = null;
    const upstream = findings.route?.upstream.name ?? '';
    core.live.inFlightByUpstream.set(upstream, (core.live.inFlightByUpstream.get(upstream) ?? 1) - 1);
  }

  /** Answered, recorded and over; nothing may be done for it any more. */
  get isOver(): boolean {
    return this.finished;
  }

  /** The caller left before anything could be answered. */
  abort(): void {
    this.aborted = true;
    this.finish();
  }

  /** Nothing is kept of it: the gateway's own paths are not traffic. */
  discard(): void {
    if (this.finished) return;
    this.finished = true;
    this.core.live.inFlight -= 1;
  }

  private findTargetId(): string | null {
    return (this.findings.route ?? this.findings.redirect)?.id ?? null;
  }

  /** An answer that the upstream cut short is a failure to the caller, whatever its status line said. */
  private toClass(): StatusClass {
    if (this.aborted || this.status === null) return 'aborted';
    if (this.code !== null && this.status < 400) return '5xx';
    return toStatusClass(this.status);
  }

  private record(durationMs: number): void {
    const { core, request, findings } = this;
    const { redaction } = this.revision;
    this.completeStages(durationMs);
    core.tap.record({
      id: this.id,
      // Counted here, so that a gap means a lost event and nothing else.
      sequence: ++core.live.sequence,
      gateway: core.name,
      at: this.at,
      method: request.method,
      host: toHostName(findings.host),
      path: redaction.target(request.target),
      route: this.findTargetId(),
      upstream: findings.route?.upstream.authority ?? null,
      status: this.status,
      code: this.code,
      note: this.note,
      durationMs,
      upstreamMs: this.upstreamMs,
      requestBytes: this.requestBytes,
      responseBytes: this.responseBytes,
      client: request.client,
      protocol: request.protocol,
      traceId: this.trace.traceId,
      breaker: findings.breaker,
      demo: isDemo(request.headers),
      canonicalPath: findings.canonicalPath,
      forwardedPath: findings.forwardedPath && redaction.target(findings.forwardedPath),
      subject: toRecordedSubject(findings.identity, this.revision.config.auth.recordSubject),
      target: this.target,
      stages: redactSentences(this.records, findings.query, redaction),
      requestHeaders: redaction.headers(request.headers),
      responseHeaders: redaction.headers(this.responseHeaders),
      requestBody: this.requestPreview?.finish(redaction) ?? null,
      responseBody: this.responsePreview?.finish(redaction) ?? null,
    });
  }

  /** Before forwarding the last two stages could only say what they would do; now they say what happened, and how long it took. */
  private completeStages(durationMs: number): void {
    const forward = this.records.find((record) => record.stage === 'forward');
    const respond = this.records.find((record) => record.stage === 'respond');
    if (!forward || !respond || forward.outcome !== 'pass' || this.target === null) return;
    const answered = this.upstreamMs !== null;
    forward.durationMs = (answered ? forward.startMs + (this.upstreamMs ?? 0) : durationMs) - forward.startMs;
    respond.startMs = forward.startMs + forward.durationMs;
    respond.durationMs = Math.max(0, durationMs - respond.startMs);
    if (!answered) {
      forward.outcome = 'stop';
      forward.sentence = this.note ?? 'The upstream did not answer.';
    } else forward.sentence = `${forward.sentence.slice(0, -1)} at ${this.target}, which answered ${this.status}.`;
    if (this.status === null) respond.sentence = 'The caller went away before an answer.';
    else respond.sentence = this.note ?? `The caller got ${this.status} with ${this.responseBytes} bytes.`;
  }
}
