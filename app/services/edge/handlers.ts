import type { HandlersOf, Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import { follow } from '../stream/liveValue.ts';

export function createEdgeHandlers({ environments }: { environments: Environments }): HandlersOf<Operations['edge']> {
  return {
    outside: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => follow(live.outside.view, signal)),
    traffic: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => live.edge.watch(signal)),
  };
}
