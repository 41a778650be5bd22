// The ways to a service that speaks HTTP: a port that it publishes, or a relay in a gateway that shares a network. Pure.
import type { ObservedContainer } from '../docker/observed.ts';
import { isOurGateway } from '../stack/serviceKind.ts';

export type ServiceWay =
  /** A port that its container publishes on this machine. */
  | { readonly kind: 'published'; readonly host: string; readonly port: number }
  /** From a gateway's container, which is on one of its networks. */
  | {
      readonly kind: 'relay';
      readonly container: string;
      readonly startedAt: number | null;
      readonly service: string;
      readonly host: string;
      readonly port: number;
    };

export interface WayFacts {
  containers: readonly ObservedContainer[];
  /** Whether what its engine publishes is published on this machine. */
  isLocalEngine: boolean;
  /** Where such a service listens, the usual one first. */
  usualPorts: readonly number[];
}

/** A service that is found by what it is, and how it is reached. */
export interface ServicePlace {
  readonly service: string;
  readonly container: string;
  /** Epoch ms. */
  readonly startedAt: number | null;
  /** The best first. */
  readonly ways: readonly ServiceWay[];
}

export function findWays(target: ObservedContainer, { containers, isLocalEngine, usualPorts }: WayFacts): ServiceWay[] {
  const port = toPort(target, usualPorts);
  return [...(isLocalEngine ? findPublished(target, port) : []), ...findRelays(target, port, containers)];
}

function toPort({ ports }: ObservedContainer, usualPorts: readonly number[]): number {
  const own = ports.filter(({ protocol }) => protocol === 'tcp').map(({ containerPort }) => containerPort);
  return usualPorts.find((port) => own.includes(port)) ?? own[0] ?? usualPorts[0] ?? 80;
}

function findPublished(container: ObservedContainer, wanted: number): ServiceWay[] {
  const bindings = container.ports.filter(
    ({ containerPort, protocol, hostPort }) => containerPort === wanted && protocol === 'tcp' && hostPort !== null,
  );
  // Published on every address: loopback is one of them.
  const isAnywhere = (ip: string | null) => ip === null || ['', '0.0.0.0', '::'].includes(ip);
  return bindings.slice(0, 1).map(({ hostIp, hostPort }) => ({
    kind: 'published',
    host: isAnywhere(hostIp) ? '127.0.0.1' : (hostIp ?? '127.0.0.1'),
    port: hostPort ?? wanted,
  }));
}

function findRelays(target: ObservedContainer, port: number, containers: readonly ObservedContainer[]): ServiceWay[] {
  const gateways = containers.filter(({ image, labels, state }) => state === 'running' && isOurGateway(image, labels));
  for (const gateway of gateways.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const own = new Set(gateway.networks.map(({ name }) => name));
    const shared = target.networks.find(({ name }) => own.has(name));
    if (!shared) continue;
    return [
      {
        kind: 'relay',
        container: gateway.id,
        startedAt: gateway.startedAt,
        service: gateway.service ?? gateway.name,
        // The address and not the name, which several containers may share.
        host: shared.address || (target.service ?? target.name),
        port,
      },
    ];
  }
  return [];
}
