// Which Prometheus an environment has, and the ways to it. Pure.
import type { ObservedContainer } from '../../docker/observed.ts';
import type { Observed } from '../../docker/reducer.ts';
import { findServiceKind, isOurGateway } from '../../stack/serviceKind.ts';

export type PrometheusWay =
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

export type PrometheusPlace =
  /** The engine has not said yet what runs. */
  | { readonly kind: 'unknown' }
  /** `reason` and `remedy` as sentences. */
  | { readonly kind: 'absent'; readonly reason: string; readonly remedy: string }
  | {
      readonly kind: 'present';
      readonly service: string;
      readonly container: string;
      /** Epoch ms. */
      readonly startedAt: number | null;
      /** The best first. */
      readonly ways: readonly PrometheusWay[];
      /** Of several only one is asked, or each value would be there twice. */
      readonly running: number;
    };

export interface PrometheusFacts {
  observed: Observed | undefined;
  /** Whether what its engine publishes is published on this machine. */
  isLocalEngine: boolean;
}

const standInLabel = 'gatehouse.stand-in';
/** Where Prometheus and those that speak its API listen. */
const usualPorts = [9090, 8428, 8481];

export function findPrometheus({ observed, isLocalEngine }: PrometheusFacts): PrometheusPlace {
  if (!observed) return { kind: 'unknown' };
  const containers = [...observed.containers.values()].filter(({ service, oneOff }) => service !== null && !oneOff);
  const all = containers
    .filter(({ service, image }) => findServiceKind(service ?? '', image) === 'metrics')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const real = all.filter(({ labels }) => labels[standInLabel] === undefined);
  const running = real.filter(({ state }) => state === 'running');
  const [chosen] = running;
  if (!chosen) return withoutRunning(all, real);
  const service = chosen.service ?? chosen.name;
  const ways = [...(isLocalEngine ? findPublished(chosen) : []), ...findRelays(chosen, containers)];
  if (ways.length === 0) return withoutWay(service, isLocalEngine);
  return {
    kind: 'present',
    service,
    container: chosen.id,
    startedAt: chosen.startedAt,
    ways,
    running: running.length,
  };
}

function withoutRunning(all: readonly ObservedContainer[], real: readonly ObservedContainer[]): PrometheusPlace {
  const [stopped] = real;
  if (stopped) {
    return {
      kind: 'absent',
      reason: `${stopped.service} does not run: its container is ${stopped.state}.`,
      remedy: `Start ${stopped.service}, then PromQL, targets and alerts can be asked for.`,
    };
  }
  const [standIn] = all;
  if (standIn) {
    return {
      kind: 'absent',
      reason: `${standIn.service} is a stand-in here: no Prometheus runs in the sandbox.`,
      remedy: 'Run the stack on a Docker engine for PromQL, targets and alerts.',
    };
  }
  return {
    kind: 'absent',
    reason: 'No service of the project is a Prometheus.',
    remedy: 'Add one to the compose file for PromQL, targets and alerts; it is found by its image or its name.',
  };
}

function withoutWay(service: string, isLocalEngine: boolean): PrometheusPlace {
  const published = isLocalEngine ? 'publishes no port' : 'is on another machine';
  return {
    kind: 'absent',
    reason: `${service} ${published}, and no gateway that runs is on one of its networks to reach it through.`,
    remedy: 'Put the gateway on a network of Prometheus, as the platform does with monitoring_network.',
  };
}

function toPort({ ports }: ObservedContainer): number {
  const own = ports.filter(({ protocol }) => protocol === 'tcp').map(({ containerPort }) => containerPort);
  return usualPorts.find((port) => own.includes(port)) ?? own[0] ?? 9090;
}

function findPublished(container: ObservedContainer): PrometheusWay[] {
  const wanted = toPort(container);
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

function findRelays(target: ObservedContainer, containers: readonly ObservedContainer[]): PrometheusWay[] {
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
        port: toPort(target),
      },
    ];
  }
  return [];
}
