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
  const run = async () => {
    let before = new Map<string, UsageSample>();
    while (!ending.signal.aborted) {
      const containers = findRunning(options);
      const after = await lookAtAll(options, containers);
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

/** By container id; one that does not answer is left out, so that it is unknown and not an alarm. */
async function lookAtAll(
  { openEngine, stepMs = 2000 }: StatsHubOptions,
  containers: readonly ObservedContainer[],
): Promise<Map<string, UsageSample>> {
  const samples = new Map<string, UsageSample>();
  if (containers.length === 0) return samples;
  let engine: Engine | undefined;
  try {
    engine = openEngine();
    const waiting = [...containers];
    const askInTurn = async (from: Engine) => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const sample = await from.usage(next.id, stepMs * 2);
        if (sample) samples.set(next.id, sample);
      }
    };
    const asked = engine;
    await Promise.all(Array.from({ length: askedAtOnce }, () => askInTurn(asked)));
  } catch {
    // The engine went away while it was asked; the environment's connection says so.
  } finally {
    engine?.close();
  }
  return samples;
}
