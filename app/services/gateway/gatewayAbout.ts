// Where the gateway's word comes from: each replica as it was reached, and what of the catalogue its admin API answers. Pure.
import {
  type Connection,
  type GatewayAbout,
  type GatewayReplica,
  type Operation,
  operations,
} from '../../contract/index.ts';
import type { GatewayPlace, ReplicaAddress } from './gatewayPlace.ts';
import type { Replica } from './replica.ts';

export type KnownReplica = Pick<Replica, 'view' | 'failure' | 'absence' | 'lastSeenAt'> & { address: ReplicaAddress };

export function toGatewayAbout(
  place: GatewayPlace,
  replicas: readonly KnownReplica[],
  state: Connection['state'],
): GatewayAbout {
  return {
    service: place.kind === 'present' ? place.service : null,
    replicas: replicas.map(toReplica),
    can: state === 'absent' ? [] : answered(),
  };
}

function toReplica({ address, view, failure, absence, lastSeenAt }: KnownReplica, index: number): GatewayReplica {
  const state = view ? 'live' : absence ? 'absent' : failure === undefined ? 'connecting' : 'lost';
  return {
    name: view?.stats.gateway ?? (address.kind === 'exec' ? address.container.slice(0, 12) : `replica ${index + 1}`),
    way: address.kind,
    state,
    why: state === 'lost' ? (failure ?? null) : (absence?.message ?? null),
    version: view?.stats.version ?? null,
    revision: view?.routes.revision ?? null,
    startedAt: view?.stats.startedAt ?? null,
    lastSeenAt,
  };
}

/** Those that ask the gateway and nothing else. */
function answered(): GatewayAbout['can'] {
  const { gateway, traffic } = operations;
  return Object.entries({ gateway, traffic }).flatMap(([domain, verbs]) =>
    Object.entries(verbs as Record<string, Operation>)
      .filter(([verb]) => verb !== 'about')
      .map(([verb, { class: operationClass, summary }]) => ({
        operation: `${domain}.${verb}`,
        summary,
        changes: operationClass === 'change' || operationClass === 'destroy',
      })),
  );
}
