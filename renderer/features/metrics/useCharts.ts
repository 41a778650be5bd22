// The charts of one group, asked again with each new point, and kept while the next answer is on its way.
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import type { ChartGroup, Charts, MetricsRange } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import type { Live } from '../../api/live.ts';
import { toPolledLive } from './polledLive.ts';

/** Each point is another question; its answer is not needed for long after the next one. */
const KEPT_MS = 15_000;

export function useCharts(environment: string, group: ChartGroup, range: MetricsRange): Live<Charts> {
  const trpc = useTRPC();
  const { data, error, dataUpdatedAt } = useQuery({
    ...trpc.metrics.range.queryOptions({ environment, group, range }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
  });
  const last = useRef<{ of: string; data: Charts | undefined; at: number; error: unknown } | null>(null);
  const of = `${environment} ${group} ${range.to - range.from}`;
  if (last.current?.of !== of) last.current = { of, data: undefined, at: 0, error: null };
  if (data) last.current = { of, data, at: dataUpdatedAt, error: null };
  // The next point is asked for meanwhile: what failed is said until one is answered again.
  if (error) last.current = { ...last.current, error };
  const { data: kept, at, error: failure } = last.current;
  return useMemo(() => toPolledLive({ data: kept, error: failure, dataUpdatedAt: at }), [kept, at, failure]);
}
