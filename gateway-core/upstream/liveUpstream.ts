// One upstream while the gateway runs: its replicas, breaker, places and retry budget, kept over configurations by its name.
import {
  type Admission,
  type Breaker,
  type BreakerState,
  createBreaker,
  type FailureKind,
  type Refusal,
  type Result,
  type Transition,
} from '../breaker/breaker.ts';
import { createOutlierDetector, isEjected, type Outcome, type OutlierDetector } from '../health/outlier.ts';
import type { Hosts } from '../resolve/hosts.ts';
import { createRetryBudget, type RetryBudget } from '../retry/retryBudget.ts';
import { createHttp1Client } from '../transport/http1/client.ts';
import type { UpstreamClient } from '../transport/upstreamClient.ts';
import { isPanic, pickReplica, rampUp } from './balance.ts';
import { createPlaces, type Places } from './places.ts';
import { Replica } from './replica.ts';
import type { Unavailable } from './unavailable.ts';
import type { Endpoint, Upstream } from './upstreamSection.ts';

export interface NoReplica {
  readonly admitted: false;
  readonly state: BreakerState;
  readonly unavailable: Unavailable;
  readonly retryAfterSeconds: number;
}

/** Cumulative since the upstream was first configured. */
export interface UpstreamTotals {
  retries: number;
  retryBudgetExhausted: number;
  queued: number;
  saturated: number;
  fallbacks: number;
  ejections: number;
}

export interface LiveUpstreamOptions {
  readonly upstream: Upstream;
  readonly hosts: Hosts;
  /** Epoch ms. */
  readonly now: () => number;
  /** `replica` is null for the upstream's own breaker. */
  readonly onTransition: (replica: string | null, transition: Transition) => void;
  /** The set of replicas has changed. */
  readonly onReplicas: () => void;
  readonly onEjection: (replica: string, reason: string) => void;
}

export class LiveUpstream {
  readonly name: string;
  readonly breaker: Breaker;
  readonly places: Places;
  readonly budget: RetryBudget;
  readonly totals: UpstreamTotals = {
    retries: 0,
    retryBudgetExhausted: 0,
    queued: 0,
    saturated: 0,
    fallbacks: 0,
    ejections: 0,
  };
  config: Upstream;
  replicas: readonly Replica[] = [];
  /** No longer configured: who still comes belongs to an earlier configuration. */
  isRetired = false;
  private readonly options: LiveUpstreamOptions;
  private detector: OutlierDetector | null;
  /** Removed replicas that still have something running. */
  private readonly leaving = new Set<Replica>();
  /** What the hosts file said of a name that DNS would be asked for. */
  private hosted: readonly string[] | null = null;
  private readonly waiting = new Set<() => void>();
  /** The name was asked for, and there was no answer. */
  private isUnresolved = false;

  constructor(options: LiveUpstreamOptions) {
    const { upstream, now, onTransition } = options;
    this.options = options;
    this.name = upstream.name;
    this.config = upstream;
    this.breaker = createBreaker({
      thresholds: upstream.breaker,
      now: now(),
      onTransition: (transition) => {
        if (transition.to === 'open') this.places.flush();
        onTransition(null, transition);
      },
    });
    this.places = createPlaces(upstream.concurrency);
    this.budget = createRetryBudget(upstream.retryBudget);
    this.detector = this.createDetector();
    if (!upstream.dns) this.setEndpoints(upstream.endpoints);
    else this.lookAtHosts();
  }

  private createDetector(): OutlierDetector | null {
    const { outlier } = this.config;
    return outlier && createOutlierDetector(outlier, () => this.replicas.map((replica) => replica.outlier));
  }

  configure(upstream: Upstream): void {
    const before = this.config;
    this.config = upstream;
    this.breaker.configure(upstream.breaker);
    for (const replica of this.replicas) replica.breaker?.configure(upstream.breaker);
    this.places.configure(upstream.concurrency);
    this.budget.configure(upstream.retryBudget);
    if (this.detector && upstream.outlier) this.detector.configure(upstream.outlier);
    else this.detector = this.createDetector();
    if (before.secure !== upstream.secure) for (const replica of this.replicas) this.letConnectionsGo(replica);
    if (!upstream.dns) this.setEndpoints(upstream.endpoints);
    else if (before.dns?.name !== upstream.dns.name || before.dns.port !== upstream.dns.port) {
      this.setEndpoints([]);
      this.lookAtHosts();
    }
  }

  /** Replicas of the same id stay with all that is known about them; those that are gone finish what they have. */
  setEndpoints(endpoints: readonly Endpoint[]): void {
    const known = new Map(this.replicas.map((replica) => [replica.id, replica]));
    const now = this.options.now();
    this.replicas = endpoints.map((endpoint) => {
      const replica = known.get(endpoint.authority) ?? new Replica(endpoint, now);
      known.delete(replica.id);
      replica.endpoint = endpoint;
      return replica;
    });
    for (const removed of known.values()) {
      removed.isRemoved = true;
      this.leaving.add(removed);
      this.letConnectionsGo(removed);
      if (removed.inFlight === 0) this.leaving.delete(removed);
    }
    for (const replica of this.replicas) this.giveBreaker(replica);
    if (this.replicas.length > 0) this.wakeWaiting();
    this.options.onReplicas();
  }

  private giveBreaker(replica: Replica): void {
    if (this.replicas.length === 1) replica.breaker = null;
    else
      replica.breaker ??= createBreaker({
        thresholds: this.config.breaker,
        now: this.options.now(),
        onTransition: (transition) => this.options.onTransition(replica.id, transition),
      });
  }

  /** In the sandbox, names of containers are in the hosts file; it wins over DNS, which would not know them. */
  private lookAtHosts(): void {
    const { dns } = this.config;
    if (!dns) return;
    const found = this.options.hosts.findAll(`${dns.name}:${dns.port}`);
    if (found === this.hosted) return;
    this.hosted = found;
    if (found) this.setAddresses(found);
  }

  /** From DNS: every address is a replica. The hosts file wins. */
  setResolved(addresses: readonly string[]): void {
    const port = this.config.dns?.port ?? 0;
    if (this.hosted) return;
    this.setAddresses(addresses.map((address) => `${address.includes(':') ? `[${address}]` : address}:${port}`));
  }

  /** What was known before stays in force. */
  noteResolveFailure(): void {
    this.isUnresolved = true;
    this.wakeWaiting();
  }

  /** Nothing is known of the name yet. */
  get isResolving(): boolean {
    return this.config.dns !== null && this.replicas.length === 0 && !this.isUnresolved;
  }

  private wakeWaiting(): void {
    for (const wake of [...this.waiting]) wake();
  }

  private setAddresses(authorities: readonly string[]): void {
    const host = this.config.authority;
    this.setEndpoints(authorities.map((authority) => ({ authority, host, weight: 1 })));
  }

  /** Asks for one request. Every admission must be settled. */
  admit(now: number): Admission | NoReplica | Refusal {
    const none = this.findNone(now);
    return none ?? this.breaker.admit(now);
  }

  /** What admit would say, without taking anything. */
  peek(now: number): { admitted: true; state: BreakerState } | NoReplica | Refusal {
    const own = this.breaker.peek(now);
    return own.admitted ? (this.findNone(now) ?? own) : own;
  }

  /** Only what waiting does not help: a name that is being resolved may have its first address any moment. */
  private findNone(now: number): NoReplica | undefined {
    if (this.config.dns) this.lookAtHosts();
    const { replicas } = this;
    for (const one of replicas) if (this.isPlainlyFit(one, now)) return undefined;
    const unavailable = replicas.length === 0 ? undefined : this.pick(now, []);
    if (typeof unavailable !== 'string') return undefined;
    return { admitted: false, state: 'open', unavailable, retryAfterSeconds: this.findRetryAfter(now) };
  }

  /** Fit whatever the others are. */
  private isPlainlyFit(replica: Replica, now: number): boolean {
    return !replica.isDrained(now) && this.isHealthy(replica, now) && (replica.breaker?.admits(now) ?? true);
  }

  private findRetryAfter(now: number): number {
    const waits = this.replicas.flatMap((replica) => {
      const answer = replica.breaker?.peek(now);
      return answer && !answer.admitted ? [answer.retryAfterSeconds] : [];
    });
    return waits.length > 0 ? Math.min(...waits) : 1;
  }

  /** The replica for a try; one that was not tried yet, as long as there is one. */
  pick(now: number, tried: readonly Replica[]): Replica | Unavailable {
    const { replicas } = this;
    const [only] = replicas;
    if (!only) return 'no-address';
    if (replicas.length === 1) return this.isUsable(only, now) ? only : 'no-healthy-replica';
    this.detector?.sweep(now);
    const inPanic = this.isInPanic(now);
    const isOpen = (replica: Replica) => replica.breaker?.admits(now) ?? true;
    const isFit = (replica: Replica) => !replica.isDrained(now) && (inPanic || this.isHealthy(replica, now));
    const weightOf = (replica: Replica) => (isFit(replica) && isOpen(replica) ? this.weigh(replica, now) : 0);
    const question = { now, random: Math.random };
    const found =
      (tried.length > 0
        ? pickReplica(replicas, { ...question, weightOf: (one) => (tried.includes(one) ? 0 : weightOf(one)) })
        : undefined) ?? pickReplica(replicas, { ...question, weightOf });
    return found ?? (replicas.some(isFit) ? 'breaker-open' : 'no-healthy-replica');
  }

  private isUsable(replica: Replica, now: number): boolean {
    if (replica.isDrained(now)) return false;
    return this.config.balance.panicShare > 0 || this.isHealthy(replica, now);
  }

  /** As in Envoy, one that is checked and was not yet seen well is not healthy. */
  isHealthy({ healthState, outlier }: Replica, now: number): boolean {
    return (!this.config.healthCheck || healthState.health === 'healthy') && !isEjected(outlier, now);
  }

  isInPanic(now: number): boolean {
    const inUse = this.replicas.filter((replica) => !replica.isDrained(now));
    const healthy = inUse.filter((replica) => this.isHealthy(replica, now)).length;
    return isPanic(healthy, inUse.length, this.config.balance.panicShare);
  }

  private weigh({ endpoint, warmSince }: Replica, now: number): number {
    const { slowStartMs } = this.config.balance;
    return slowStartMs === 0 ? endpoint.weight : endpoint.weight * rampUp(now - warmSince, slowStartMs);
  }

  /** `host:port` that is dialled for a replica at the moment. */
  addressOf(replica: Replica): string {
    return this.options.hosts.resolve(replica.endpoint.authority);
  }

  /** The connections of a replica, at the address that it has now. */
  connect(replica: Replica): UpstreamClient {
    const address = this.addressOf(replica);
    if (replica.client?.address === address) return replica.client;
    replica.client?.close();
    const { secure } = this.config;
    const client = createHttp1Client({ address, secure, authority: replica.endpoint.host });
    replica.client = client;
    return client;
  }

  private letConnectionsGo(replica: Replica): void {
    replica.client?.close();
    replica.client = null;
  }

  /** A try begins; every beginning is to be ended. */
  beginTry(replica: Replica): void {
    replica.inFlight += 1;
    replica.requests += 1;
  }

  /** A try is over, and its replica is free of it. */
  endTry(replica: Replica): void {
    replica.inFlight -= 1;
    if (!(replica.isRemoved || this.isRetired) || replica.inFlight > 0) return;
    this.leaving.delete(replica);
    this.letConnectionsGo(replica);
  }

  /**
   * Settles what the upstream's breaker admitted. A failure of one replica is the business of that replica's breaker as
   * long as another one answers, or was not asked yet: half of two must not take the whole upstream away.
   */
  settle(admission: Admission, replica: Replica | null, result: Result, now: number): void {
    const isBad = result.kind === 'failure' || (result.kind === 'success' && this.isSlow(result.latencyMs));
    const isOfOne = isBad && replica !== null && this.replicas.some((other) => this.speaksFor(other, replica, now));
    admission.settle(isOfOne ? { kind: 'neutral' } : result, now);
  }

  private isSlow(latencyMs = 0): boolean {
    const { slowMs } = this.config.breaker;
    return slowMs > 0 && latencyMs >= slowMs;
  }

  private speaksFor(other: Replica, failed: Replica, now: number): boolean {
    return other !== failed && !other.isFailing && this.isPlainlyFit(other, now);
  }

  /** What a try taught about its replica; the caller's fault teaches nothing. */
  noteOutcome(replica: Replica, outcome: Outcome, { latencyMs, now }: { latencyMs: number; now: number }): void {
    if (outcome !== 'success') replica.failures += 1;
    replica.isFailing = outcome === 'gateway-error' || this.isSlow(latencyMs);
    const reason = this.detector?.note(replica.outlier, outcome, now);
    if (reason === undefined) return;
    this.totals.ejections += 1;
    // Once it is back it begins slowly again.
    replica.warmSince = replica.outlier.ejectedUntil;
    this.options.onEjection(replica.id, reason);
  }

  /** Calls back once it is known where the name is, or that it is nowhere; the function that is returned ends the wait. */
  whenResolved(onResolved: () => void): () => void {
    const wake = () => {
      this.waiting.delete(wake);
      onResolved();
    };
    this.waiting.add(wake);
    return () => void this.waiting.delete(wake);
  }

  /** Nothing new comes but from earlier configurations; connections end with their requests. */
  retire(): void {
    this.isRetired = true;
    for (const replica of this.replicas) this.letConnectionsGo(replica);
  }

  /** Nothing of it is running. */
  get isIdle(): boolean {
    return this.places.inFlight === 0 && this.places.queued === 0;
  }

  destroy(): void {
    for (const replica of [...this.replicas, ...this.leaving]) {
      replica.client?.destroy();
      replica.client = null;
    }
  }
}

/** 502, 503 and 504 are of a service that is not there; other 5xx of one that fails. */
export function toOutcome(result: number | FailureKind): Outcome {
  if (typeof result !== 'number' || result === 502 || result === 503 || result === 504) return 'gateway-error';
  return result >= 500 ? 'error' : 'success';
}
