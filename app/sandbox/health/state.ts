// Docker's health as a pure reducer, and when the next probe is due.
import type { HealthcheckSpec } from '../containers/spec.ts';

export interface ProbeResult {
  /** Epoch ms. */
  startedAt: number;
  endedAt: number;
  exitCode: number;
  output: string;
}

export interface HealthState {
  status: 'starting' | 'healthy' | 'unhealthy';
  failingStreak: number;
  /** Oldest first, at most LOG_LENGTH. */
  log: ProbeResult[];
  /** A failure before this time does not count. Epoch ms. */
  countFrom: number;
}

export interface HealthPlan {
  test: string[];
  intervalMs: number;
  timeoutMs: number;
  startPeriodMs: number;
  startIntervalMs: number;
  retries: number;
}

const LOG_LENGTH = 5;
/** Shorter than Docker's 30 s: processes are up in a second, and a fault should be seen soon. */
const DEFAULT_INTERVAL_MS = 5_000;
const DEFAULT_TIMEOUT_MS = 5_000;
const DEFAULT_RETRIES = 3;
const FIRST_PROBE_MS = 250;
/** The start interval when none is given: what depends on it should not wait out an interval. */
const STARTING_PROBE_MS = 500;

/** Zero means the default, as in Docker. */
export function toHealthPlan(spec: HealthcheckSpec): HealthPlan {
  return {
    test: spec.test,
    intervalMs: spec.intervalMs || DEFAULT_INTERVAL_MS,
    timeoutMs: spec.timeoutMs || DEFAULT_TIMEOUT_MS,
    startPeriodMs: spec.startPeriodMs,
    startIntervalMs: spec.startIntervalMs || STARTING_PROBE_MS,
    retries: spec.retries || DEFAULT_RETRIES,
  };
}

export function beginHealth(plan: HealthPlan, startedAt: number): HealthState {
  // One interval at least, which is when Docker would have probed for the first time.
  return {
    status: 'starting',
    failingStreak: 0,
    log: [],
    countFrom: startedAt + Math.max(plan.startPeriodMs, plan.intervalMs),
  };
}

export function advanceHealth(health: HealthState, plan: HealthPlan, probe: ProbeResult): HealthState {
  const log = [...health.log, probe].slice(-LOG_LENGTH);
  if (probe.exitCode === 0) return { ...health, status: 'healthy', failingStreak: 0, log };
  const counts = health.status !== 'starting' || probe.endedAt >= health.countFrom;
  if (!counts) return { ...health, log };
  const failingStreak = health.failingStreak + 1;
  // The quick probes of the start must not use up the retries that were meant for whole intervals.
  const countFrom = probe.endedAt + plan.intervalMs;
  return { status: failingStreak >= plan.retries ? 'unhealthy' : health.status, failingStreak, log, countFrom };
}

/** What Docker shows of a container that does not run any more, or is paused: nobody looks, so it is not well. */
export function endHealth(health: HealthState): HealthState {
  return { ...health, status: 'unhealthy' };
}

export function nextProbeMs(health: HealthState, plan: HealthPlan): number {
  const startingMs = Math.min(plan.startIntervalMs, plan.intervalMs);
  if (health.log.length === 0) return Math.min(FIRST_PROBE_MS, startingMs);
  return health.status === 'starting' ? startingMs : plan.intervalMs;
}
