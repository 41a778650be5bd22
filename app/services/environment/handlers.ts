import type { HandlersOf, Operations } from '../../contract/index.ts';
import { follow } from '../stream/liveValue.ts';
import type { Environments } from './environments.ts';
import type { StartViewSource } from './startView.ts';

export interface EnvironmentHandlerDeps {
  environments: Environments;
  startView: StartViewSource;
}

export function createEnvironmentHandlers({
  environments,
  startView,
}: EnvironmentHandlerDeps): HandlersOf<Operations['environment']> {
  return {
    found: (_, { signal }) => startView.watch(signal),
    connect: async ({ engine }) => startView.connect(engine),
    openFolder: ({ folder, ...options }) => startView.openFolder(folder, options),
    watch: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => follow(live.frame, signal, { minIntervalMs: 50 })),
    changes: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => follow(live.changes.changes, signal, { minIntervalMs: 100 })),
    configure: async ({ environment, ...change }) => environments.configure(environment, withoutUndefined(change)),
    unlock: async ({ environment, reason, minutes }) => environments.unlock(environment, reason, minutes),
    lock: async ({ environment }) => environments.lock(environment),
    kept: async () => environments.kept(),
    async forget({ place, environment }) {
      if (place !== null) environments.forget(place);
      if (environment !== null) startView.forgetFolder(environment);
    },
  };
}

/** What was not sent is left as it is. */
function withoutUndefined<T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as never;
}
