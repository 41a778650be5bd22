// Which container a port of a service is in, and which containers could carry it there. Pure.
import type { Problem } from '../../contract/index.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Observed } from '../docker/reducer.ts';
import { isOurGateway } from '../stack/serviceKind.ts';
import type { RelayTarget } from '../tunnel/relayLink.ts';

/** One container on one of its networks, as it is dialled. */
export interface Dial {
  readonly target: Exclude<RelayTarget, 'admin'>;
  readonly network: string;
}

/** A container that shares networks with the target, or is the target itself. */
export interface Carrier {
  readonly container: string;
  /** One that was started anew has another time, and needs another relay. */
  readonly startedAt: number | null;
  readonly name: string;
  readonly isGateway: boolean;
  /** In the order in which they are tried: what a service listens on may be the address of one network alone. */
  readonly dials: readonly Dial[];
}

export type ForwardPlace =
  /** The engine has not said yet what runs. */
  | { readonly kind: 'unknown' }
  /** `isGone`: the project does not have the service any more, not even stopped. */
  | { readonly kind: 'absent'; readonly problem: Problem; readonly isGone: boolean }
  | {
      readonly kind: 'present';
      readonly container: ObservedContainer;
      /** The best first; not each of them may be able to run a relay. */
      readonly carriers: readonly Carrier[];
      /** For a helper: the networks that it could be put on. */
      readonly networks: readonly Dial[];
    };

export interface PortOfService {
  readonly service: string;
  readonly port: number;
}

export function findForwardPlace(observed: Observed | undefined, { service, port }: PortOfService): ForwardPlace {
  if (!observed) return { kind: 'unknown' };
  const containers = [...observed.containers.values()]
    .filter((one) => one.service !== null && !one.oneOff)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const own = containers.filter((one) => one.service === service);
  const target = own.find(({ state }) => state === 'running');
  if (!target) return withoutTarget(service, own);
  const networks = target.networks.map((network) => toDial(target, network, port));
  const carriers = containers
    .filter(({ state }) => state === 'running')
    .map((carrier) => toCarrier(carrier, target, port))
    .filter(({ dials }) => dials.length > 0)
    .toSorted((a, b) => Number(b.isGateway) - Number(a.isGateway));
  return { kind: 'present', container: target, carriers, networks };
}

function withoutTarget(service: string, own: readonly ObservedContainer[]): ForwardPlace {
  const [stopped] = own;
  const shown = service.slice(0, 64);
  if (stopped) {
    return {
      kind: 'absent',
      isGone: false,
      problem: {
        code: 'port-unreachable',
        message: `${shown} does not run: its container is ${stopped.state}.`,
        remedy: `Start ${shown}; a port that is open already then works again by itself.`,
      },
    };
  }
  return {
    kind: 'absent',
    isGone: true,
    problem: {
      code: 'service-unknown',
      message: `The project has no container of a service "${shown}".`,
      remedy: 'Choose a service that was created; `gatehouse ps` lists them.',
    },
  };
}

function toCarrier(carrier: ObservedContainer, target: ObservedContainer, port: number): Carrier {
  const joined = new Set(carrier.networks.map(({ name }) => name));
  const shared = target.networks.filter(({ name }) => joined.has(name));
  const dials = shared.map((network) => toDial(target, network, port));
  // What listens on the container's own loopback alone is reached from inside.
  const inside: Dial[] =
    carrier.id === target.id ? [{ target: `tcp:127.0.0.1:${port}`, network: 'its own loopback' }] : [];
  return {
    container: carrier.id,
    startedAt: carrier.startedAt,
    name: carrier.service ?? carrier.name,
    isGateway: isOurGateway(carrier.image, carrier.labels),
    dials: [...dials, ...inside],
  };
}

/**
 * By its address, since several containers may share a name; by its name where it has none of its own: containers of the
 * sandbox share this machine's loopback, and their relay looks the name up.
 */
function toDial(
  target: ObservedContainer,
  { name, address }: ObservedContainer['networks'][number],
  port: number,
): Dial {
  const isOwnAddress = address !== '' && !address.startsWith('127.');
  const host = isOwnAddress ? address : target.name;
  return { target: `tcp:${host.includes(':') ? `[${host}]` : host}:${port}`, network: name };
}
