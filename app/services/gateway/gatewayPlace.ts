// Where the admin API of an environment's gateway is, from its containers. Pure.
import type { Problem } from '../../contract/index.ts';
import type { Observed } from '../docker/reducer.ts';
import { findServiceKind, isOurGateway } from '../stack/serviceKind.ts';

export type GatewayPlace =
  /** The engine has not said yet what runs. */
  | { kind: 'unknown' }
  | { kind: 'absent'; problem: Problem }
  | { kind: 'present'; service: string; replicas: number; sockets: string[] };

const socketLabel = 'gatehouse.sandbox.admin-socket';

export interface GatewayPlaceFacts {
  observed: Observed | undefined;
  /** Services of the compose file, where one is known: what is declared but not created yet. */
  declared: readonly { name: string; image: string }[];
  /** The engine is the sandbox that this host started: only then the label with the socket's path is believed. */
  isOwnSandbox: boolean;
}

export function findGatewayPlace({ observed, declared, isOwnSandbox }: GatewayPlaceFacts): GatewayPlace {
  if (!observed) return { kind: 'unknown' };
  const containers = [...observed.containers.values()].filter(({ service, oneOff }) => service !== null && !oneOff);
  const ours = containers.filter(({ image }) => isOurGateway(image));
  if (ours.length === 0) return withoutContainers(containers, declared);

  const service = ours[0]?.service ?? 'gateway';
  if (!isOwnSandbox) {
    return {
      kind: 'absent',
      problem: {
        code: 'gateway-absent',
        message: `The gateway ${service} runs in a container, and the relay into containers is not available in this version: its routes, breakers and traffic are not seen here.`,
        remedy: 'Use the sandbox to operate the gateway; services, networks and logs are live here.',
      },
    };
  }
  const sockets = ours
    .filter(({ state }) => state === 'running')
    .flatMap(({ labels }) => {
      const path = labels[socketLabel];
      return path?.startsWith('/') || path?.startsWith('\\\\.\\pipe\\') ? [path] : [];
    });
  return { kind: 'present', service, replicas: ours.length, sockets };
}

function withoutContainers(
  containers: readonly { service: string | null; image: string }[],
  declared: readonly { name: string; image: string }[],
): GatewayPlace {
  const declaredGateway = declared.find(({ image }) => isOurGateway(image));
  if (declaredGateway) return { kind: 'present', service: declaredGateway.name, replicas: 0, sockets: [] };
  const other = containers.find(({ service, image }) =>
    ['gateway', 'edge'].includes(findServiceKind(service ?? '', image)),
  );
  return {
    kind: 'absent',
    problem: {
      code: 'gateway-absent',
      message: other
        ? `The project's entry is ${other.service}, whose routes and traffic cannot be read in this version.`
        : 'The project has no gateway that Gatehouse knows.',
      remedy: 'Services, networks and logs are live; routes, breakers and traffic need a Gatehouse gateway.',
    },
  };
}
