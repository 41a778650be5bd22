// The sources of the view as one live value: as bad as the engine's word is, with what else is known beside it.
import { useMemo, useRef } from 'react';
import type { Service, Topology } from '../../../app/contract/index.ts';
import { type Live, mapLive } from '../../api/live.ts';
import { useLive } from '../../api/useLive.ts';
import { useEnvironmentId, useSourced } from '../../shell/environment.ts';
import { toServiceUsage } from '../services/serviceUsage.ts';
import { type Structure, toStructure } from './structure.ts';
import { type TopologyNode, toTopologyNodes } from './topologyNodes.ts';
import { useStoreFigures } from './useStoreFigures.ts';

const NO_SERVICES: readonly Service[] = [];

export interface TopologyData {
  topology: Topology;
  nodes: TopologyNode[];
  structure: Structure;
  /** Of the figures of traffic; 0 when there are none. */
  windowMs: number;
}

export function useTopologyData(): Live<TopologyData> {
  const environment = useEnvironmentId();
  const topology = useSourced('engine', useLive('stack.topology', { environment }));
  const metrics = useSourced('gateway', useLive('metrics.routes', { environment }));
  const breakers = useSourced('gateway', useLive('gateway.breakers', { environment }));
  const stats = useSourced('engine', useLive('stats.watch', { environment }));
  const stores = useStoreFigures(environment, topology.data?.services ?? NO_SERVICES);
  const toStable = useStableStructure();
  return useMemo(() => {
    // Figures of a source that is gone would look like those of now: only the structure is worth keeping.
    const figures = metrics.state === 'live' ? metrics.data : null;
    const usage = toServiceUsage(stats.state === 'live' ? stats.data : null);
    return mapLive(topology, (known) => ({
      topology: known,
      nodes: toTopologyNodes({
        topology: known,
        metrics: figures,
        breakers: breakers.state === 'live' ? breakers.data : null,
        usage,
        stores,
      }),
      structure: toStable(toStructure(known)),
      windowMs: figures?.windowMs ?? 0,
    }));
  }, [topology, metrics, breakers, stats, stores, toStable]);
}

/** The same object for the same structure, so that the layout sees changes and nothing else. */
function useStableStructure(): (structure: Structure) => Structure {
  const kept = useRef<{ key: string; structure: Structure } | null>(null);
  const stable = useRef((structure: Structure) => {
    const key = JSON.stringify(structure);
    if (kept.current?.key !== key) kept.current = { key, structure };
    return kept.current.structure;
  });
  return stable.current;
}
