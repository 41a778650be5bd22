// Looks at an engine while somebody looks at the list of engines, over one connection for as long as it holds.
import { type Engine as EngineView, GatehouseError, type Problem } from '../../contract/index.ts';
import { toDockerHost, toPlace } from '../docker/address.ts';
import type { Engine } from '../docker/engine.ts';
import type { ListedContainer } from '../docker/observed.ts';
import type { EngineSource } from './engines.ts';

export interface ProbedEngine {
  view: EngineView;
  containers: ListedContainer[];
}

export interface EngineProbe {
  /**
   * One look. It never throws: an engine that does not answer is an answer; one that has not answered yet is
   * `connecting`, or what it was.
   */
  look(): Promise<ProbedEngine>;
  close(): void;
}

const pingTimeoutMs = 1500;
/** One slow engine does not hold up what is known of the others. */
const patienceMs = 2000;

export function createEngineProbe(source: EngineSource): EngineProbe {
  let engine: Engine | undefined;
  let asking: Promise<ProbedEngine> | undefined;
  let latest: ProbedEngine | undefined;

  const drop = () => {
    engine?.close();
    engine = undefined;
  };
  const ask = async (): Promise<ProbedEngine> => {
    const base = describe(source);
    try {
      const address = toDockerHost(source.findAddress());
      // What the machine's settings mean may have changed, and the sandbox has another socket each time.
      if (engine && toDockerHost(engine.address) !== address) drop();
      engine ??= source.open();
      await engine.ping(pingTimeoutMs);
      const [{ version }, containers] = await Promise.all([engine.info(), engine.listContainers(null)]);
      return { view: { ...base, state: 'reachable', version, problem: null }, containers };
    } catch (error) {
      drop();
      if (source.kind === 'sandbox' && base.address === '') return { view: base, containers: [] };
      return { view: { ...base, state: 'unreachable', problem: toProblem(error) }, containers: [] };
    }
  };

  return {
    async look() {
      if (!source.isAsked()) return { view: { ...describe(source), state: 'notAsked' }, containers: [] };
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      const answer = await withPatience(asking);
      if (answer) latest = answer;
      return latest ?? { view: { ...describe(source), state: 'connecting' }, containers: [] };
    },
    close: drop,
  };
}

/** Without asking it anything. */
function describe({ id, kind, findAddress, findOrigin }: EngineSource): EngineView {
  const base = { id, kind, state: 'notRunning', version: null, problem: null } as const;
  try {
    const address = findAddress();
    return { ...base, place: toPlace(address), address: toDockerHost(address), origin: findOrigin() };
  } catch {
    return {
      ...base,
      place: 'this machine',
      address: '',
      origin: kind === 'sandbox' ? 'this host' : 'nothing names it',
    };
  }
}

async function withPatience<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
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
