import type { HandlersOf, Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import { follow } from '../stream/liveValue.ts';
import { whilePresent } from './whilePresent.ts';

export function createGatewayHandlers({
  environments,
}: {
  environments: Environments;
}): HandlersOf<Operations['gateway']> {
  return {
    about: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => follow(live.gateway.about, signal, { minIntervalMs: 500 })),
    routes: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) =>
        whilePresent(live.gateway, signal, (s) => follow(live.gateway.routes, s, { minIntervalMs: 250 })),
      ),
    breakers: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) =>
        whilePresent(live.gateway, signal, (s) => follow(live.gateway.breakers, s, { minIntervalMs: 250 })),
      ),
    explain: ({ environment, request }, { signal }) =>
      environments.use(environment, signal, (live) => live.gateway.explain(request)),
  };
}
