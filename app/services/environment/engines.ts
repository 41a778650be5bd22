// The engines that this host knows: the Docker engine of the machine's settings, and its own sandbox.
import { type EngineKind, type Engine as EngineView, GatehouseError, type Problem } from '../../contract/index.ts';
import { type EngineAddress, toDockerHost, toPlace } from '../docker/address.ts';
import { createEngine, type Engine } from '../docker/engine.ts';
import { findEngineAddress } from '../docker/findAddress.ts';
import { type Machine, thisMachine } from '../docker/machine.ts';
import type { ListedContainer } from '../docker/observed.ts';
import type { SandboxControl } from '../sandbox/sandbox.ts';

export interface EngineSource {
  id: string;
  kind: EngineKind;
  /** How the admin API of its gateways is reached. */
  gatewayReach: 'socket' | 'exec';
  /** Throws a problem when there is no address now. */
  findAddress(): EngineAddress;
  /** Throws a problem; the caller closes what it gets. */
  open(): Engine;
}

export interface ProbedEngine {
  view: EngineView;
  containers: ListedContainer[];
}

const probeTimeoutMs = 1500;

export interface EnginesOptions {
  engineChoice: 'auto' | 'docker' | 'sandbox';
  sandbox: Pick<SandboxControl, 'socketPath'>;
  machine?: Machine;
}

/** By their ids `docker` and `sandbox`, as far as --engine allows them. */
export function createEngines({
  engineChoice,
  sandbox,
  machine = thisMachine,
}: EnginesOptions): Map<string, EngineSource> {
  const sources: EngineSource[] = [];
  const add = (id: string, kind: EngineKind, findAddress: () => EngineAddress) =>
    sources.push({
      id,
      kind,
      gatewayReach: toGatewayReach(kind, machine),
      findAddress,
      open: () => createEngine(findAddress()),
    });
  if (engineChoice !== 'sandbox') add('docker', 'docker', () => findEngineAddress(machine).address);
  if (engineChoice !== 'docker') {
    add('sandbox', 'sandbox', () => {
      if (sandbox.socketPath) return { kind: 'socket', path: sandbox.socketPath };
      throw new GatehouseError(sandboxOff);
    });
  }
  return new Map(sources.map((source) => [source.id, source]));
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

/** One look at an engine. It never throws: an engine that does not answer is an answer. */
export async function probeEngine(source: EngineSource): Promise<ProbedEngine> {
  const { id, kind } = source;
  const base = { id, kind, place: 'this machine', address: '', version: null };
  let engine: Engine | undefined;
  try {
    const address = source.findAddress();
    Object.assign(base, { place: toPlace(address), address: toDockerHost(address) });
    engine = source.open();
    await engine.ping(probeTimeoutMs);
    const [{ version }, containers] = await Promise.all([engine.info(), engine.listContainers(null)]);
    return { view: { ...base, state: 'reachable', version, problem: null }, containers };
  } catch (error) {
    if (kind === 'sandbox' && base.address === '') {
      return { view: { ...base, state: 'notRunning', problem: null }, containers: [] };
    }
    return { view: { ...base, state: 'unreachable', problem: toProblem(error) }, containers: [] };
  } finally {
    engine?.close();
  }
}

function toProblem(error: unknown): Problem {
  if (error instanceof GatehouseError) return error.toProblem();
  return {
    code: 'engine-unreachable',
    message: `The engine answered in a way that is not understood: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown'}.`,
    remedy: 'Check that the address belongs to a Docker engine.',
  };
}
