// The way to one replica's admin API: its socket on this machine, or a relay in its container.
import type { Problem } from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import { openRelay } from '../tunnel/relay.ts';
import { createRelayAgent } from '../tunnel/relayAgent.ts';
import type { AdminRoute } from './adminClient.ts';
import type { ReplicaAddress } from './gatewayPlace.ts';

export interface ReplicaReach {
  readonly route: AdminRoute;
  /** Resolves when it is known whether there is a way. */
  readonly opened: Promise<void>;
  /** Why there is none, where that is final. */
  readonly absence: Problem | undefined;
  close(): Promise<void>;
}

export interface ReachOptions {
  /** The gateway's service, for messages. */
  service: string;
  openEngine: () => Engine;
}

export function openReach(address: ReplicaAddress, { service, openEngine }: ReachOptions): ReplicaReach {
  if (address.kind === 'socket') {
    const route = { socketPath: address.path };
    return { route, opened: Promise.resolve(), absence: undefined, close: async () => {} };
  }
  const relay = openRelay({ openEngine, container: address.container, name: service });
  const { state } = relay;
  return {
    route: { agent: createRelayAgent(relay) },
    opened: new Promise((resolve) => state.onChange(() => resolve())),
    get absence() {
      return state.current.kind === 'absent' ? state.current.problem : undefined;
    },
    close: relay.close,
  };
}

/** Two addresses with the same key are the same replica, in the same run of its container. */
export function toReplicaKey(address: ReplicaAddress): string {
  return address.kind === 'socket' ? address.path : `${address.container} ${address.startedAt}`;
}
