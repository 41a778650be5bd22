import type { HandlersOf, Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';

export function createStatsHandlers({ environments }: { environments: Environments }): HandlersOf<Operations['stats']> {
  return {
    watch: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => live.stats.watch(signal)),
  };
}
