// What is known of one project's containers, changed by deltas alone: a pure reducer.
import type { EngineIdentity, ObservedContainer, ObservedNetwork } from './observed.ts';

export interface Observed {
  /** Epoch ms of the newest delta. */
  at: number;
  engine: EngineIdentity;
  containers: ReadonlyMap<string, ObservedContainer>;
  networks: readonly ObservedNetwork[];
}

export type ObservedDelta =
  | {
      type: 'listed';
      at: number;
      engine: EngineIdentity;
      containers: readonly ObservedContainer[];
      networks: readonly ObservedNetwork[];
    }
  | { type: 'containerSeen'; at: number; container: ObservedContainer }
  | { type: 'containerGone'; at: number; id: string }
  | { type: 'networksSeen'; at: number; networks: readonly ObservedNetwork[] };

/** Before the first `listed` nothing is known, and other deltas change nothing. */
export function reduceObserved(observed: Observed | undefined, delta: ObservedDelta): Observed | undefined {
  if (delta.type === 'listed') {
    const { at, engine, networks } = delta;
    return {
      at,
      engine,
      networks,
      containers: new Map(delta.containers.map((container) => [container.id, container])),
    };
  }
  if (!observed) return undefined;
  switch (delta.type) {
    case 'containerSeen': {
      const containers = new Map(observed.containers);
      containers.set(delta.container.id, delta.container);
      return { ...observed, at: delta.at, containers };
    }
    case 'containerGone': {
      if (!observed.containers.has(delta.id)) return observed;
      const containers = new Map(observed.containers);
      containers.delete(delta.id);
      return { ...observed, at: delta.at, containers };
    }
    case 'networksSeen':
      return { ...observed, at: delta.at, networks: delta.networks };
  }
}
