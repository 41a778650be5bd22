// The engines that this host knows: the Docker engine of the machine's settings, those of the other docker contexts, and
// its own sandbox.
import { type EngineKind, GatehouseError, type Problem } from '../../contract/index.ts';
import type { EngineAddress, FoundAddress } from '../docker/address.ts';
import { findChosenContext, findContextAddress, listContexts } from '../docker/contexts.ts';
import { createEngine, type Engine } from '../docker/engine.ts';
import { findEngineAddress } from '../docker/findAddress.ts';
import { type Machine, thisMachine } from '../docker/machine.ts';
import type { SandboxControl } from '../sandbox/sandbox.ts';

export interface EngineSource {
  id: string;
  kind: EngineKind;
  /** Nothing is connected to unasked: a context is looked at once somebody chose it. */
  isAsked(): boolean;
  ask(): void;
  /** How the admin API of its gateways is reached. */
  gatewayReach: 'socket' | 'exec';
  /** Throws a problem when there is no address now. */
  findAddress(): EngineAddress;
  /** What names that address. Throws as `findAddress` does. */
  findOrigin(): string;
  /** Throws a problem; the caller closes what it gets. */
  open(): Engine;
}

export interface EnginesOptions {
  engineChoice: 'auto' | 'docker' | 'sandbox';
  sandbox: Pick<SandboxControl, 'socketPath'>;
  machine?: Machine | undefined;
}

/** By their ids `docker`, `sandbox` and `context-NAME`, as far as --engine allows them. */
export function createEngines({
  engineChoice,
  sandbox,
  machine = thisMachine,
}: EnginesOptions): Map<string, EngineSource> {
  const sources: EngineSource[] = [];
  const add = (id: string, kind: EngineKind, find: () => FoundAddress, { asked = true } = {}) => {
    let isAsked = asked;
    sources.push({
      id,
      kind,
      isAsked: () => isAsked,
      ask: () => {
        isAsked = true;
      },
      gatewayReach: toGatewayReach(kind, machine),
      findAddress: () => find().address,
      findOrigin: () => find().from,
      open() {
        isAsked = true;
        return createEngine(find().address);
      },
    });
  };
  if (engineChoice !== 'sandbox') {
    add('docker', 'docker', () => findEngineAddress(machine));
    for (const [id, name] of findOtherContexts(machine)) {
      add(id, 'docker', () => findContextAddress(machine, name), { asked: false });
    }
  }
  if (engineChoice !== 'docker') {
    add('sandbox', 'sandbox', () => {
      if (sandbox.socketPath) return { address: { kind: 'socket', path: sandbox.socketPath }, from: 'this host' };
      throw new GatehouseError(sandboxOff);
    });
  }
  return new Map(sources.map((source) => [source.id, source]));
}

/** By their ids: what an address of the console may hold. Of two names that become the same, the first is taken. */
function findOtherContexts(machine: Machine): Map<string, string> {
  // With DOCKER_HOST set, the docker command does not use the chosen one either.
  const chosen = machine.env.DOCKER_HOST ? undefined : findChosenContext(machine);
  const contexts = new Map<string, string>();
  for (const name of listContexts(machine)) {
    const id = `context-${name.toLowerCase().replace(/[^a-z0-9_-]/g, '-')}`;
    if (name !== chosen && !contexts.has(id)) contexts.set(id, name);
  }
  return contexts;
}

/** The containers of the sandbox are processes of this machine: their sockets can be opened as they are. */
function toGatewayReach(kind: EngineKind, { env }: Machine): EngineSource['gatewayReach'] {
  return kind === 'sandbox' && env.GATEHOUSE_SANDBOX_RELAY !== '1' ? 'socket' : 'exec';
}

const sandboxOff: Problem = {
  code: 'engine-unreachable',
  message: 'The sandbox is not running.',
  remedy: 'Start it on the Start view; nothing starts by itself.',
};
