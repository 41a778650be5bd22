import { GatehouseError, type HandlersOf, type Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import { follow } from '../stream/liveValue.ts';
import { toContainerDetail } from './containerDetail.ts';
import { followServiceLogs } from './serviceLogs.ts';

export function createStackHandlers({ environments }: { environments: Environments }): HandlersOf<Operations['stack']> {
  return {
    topology: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => follow(live.topology, signal, { minIntervalMs: 50 })),
    inspect: ({ environment, container }, { signal }) =>
      environments.use(environment, signal, (live) => inspect(live, container)),
    logs: ({ environment, service, tail }, { signal }) =>
      environments.stream(environment, signal, (live) => {
        requireService(live, service);
        const { openEngine, stack } = live;
        return followServiceLogs({ openEngine, observed: stack.observed, service, tail, signal });
      }),
  };
}

/** By id or name, and only of this project: an environment does not reach into another one. */
async function inspect({ stack, openEngine }: LiveEnvironment, name: string) {
  const containers = [...(stack.observed.current?.containers.values() ?? [])];
  const known = containers.find((container) => container.id === name || container.name === name);
  if (!known) throw unknownContainer(name);
  const engine = openEngine();
  try {
    const inspected = await engine.inspect(known.id);
    if (!inspected) throw unknownContainer(name);
    return toContainerDetail(inspected);
  } finally {
    engine.close();
  }
}

function unknownContainer(name: string): GatehouseError {
  return new GatehouseError({
    code: 'container-unknown',
    message: `The project has no container ${name.slice(0, 64)}.`,
    remedy: 'It may have been recreated; open it from the list of services again.',
  });
}

/** While the engine has not answered yet nothing is known, and the log waits with it. */
function requireService({ topology, stack }: LiveEnvironment, service: string): void {
  if (!stack.observed.current || topology.current?.services.some(({ name }) => name === service)) return;
  throw new GatehouseError({
    code: 'service-unknown',
    message: `The project has no service "${service.slice(0, 64)}".`,
    remedy: 'Choose one from the list of services.',
  });
}
