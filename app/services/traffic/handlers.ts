import { GatehouseError, type HandlersOf, type Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';

export function createTrafficHandlers({
  environments,
}: {
  environments: Environments;
}): HandlersOf<Operations['traffic']> {
  return {
    watch: ({ environment, backfill }, { signal }) =>
      environments.stream(environment, signal, (live) => {
        requireGateway(live);
        return live.traffic.watch(backfill, signal);
      }),
    detail: ({ environment, id }, { signal }) =>
      environments.use(environment, signal, (live) => live.gateway.detail(id)),
  };
}

function requireGateway({ gateway }: LiveEnvironment): void {
  const { state, problem } = gateway.connection.current;
  if (state === 'absent' && problem) throw new GatehouseError(problem);
}
