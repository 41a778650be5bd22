// One request and what became of it. The transport notes what happens; finish is the only way out, and works once.
import { randomUUID } from 'node:crypto';
import type { Admission, FailureKind, Result } from '../breaker/breaker.ts';
import type { FallbackReason } from '../fallback/fallbackSection.ts';
import type { Fallback } from '../fallback/fallbacks.ts';
import { toHostName } from '../headers/framing.ts';
import { type HeaderList, valuesOf } from '../headers/headerList.ts';
import { findRequestId, isDemo } from '../headers/requestHeaders.ts';
import { continueTrace, type TraceContext } from '../headers/traceContext.ts';
import { findClientAddress } from '../headers/trustedProxies.ts';
import type { ProblemCode } from '../problem/catalogue.ts';
import { runStages, type StageRecord, type StageRun } from '../stages/runStages.ts';
import {
  type Answer,
  type BreakerAnswer,
  type Findings,
  type MaybePromise,
  noFindings,
  type RequestFacts,
} from '../stages/stage.ts';
import { type StatusClass, toStatusClass } from '../stats/counters.ts';
import type { TryRecord } from '../tap/exchangeRecord.ts';
import { type LiveUpstream, toOutcome } from '../upstream/liveUpstream.ts';
import type { Replica } from '../upstream/replica.ts';
import type { Unavailable } from '../upstream/unavailable.ts';
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
  responseBytes = 0;
  responseHeaders: HeaderList = [];
  /** The socket address that was dialled. */
  target: string | null = null;
  /** The caller went away before it had the whole answer. */
  aborted = false;
  /** The caller got the route's fixed answer, and why. */
  fallback: FallbackReason | null = null;
  /** A body that was read as a whole before it is forwarded. */
  bufferedBody: Buffer | null = null;
  /** The upstream as it lives; there from the breaker's admission on. */
  live: LiveUpstream | null = null;

  private readonly core: Core;
  private readonly at = Date.now();
  private readonly startedMs = performance.now();
  private records: StageRecord[] = [];
  private admission: Admission | null = null;
  private hasPlace = false;
  /** Of the running try. */
  private replica: Replica | null = null;
  private replicaAdmission: Admission | null = null;
  private tryStartMs = 0;
  /** From the last try's beginning to its status line. */
  private answeredMs = 0;
  private readonly tried: Replica[] = [];
  private readonly tries: TryRecord[] = [];
  private finished = false;

  constructor(core: Core, request: ReceivedRequest, peer: Peer) {
    this.core = core;
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
    this.trace = continueTrace(request.headers);
    core.live.inFlight += 1;
  }

  elapsedMs(): number {
    return performance.now() - this.startedMs;
  }

  /** Runs the stages; null means: forward it. An upstream admitted by its breaker counts as in flight from here on. */
  decide(): MaybePromise<Answer | null> {
    const { core } = this;
    const askBreaker = core.live.draining ? undefined : (upstream: string) => this.askBreaker(upstream);
    const context = { config: this.revision.config, askBreaker };
    const run = runStages(this.request, context, () => this.elapsedMs());
    return run instanceof Promise ? run.then((later) => this.conclude(later)) : this.conclude(run);
  }

  private conclude(run: StageRun): Answer | null {
    this.findings = run.findings;
    this.records = run.records;
    if (run.answer?.kind === 'own' || !this.core.live.draining) return run.answer;
    return { kind: 'problem', problem: { code: 'draining', detail: 'The gateway is shutting down; try again.' } };
  }

  private askBreaker(upstream: string): BreakerAnswer {
    const live = this.revision.upstreams.get(upstream);
    if (!live) throw new Error(`the upstream "${upstream}" is not in the configuration of the exchange`);
    const now = Date.now();
    const answer = live.admit(now);
    if (!answer.admitted) return answer;
    this.admission = answer;
    this.live = live;
    live.budget.noteRequest(now);
    return answer;
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
    if (!live) return 'no-address';
    const now = Date.now();
    const replica = live.pick(now, this.tried);
    if (typeof replica === 'string') return replica;
    const admission = replica.breaker?.admit(now) ?? null;
    if (admission && !admission.admitted) return 'breaker-open';
    live.beginTry(replica);
    this.replica = replica;
    this.replicaAdmission = admission;
    this.tryStartMs = this.elapsedMs();
    this.target = live.addressOf(replica);
    return replica;
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
    const now = Date.now();
    if (this.admission) this.live?.settle(this.admission, this.replica, result, now);
    this.replicaAdmission?.settle(result, now);
  }

  /** What a try says about its replica, as soon as it says it. */
  private learn(result: FailureKind | number): void {
    const { replica, live } = this;
    if (!replica || !live) return;
    const now = Date.now();
    const ms = this.elapsedMs() - this.tryStartMs;
    const failure = typeof result === 'number' ? toFailureKind(result) : result;
    this.answeredMs = ms;
    if (typeof result === 'number') replica.noteLatency(ms, now);
    if (failure) this.replicaAdmission?.settle({ kind: 'failure', failure }, now);
    live.noteOutcome(replica, toOutcome(result), { latencyMs: ms, now });
    const status = typeof result === 'number' ? result : null;
    this.tries.push({ replica: replica.id, status, failure: status === null ? String(result) : null, ms });
  }

  /** The answer had begun well. */
  private learnOfBreak(failure: FailureKind): void {
    const last = this.tries.at(-1);
    if (last) last.failure = failure;
    if (this.replica) this.live?.noteOutcome(this.replica, 'gateway-error', { latencyMs: 0, now: Date.now() });
  }

  private endTry(): void {
    const { replica } = this;
    if (!replica) return;
    this.replicaAdmission?.settle({ kind: 'neutral' }, Date.now());
    this.replicaAdmission = null;
    this.replica = null;
    this.live?.endTry(replica);
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
    core.live.inFlight -= 1;
    this.leaveUpstream();
    const observation = {
      route: findings.route?.id ?? null,
      statusClass: this.toClass(),
      status: this.status,
      code: this.code,
      upstreamFailed: this.upstreamFailed,
      degraded: this.fallback,
      durationMs,
      protocol: this.request.protocol,
    };
    core.counters.observe(observation);
    core.metrics.observe(observation);
    this.record(durationMs);
  }

  /** Frees what the exchange holds of its upstream. */
  private leaveUpstream(): void {
    this.endTry();
    // Whatever was not settled by now taught nothing about the upstream.
    this.admission?.settle({ kind: 'neutral' }, Date.now());
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
    this.leaveUpstream();
    this.core.live.inFlight -= 1;
  }

  /** An answer that the upstream cut short is a failure to the caller, whatever its status line said. */
  private toClass(): StatusClass {
    if (this.aborted || this.status === null) return 'aborted';
    if (this.code !== null && this.status < 400 && this.fallback === null) return '5xx';
    return toStatusClass(this.status);
  }

  private record(durationMs: number): void {
    const { core, request, findings } = this;
    this.completeStages(durationMs);
    core.tap.record({
      id: this.id,
      // Counted here, so that a gap means a lost event and nothing else.
      sequence: ++core.live.sequence,
      gateway: core.name,
      at: this.at,
      method: request.method,
      host: toHostName(findings.host),
      path: request.target,
      route: findings.route?.id ?? null,
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
      fallback: this.fallback,
      tries: this.tries,
      demo: isDemo(request.headers),
      canonicalPath: findings.canonicalPath,
      forwardedPath: findings.forwardedPath,
      target: this.target,
      stages: this.records,
      requestHeaders: this.revision.redact(request.headers),
      responseHeaders: this.revision.redact(this.responseHeaders),
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

/** 502, 503 and 504 say that the service is not there. */
function toFailureKind(status: number): FailureKind | undefined {
  return status === 502 || status === 503 || status === 504 ? `status ${status}` : undefined;
}
