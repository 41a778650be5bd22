import { GatehouseError, type HandlersOf, type Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import { follow, type LiveValue } from '../stream/liveValue.ts';

export function createGatewayHandlers({
  environments,
}: {
  environments: Environments;
}): HandlersOf<Operations['gateway']> {
  return {
    routes: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => whilePresent(live, live.gateway.routes, signal)),
    breakers: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => whilePresent(live, live.gateway.breakers, signal)),
    explain: ({ environment, request }, { signal }) =>
      environments.use(environment, signal, (live) => live.gateway.explain(request)),
  };
}

/**
 * A gateway that is not there is a problem at once. One that is lost keeps the subscription open and silent:
 * the frame says that it is lost, and the next value comes when it is back.
 */
async function* whilePresent<T>(
  { gateway }: LiveEnvironment,
  value: LiveValue<T>,
  signal: AbortSignal,
): AsyncGenerator<Exclude<T, undefined>> {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  const isAbsent = () => gateway.connection.current.state === 'absent';
  const stop = gateway.connection.onChange(() => {
    if (isAbsent()) leave();
  });
  try {
    if (!isAbsent()) yield* follow(value, leaving.signal, { minIntervalMs: 250 });
    const { problem } = gateway.connection.current;
    if (problem && isAbsent()) throw new GatehouseError(problem);
  } finally {
    stop();
    signal.removeEventListener('abort', leave);
  }
}
