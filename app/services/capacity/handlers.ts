import type { HandlersOf, Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';

export function createCapacityHandlers({
  environments,
}: {
  environments: Environments;
}): HandlersOf<Operations['capacity']> {
  return {
    watch: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => live.capacity.watch(signal)),
  };
}
