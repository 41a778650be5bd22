import type { HandlersOf, Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import { follow } from '../stream/liveValue.ts';

export function createMetricsHandlers({
  environments,
}: {
  environments: Environments;
}): HandlersOf<Operations['metrics']> {
  return {
    routes: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => follow(live.metrics.metrics, signal)),
  };
}
