// The networks of the sandbox: names and members, recorded as an engine would. Nothing separates them, since all
// processes share one loopback interface; inspect says so by a label.
import { randomBytes } from 'node:crypto';
import { EngineError } from '../http/engineError.ts';

export interface Network {
  id: string;
  name: string;
  createdAt: number;
  driver: string;
  internal: boolean;
  labels: Record<string, string>;
  options: Record<string, string>;
  /** Recorded, and without effect: addresses and their families are those of the loopback interface. */
  attachable: boolean;
  enableIpv6: boolean;
  ipam: { driver: string; pools: readonly unknown[] };
}

type GivenNetwork = Omit<Network, 'id' | 'createdAt'>;

export interface Networks {
  list(): Network[];
  /** By name, id or the beginning of an id. Throws EngineError 404. */
  get(nameOrId: string): Network;
  create(network: GivenNetwork): Network;
  remove(network: Network): void;
}

export const DEFAULT_NETWORK = 'bridge';
const NETWORKS_LIMIT = 100;
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;

export function createNetworks(): Networks {
  const networks = new Map<string, Network>();

  function add(given: GivenNetwork): Network {
    const network = { ...given, id: randomBytes(32).toString('hex'), createdAt: Date.now() };
    networks.set(network.id, network);
    return network;
  }
  add({
    name: DEFAULT_NETWORK,
    driver: 'bridge',
    internal: false,
    labels: {},
    options: {},
    attachable: false,
    enableIpv6: false,
    ipam: { driver: 'default', pools: [] },
  });

  return {
    list: () => [...networks.values()],
    get(nameOrId) {
      const all = [...networks.values()];
      const found =
        all.find((network) => network.name === nameOrId) ??
        networks.get(nameOrId) ??
        (nameOrId.length >= 4 ? all.find((network) => network.id.startsWith(nameOrId)) : undefined);
      if (found === undefined) throw new EngineError(404, `network ${nameOrId} not found`);
      return found;
    },
    create(given) {
      if (!NAME.test(given.name)) throw new EngineError(400, `invalid network name: ${JSON.stringify(given.name)}`);
      if ([...networks.values()].some((network) => network.name === given.name)) {
        throw new EngineError(409, `network with name ${given.name} already exists`);
      }
      if (networks.size >= NETWORKS_LIMIT)
        throw new EngineError(500, `the sandbox has at most ${NETWORKS_LIMIT} networks`);
      return add(given);
    },
    remove(network) {
      if (network.name === DEFAULT_NETWORK) {
        throw new EngineError(403, `${network.name} is a pre-defined network and cannot be removed`);
      }
      networks.delete(network.id);
    },
  };
}
