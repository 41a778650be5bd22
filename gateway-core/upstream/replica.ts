// One address of an upstream, with what is known about it. Its id is its address, so that it keeps all that over changes.
import type { Breaker } from '../breaker/breaker.ts';
import { type HealthState, neverChecked } from '../health/healthState.ts';
import { createOutlierState, type OutlierState } from '../health/outlier.ts';
import type { UpstreamClient } from '../transport/upstreamClient.ts';
import type { Candidate } from './balance.ts';
import type { Endpoint } from './upstreamSection.ts';

/** Until what was measured counts for a third of itself: a replica that was slow once gets another chance. */
const LATENCY_MEMORY_MS = 10_000;

export interface LastCheck {
  /** Epoch ms. */
  readonly at: number;
  readonly passed: boolean;
  /** `status 200`, `connection refused`. */
  readonly note: string;
}

export class Replica implements Candidate {
  readonly id: string;
  endpoint: Endpoint;
  /** null while it is not dialled. */
  client: UpstreamClient | null = null;
  inFlight = 0;
  requests = 0;
  failures = 0;
  /** null while it is the only one: then the upstream's breaker is its breaker. */
  breaker: Breaker | null = null;
  /** Its last try failed, or was slow by the breaker's measure. */
  isFailing = false;
  healthState: HealthState = neverChecked;
  lastCheck: LastCheck | null = null;
  readonly outlier: OutlierState = createOutlierState();
  /** Epoch ms until which an operator wants nothing new to go to it. */
  drainedUntil = 0;
  /** Epoch ms at which its slow start began. */
  warmSince: number;
  /** No longer one of its upstream's: it finishes what it has and gets nothing new. */
  isRemoved = false;
  private latency = 0;
  private measuredAt = 0;

  constructor(endpoint: Endpoint, warmSince: number) {
    this.id = endpoint.authority;
    this.endpoint = endpoint;
    this.warmSince = warmSince;
  }

  noteLatency(ms: number, now: number): void {
    const weight = Math.exp((this.measuredAt - now) / LATENCY_MEMORY_MS);
    // Something of each measurement counts, however soon it comes after the one before.
    const kept = Math.min(weight, 0.9);
    this.latency = this.latency * kept + ms * (1 - kept);
    this.measuredAt = now;
  }

  latencyMs(now: number): number {
    return this.latency * Math.exp((this.measuredAt - now) / LATENCY_MEMORY_MS);
  }

  isDrained(now: number): boolean {
    return this.drainedUntil > now;
  }
}
