import { createEngine } from '../../docker/engine.ts';
import type { EngineSource } from '../../environment/engines.ts';
import type { EngineUnderTest } from './engineUnderTest.ts';

/** The engine as the console knows its engines, under the id `docker`. */
export function toEngineSource({ socketPath }: EngineUnderTest): EngineSource {
  const address = { kind: 'socket', path: socketPath } as const;
  return {
    id: 'docker',
    kind: 'docker',
    isAsked: () => true,
    ask() {},
    gatewayReach: 'exec',
    findOrigin: () => 'this test',
    findAddress: () => address,
    open: () => createEngine(address),
  };
}
