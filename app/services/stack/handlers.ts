import { GatehouseError, type HandlersOf, type Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import { follow } from '../stream/liveValue.ts';
import { toContainerDetail } from './containerDetail.ts';
import type { StackOperator } from './operate/stackOperator.ts';

export interface StackHandlerDeps {
  environments: Environments;
  operator: StackOperator;
}

export function createStackHandlers({ environments, operator }: StackHandlerDeps): HandlersOf<Operations['stack']> {
  const carryOut =
    (operation: string): HandlersOf<Operations['stack']>['up'] =>
    (input) =>
      // Not the caller's signal: a window that is reloaded does not stop what it began.
      operator.carryOut(operation, input, new AbortController().signal);
  return {
    plan: (request, { signal }) => operator.plan(request, signal),
    up: carryOut('up'),
    restart: carryOut('restart'),
    scale: carryOut('scale'),
    act: carryOut('act'),
    down: carryOut('down'),
    switch: carryOut('switch'),
    run: ({ environment }, { signal }) => follow(operator.watchRun(environment), signal, { minIntervalMs: 100 }),
    cancel: async ({ environment, run }) => operator.cancel(environment, run),
    status: (files, { signal }) => operator.status(files, signal),
    drift: (files, { signal }) => operator.drift(files, signal),
    config: (files, { signal }) => operator.config(files, signal),
    images: (files, { signal }) => operator.images(files, signal),
    topology: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => follow(live.topology, signal, { minIntervalMs: 50 })),
    inspect: ({ environment, container }, { signal }) =>
      environments.use(environment, signal, (live) => inspect(live, container)),
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
