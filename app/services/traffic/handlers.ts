import type { HandlersOf, Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import { whilePresent } from '../gateway/whilePresent.ts';
import { replay } from './replay.ts';

export function createTrafficHandlers({
  environments,
}: {
  environments: Environments;
}): HandlersOf<Operations['traffic']> {
  return {
    watch: ({ environment, backfill }, { signal }) =>
      environments.stream(environment, signal, (live) =>
        whilePresent(live.gateway, signal, (s) => live.traffic.watch(backfill, s)),
      ),
    detail: ({ environment, id }, { signal }) =>
      environments.use(environment, signal, (live) => live.gateway.detail(id)),
    replay: ({ environment, id, bearerToken: bearer }, { signal }) =>
      environments.use(environment, signal, (live) => replay(live.gateway, id, { bearer, safeOnly: true })),
    replayUnsafe: ({ environment, id, bearerToken: bearer }, { signal }) =>
      environments.use(environment, signal, (live) => replay(live.gateway, id, { bearer, safeOnly: false })),
  };
}
