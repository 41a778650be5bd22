// Where the admin API of an environment's gateway is, from its containers. Pure.
import type { Problem } from '../../contract/index.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Observed } from '../docker/reducer.ts';
import { findServiceKind, isOurGateway } from '../stack/serviceKind.ts';

export type GatewayPlace =
  /** The engine has not said yet what runs. */
  | { kind: 'unknown' }
  | { kind: 'absent'; problem: Problem }
  | { kind: 'present'; service: string; replicas: number; addresses: ReplicaAddress[] };

/** Of one replica that runs. */
export type ReplicaAddress =
  | { kind: 'socket'; path: string }
  /** Through a relay in its container. One that was started anew has another time, and so another relay. */
  | { kind: 'exec'; container: string; startedAt: number | null };

const socketLabel = 'gatehouse.sandbox.admin-socket';

export interface GatewayPlaceFacts {
  observed: Observed | undefined;
  /** Services of the compose file, where one is known: what is declared but not created yet. */
  declared: readonly { name: string; image: string }[];
  /** `socket` for the sandbox that this host started, and nothing else: only there the label with the path is believed. */
  reach: 'socket' | 'exec';
}

export function findGatewayPlace({ observed, declared, reach }: GatewayPlaceFacts): GatewayPlace {
  if (!observed) return { kind: 'unknown' };
  const containers = [...observed.containers.values()].filter(({ service, oneOff }) => service !== null && !oneOff);
  const ours = containers.filter(({ image, labels }) => isOurGateway(image, labels));
  if (ours.length === 0) return withoutContainers(containers, declared);

  const service = ours[0]?.service ?? 'gateway';
  const running = ours.filter(({ state }) => state === 'running');
  const addresses = reach === 'socket' ? running.flatMap(toSocket) : running.map(toExec);
  return { kind: 'present', service, replicas: ours.length, addresses };
}

function toSocket({ labels }: ObservedContainer): ReplicaAddress[] {
  const path = labels[socketLabel];
  return path?.startsWith('/') || path?.startsWith('\\\\.\\pipe\\') ? [{ kind: 'socket', path }] : [];
}

function toExec({ id, startedAt }: ObservedContainer): ReplicaAddress {
  return { kind: 'exec', container: id, startedAt };
}

function withoutContainers(
  containers: readonly { service: string | null; image: string }[],
  declared: readonly { name: string; image: string }[],
): GatewayPlace {
  const declaredGateway = declared.find(({ image }) => isOurGateway(image));
  if (declaredGateway) return { kind: 'present', service: declaredGateway.name, replicas: 0, addresses: [] };
  const other = containers.find(({ service, image }) =>
    ['gateway', 'edge'].includes(findServiceKind(service ?? '', image)),
  );
  return {
    kind: 'absent',
    problem: {
      code: 'gateway-absent',
      message: other
        ? `The project's entry is ${other.service}, which is no Gatehouse gateway: it tells of no routes, breakers or requests.`
        : 'The project has no gateway that Gatehouse knows.',
      remedy:
        other && findServiceKind(other.service ?? '', other.image) === 'edge'
          ? 'Rates, errors and latency are read from its access log (docs/edge.md); the rest needs a Gatehouse gateway.'
          : 'Services, networks and logs are live; routes, breakers and traffic need a Gatehouse gateway.',
    },
  };
}
