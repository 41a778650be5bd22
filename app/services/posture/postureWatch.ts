// The posture of what runs, judged again after what the engine tells: one watch an environment, shared by its viewers.
import { type Connection, GatehouseError, type LimitProbe } from '../../contract/index.ts';
import { withoutRecording } from '../docker/callRecording.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import { createLiveValue, type LiveValue } from '../stream/liveValue.ts';
import { createWake, wait } from '../stream/wait.ts';
import { collectRunning, modeOfRunning, type Snapshot } from './collectRunning.ts';

export interface PostureWatch {
  /**
   * undefined before the first judgement. Stays at the last one while the engine is lost: its connection says so. Where
   * there has been none, why: an answer of the engine that is not understood.
   */
  readonly latest: LiveValue<Snapshot | Error | undefined>;
  /** From now on the edge is probed as well. */
  probe(): void;
  /** A burst was sent: what it showed is judged at once. */
  takeLimits(): void;
  close(): Promise<void>;
}

export interface WatchOptions {
  readonly live: LiveEnvironment;
  readonly loadDeclared: () => Promise<LoadedProject | null>;
  /** What the last burst showed; null: nobody asked for one. */
  readonly findLimits: () => LimitProbe | null;
  readonly now: () => number;
}

/** A start of a stack is a hundred events within seconds. */
const SETTLE_MS = 1000;
/** Of the time between two judgements, at most a tenth is spent on asking an engine that is busy enough already. */
const REST_FACTOR = 9;
/** Certificates run out, and files are changed, without an event. */
const AGAIN_MS = 60_000;
const LIMITS_COUNT_MS = 3_600_000;

export function watchPosture({ live, loadDeclared, findLimits, now }: WatchOptions): PostureWatch {
  const closing = new AbortController();
  const wake = createWake();
  const latest = createLiveValue<Snapshot | Error | undefined>(undefined);
  let isProbing = modeOfRunning(live) === 'prod';

  const judge = async () => {
    isProbing ||= modeOfRunning(live) === 'prod';
    const found = await collectRunning({ live, loadDeclared, now, isProbing, signal: closing.signal });
    if (!closing.signal.aborted) latest.set(withLimits(found, findLimits()));
  };
  const run = async () => {
    while (!closing.signal.aborted) {
      const begunAt = performance.now();
      try {
        if (live.stack.connection.current.state === 'live') await judge();
      } catch (error) {
        // Gone in the middle of it: the connection says so, and its return wakes this.
        if (!(error instanceof GatehouseError) && !latest.current) latest.set(error as Error);
      }
      const restMs = Math.max(SETTLE_MS, REST_FACTOR * (performance.now() - begunAt));
      await wake.next(closing.signal, AGAIN_MS);
      // Of a burst, the first and whatever comes until it is over are judged together.
      if (latest.current) await wait(restMs, closing.signal);
    }
  };
  const stops = [
    live.stack.onEvent(wake.notify),
    onState(live.stack.connection, wake.notify),
    onState(live.gateway.connection, wake.notify),
    live.gateway.routes.onChange(wake.notify),
  ];
  // It outlives the call that happens to begin it.
  const running = withoutRecording(run);
  return {
    latest,
    probe() {
      if (isProbing) return;
      isProbing = true;
      wake.notify();
    },
    takeLimits() {
      const { current } = latest;
      if (current && 'facts' in current) latest.set(withLimits(current, findLimits()));
    },
    async close() {
      for (const stop of stops) stop();
      closing.abort();
      await running;
    },
  };
}

/** A connection that was only confirmed is no news. */
function onState(connection: LiveValue<Connection>, listener: () => void): () => void {
  let { state } = connection.current;
  return connection.onChange((next) => {
    if (next.state === state) return;
    state = next.state;
    listener();
  });
}

/** A burst is not sent again by itself: what it showed stays for an hour. Pure. */
export function withLimits(snapshot: Snapshot, limits: LimitProbe | null): Snapshot {
  const { edge, now } = snapshot.facts;
  if (edge.state !== 'probed' || limits === null || now - limits.at > LIMITS_COUNT_MS) return snapshot;
  return { ...snapshot, facts: { ...snapshot.facts, edge: { ...edge, probe: { ...edge.probe, limits } } } };
}
