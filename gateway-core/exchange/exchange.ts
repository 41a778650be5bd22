// One request and what became of it. The transport notes what happens; finish is the only way out, and works once.
import { randomUUID } from 'node:crypto';
import type { Admission, FailureKind, Result } from '../breaker/breaker.ts';
import type { FallbackReason } from '../fallback/fallbackSection.ts';
import type { Fallback } from '../fallback/fallbacks.ts';
import { type HeaderList, valuesOf } from '../headers/headerList.ts';
import { findRequestId } from '../headers/requestHeaders.ts';
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
import { FORWARD } from '../stages/stages.ts';
import { type StatusClass, toStatusClass } from '../stats/counters.ts';
import type { PreviewInProgress } from '../tap/bodyPreview.ts';
import type { TryFacts } from '../telemetry/spanFacts.ts';
import { toSpanFacts } from '../telemetry/toSpanFacts.ts';
import { type LiveUpstream, toOutcome } from '../upstream/liveUpstream.ts';
import type { Replica } from '../upstream/replica.ts';
import type { Unavailable } from '../upstream/unavailable.ts';
import type { Core, Revision } from './core.ts';
import { toExchangeDetail } from './toExchangeDetail.ts';

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
  /** The caller got the route's fixed answer, and why. */
  fallback: FallbackReason | null = null;
  /** The exchange that an operator repeats with it; such a one is in no figure. */
  readonly replayOf: string | null;
  /** The upstream as it lives; there from the breaker's admission on. */
  live: LiveUpstream | null = null;
  /** Whoever carries it to its upstream is told when it is over, since others may end it: a body that is no HTTP, a drain. */
  transport: { onOver(): void } | null = null;

  private readonly core: Core;
  readonly at: number;
  private readonly startedMs: number;
  records: StageRecord[] = [];
  private admission: Admission | null = null;
  private hasPlace = false;
  /** Of the running try. */
  private replica: Replica | null = null;
  private replicaAdmission: Admission | null = null;
  private tryStartMs = 0;
  /** From the last try's beginning to its status line. */
  private answeredMs = 0;
  private readonly tried: Replica[] = [];
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
    const { method, target, httpVersion, headers, protocol } = request;
    this.request = { method, target, httpVersion, headers, protocol, client };
    this.chain = chain;
    const given = findRequestId(request.headers, this.peerIsTrusted);
    this.id = given === undefined || core.tap.has(given) ? randomUUID() : given;
    this.replayOf = core.replays.take(request.headers, this.id);
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
    const live = this.revision.upstreams.get(upstream);
    if (!live) throw new Error(`the upstream "${upstream}" is not in the configuration of the exchange`);
    const now = this.core.clock.now();
    const answer = live.admit(now);
    if (!answer.admitted) return answer;
    this.admission = answer;
    this.live = live;
    live.budget.noteRequest(now);
    return answer;
  }

  /** A body of the caller is about to be read. */
  beginRequestBody(): void {
    this.requestPreview = this.core.tap.previews.begin(this.request.headers);
  }

  /** Takes one of the upstream's places. False when none is free: then wait for one, or answer that there is none. */
  enterUpstream(): boolean {
    this.hasPlace = this.live?.places.enter() ?? false;
    return this.hasPlace;
  }

  /** The fixed answer of the route, when it has one for this. */
  findFallback(reason: FallbackReason): Fallback | undefined {
    const fallback = this.revision.fallbacks.get(this.findings.route?.id ?? '');
    return fallback?.on.has(reason) ? fallback : undefined;
  }

  noteFallback(reason: FallbackReason): void {
    this.fallback = reason;
    if (this.live) this.live.totals.fallbacks += 1;
  }

  /** A place that was waited for. */
  noteEntered(): void {
    this.hasPlace = true;
  }

  /** Begins a try on a replica that was not tried yet, as long as there is one. */
  beginTry(): Replica | Unavailable {
    const { live } = this;
    // Nobody would end the try of an exchange that is over.
    if (!live || this.finished) return 'no-address';
    const now = this.core.clock.now();
    const replica = live.pick(now, this.tried);
    if (typeof replica === 'string') return replica;
    const admission = replica.breaker?.admit(now) ?? null;
    if (admission && !admission.admitted) return 'breaker-open';
    live.beginTry(replica);
    this.replica = replica;
    this.replicaAdmission = admission;
    this.tryStartMs = this.elapsedMs();
    const address = live.addressOf(replica);
    this.target = address;
    this.tries.push({
      spanId: createSpanId(),
      replica: replica.id,
      address,
      startMs: this.tryStartMs,
      endMs: 0,
      status: null,
      failure: null,
    });
    return replica;
  }

  /** Of the span that asks the upstream now, for its traceparent. */
  get spanId(): string {
    return this.tries.at(-1)?.spanId ?? this.trace.spanId;
  }

  /** A try whose failure or answer the caller does not get to see, since another one follows. */
  noteTryLost(result: FailureKind | number): void {
    if (this.replica) this.tried.push(this.replica);
    this.learn(result);
    this.endTry();
  }

  /** The upstream's status line came. 500 is the service's own fault, not a sign that it is not there: see FailureKind. */
  noteAnswer(status: number, headers: HeaderList): void {
    this.status = status;
    this.responseHeaders = headers;
    this.responsePreview = this.core.tap.previews.begin(headers);
    this.upstreamMs = this.elapsedMs() - this.forwardStartMs();
    this.upstreamFailed = status >= 500;
    this.learn(status);
    const failure = toFailureKind(status);
    if (failure) this.settle({ kind: 'failure', failure });
    // A trial asks whether the upstream answers; a stream of events must not hold its place for hours.
    else if (this.isTrial() || this.request.protocol === 'websocket') this.settleSuccess();
  }

  noteUpstreamFailure(failure: FailureKind, code: ProblemCode, note: string): void {
    this.upstreamFailed = true;
    this.code = code;
    this.note = note;
    if (this.upstreamMs === null) this.learn(failure);
    else this.learnOfBreak(failure);
    this.settle({ kind: 'failure', failure });
    const upstream = this.findings.route?.upstream.name ?? '';
    this.core.warnOfUpstream(upstream, 'upstream failed', { id: this.id, upstream, code, note });
  }

  settleSuccess(): void {
    this.settle({ kind: 'success', latencyMs: this.answeredMs });
  }

  private isTrial(): boolean {
    return this.admission?.trial === true || this.replicaAdmission?.trial === true;
  }

  private settle(result: Result): void {
    const now = this.core.clock.now();
    if (this.admission) this.live?.settle(this.admission, this.replica, result, now);
    this.replicaAdmission?.settle(result, now);
  }

  /** What a try says about its replica, as soon as it says it. */
  private learn(result: FailureKind | number): void {
    const { replica, live } = this;
    if (!replica || !live) return;
    const now = this.core.clock.now();
    const atMs = this.elapsedMs();
    const ms = atMs - this.tryStartMs;
    const failure = typeof result === 'number' ? toFailureKind(result) : result;
    this.answeredMs = ms;
    if (typeof result === 'number') replica.noteLatency(ms, now);
    if (failure) this.replicaAdmission?.settle({ kind: 'failure', failure }, now);
    live.noteOutcome(replica, toOutcome(result), { latencyMs: ms, now });
    const last = this.tries.at(-1);
    if (!last) return;
    if (typeof result === 'number') last.status = result;
    else last.failure = result;
    last.endMs = atMs;
  }

  /** The answer had begun well. */
  private learnOfBreak(failure: FailureKind): void {
    const last = this.tries.at(-1);
    if (last) last.failure = failure;
    const now = this.core.clock.now();
    if (this.replica) this.live?.noteOutcome(this.replica, 'gateway-error', { latencyMs: 0, now });
  }

  private endTry(): void {
    const { replica } = this;
    if (!replica) return;
    const last = this.tries.at(-1);
    if (last) last.endMs = this.elapsedMs();
    this.replicaAdmission?.settle({ kind: 'neutral' }, this.core.clock.now());
    this.replicaAdmission = null;
    this.replica = null;
    this.live?.endTry(replica);
  }

  private forwardStartMs(): number {
    return this.records[FORWARD]?.startMs ?? 0;
  }

  /** The one terminal transition: counts, records, frees what was taken. Later calls do nothing. */
  finish(): void {
    if (this.finished) return;
    this.finished = true;
    const { core } = this;
    const durationMs = this.elapsedMs();
    core.live.inFlight -= 1;
    this.transport?.onOver();
    this.giveBack();
    if (this.replayOf === null) this.count(durationMs);
    core.tap.record(toExchangeDetail(this, { gateway: core.name, sequence: ++core.live.sequence, durationMs }));
    if (core.accessLog.isOn) core.accessLog.record(this, durationMs);
    if (this.trace.sampled && core.tracing.isOn && core.tracing.hasRoom(1 + this.tries.length))
      core.tracing.record(toSpanFacts(this, durationMs));
  }

  /** Rate, errors and duration, as callers see them. */
  private count(durationMs: number): void {
    const { core } = this;
    const observation = {
      route: this.findTargetId(),
      statusClass: this.toClass(),
      status: this.status,
      method: this.request.method,
      requestBytes: this.requestBytes,
      responseBytes: this.responseBytes,
      code: this.code,
      upstreamFailed: this.upstreamFailed,
      degraded: this.fallback,
      durationMs,
      protocol: this.request.protocol,
    };
    core.counters.observe(observation);
    core.metrics.observe(observation);
    const upstream = this.findings.route?.upstream.name ?? '';
    for (const attempt of this.tries) core.metrics.observeTry(upstream, attempt);
  }

  /** Everything that was taken for this exchange. */
  private giveBack(): void {
    const { core, findings } = this;
    for (const slot of findings.slots) core.limits.caps.leave(slot);
    core.bodyRoom.give(this.heldBytes);
    this.heldBytes = 0;
    this.leaveUpstream();
  }

  /** Answered, recorded and over; nothing may be done for it any more. */
  get isOver(): boolean {
    return this.finished;
  }

  /** Frees what the exchange holds of its upstream. */
  private leaveUpstream(): void {
    this.endTry();
    // Whatever was not settled by now taught nothing about the upstream.
    this.admission?.settle({ kind: 'neutral' }, this.core.clock.now());
    if (this.hasPlace) this.live?.places.leave();
    this.hasPlace = false;
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
    this.giveBack();
    this.core.live.inFlight -= 1;
  }

  /** Of the route or redirect that it goes by. */
  findTargetId(): string | null {
    return (this.findings.route ?? this.findings.redirect)?.id ?? null;
  }

  /** An answer that the upstream cut short is a failure to the caller, whatever its status line said. */
  private toClass(): StatusClass {
    if (this.aborted || this.status === null) return 'aborted';
    if (this.code !== null && this.status < 400 && this.fallback === null) return '5xx';
    return toStatusClass(this.status);
  }
}

/** 502, 503 and 504 say that the service is not there. */
function toFailureKind(status: number): FailureKind | undefined {
  return status === 502 || status === 503 || status === 504 ? `status ${status}` : undefined;
}
