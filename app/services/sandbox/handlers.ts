import { GatehouseError, type HandlersOf, type Operations } from '../../contract/index.ts';
import { follow } from '../stream/liveValue.ts';
import type { SandboxControl } from './sandbox.ts';

export interface SandboxHandlerDeps {
  sandbox: SandboxControl;
  engineChoice: 'auto' | 'docker' | 'sandbox';
}

export function createSandboxHandlers({
  sandbox,
  engineChoice,
}: SandboxHandlerDeps): HandlersOf<Operations['sandbox']> {
  return {
    watch: (_, { signal }) => follow(sandbox.state, signal, { minIntervalMs: 50 }),
    start: async () => {
      if (engineChoice === 'docker') {
        throw new GatehouseError({
          code: 'sandbox-failed',
          message: 'The host was started with --engine docker, without the sandbox.',
          remedy: 'Start it with --engine auto or --engine sandbox.',
        });
      }
      return sandbox.start();
    },
    stop: () => sandbox.stop(),
  };
}
