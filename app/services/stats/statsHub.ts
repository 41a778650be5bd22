// Looks at every running container every 2 s, while somebody watches. A stream for each container would be as many
// open connections, and costs the engine a collector each (moby daemon/stats).
import type { Stats } from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { ProjectWatch } from '../docker/projectWatch.ts';
import type { UsageSample } from '../docker/usage.ts';
import { createLiveValue, follow, type LiveValue } from '../stream/liveValue.ts';
import { wait } from '../stream/wait.ts';
import { toContainerUsage } from './rates.ts';

export interface StatsHub {
  /** What is taken now, and then at every look. Several may watch; the engine is asked once. */
  watch(signal: AbortSignal): AsyncGenerator<Stats>;
}

export interface StatsHubOptions {
  stack: Pick<ProjectWatch, 'observed' | 'connection'>;
  openEngine: () => Engine;
  now: () => number;
  stepMs?: number;
}

/** The second look follows soon, so that the first rates do not keep a viewer waiting. */
const firstStepMs = 1000;
const askedAtOnce = 4;

export function createStatsHub(options: StatsHubOptions): StatsHub {
  const stats = createLiveValue<Stats | undefined>(undefined);
  let viewers = 0;
  let looking: { end: () => Promise<void> } | undefined;

  const enter = () => {
    viewers += 1;
    looking ??= keepLooking(options, stats.set);
  };
  const leave = async () => {
    viewers -= 1;
    if (viewers > 0) return;
    const ended = looking;
    looking = undefined;
    stats.set(undefined);
    await ended?.end();
  };

  return {
    async *watch(signal) {
      enter();
      try {
        yield* follow(stats as LiveValue<Stats | undefined>, signal);
      } finally {
        await leave();
      }
    },
  };
}

function keepLooking(options: StatsHubOptions, publish: (stats: Stats) => void): { end: () => Promise<void> } {
  const { stepMs = 2000, now } = options;
  const ending = new AbortController();
  const asker = createAsker(options.openEngine, stepMs * 2);
  const run = async () => {
    let before = new Map<string, UsageSample>();
    while (!ending.signal.aborted) {
      const containers = findRunning(options);
      const after = await asker.askAll(containers.map(({ id }) => id));
      if (ending.signal.aborted) return;
      publish({
        at: now(),
        containers: containers.map((one) => toContainerUsage(one, before.get(one.id), after.get(one.id))),
        stepMs,
      });
      await wait(before.size === 0 ? Math.min(firstStepMs, stepMs) : stepMs, ending.signal);
      before = after;
    }
  };
  const running = run();
  return {
    async end() {
      ending.abort();
      asker.close();
      await running;
    },
  };
}

/** None while the engine is lost: what ran then is history. */
function findRunning({ stack }: StatsHubOptions): ObservedContainer[] {
  if (stack.connection.current.state !== 'live') return [];
  return [...(stack.observed.current?.containers.values() ?? [])].filter(
    ({ state, service, oneOff }) => state === 'running' && service !== null && !oneOff,
  );
}

/** Keeps its connections from look to look, and opens new ones after a failure. */
function createAsker(openEngine: () => Engine, timeoutMs: number) {
  let engine: Engine | undefined;
  const close = () => {
    engine?.close();
    engine = undefined;
  };
  return {
    close,
    /** By container id. One that does not answer is left out, so that it is unknown and not an alarm. */
    async askAll(ids: readonly string[]): Promise<Map<string, UsageSample>> {
      const samples = new Map<string, UsageSample>();
      const waiting = [...ids];
      let hasFailed = false;
      const askInTurn = async () => {
        for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
          try {
            engine ??= openEngine();
            const sample = await engine.usage(id, timeoutMs);
            if (sample) samples.set(id, sample);
          } catch {
            // The engine is gone or hangs, which the environment's connection says; the rest would only wait too.
            hasFailed = true;
            waiting.length = 0;
          }
        }
      };
      await Promise.all(Array.from({ length: askedAtOnce }, askInTurn));
      if (hasFailed) close();
      return samples;
    },
  };
}
