import type { HandlersOf, Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import { createStatsHub, type StatsHub } from './statsHub.ts';

export function createStatsHandlers({ environments }: { environments: Environments }): HandlersOf<Operations['stats']> {
  // One hub an open environment, forgotten with it.
  const hubs = new WeakMap<LiveEnvironment, StatsHub>();
  const hubOf = (live: LiveEnvironment): StatsHub => {
    const known = hubs.get(live);
    if (known) return known;
    const hub = createStatsHub({ stack: live.stack, openEngine: live.openEngine, now: Date.now });
    hubs.set(live, hub);
    return hub;
  };
  return {
    watch: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => hubOf(live).watch(signal)),
  };
}
