// The stores' own figures, asked again every quarter of a minute while the picture is looked at.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Service } from '../../../app/contract/index.ts';
import { useTRPCClient } from '../../api/GatehouseProvider.tsx';
import { type StoreFigure, toStoreFigures } from './storeFigures.ts';

const EVERY_MS = 15_000;
const WINDOW_MS = 120_000;
const none: ReadonlyMap<string, StoreFigure> = new Map();

export function useStoreFigures(environment: string, services: readonly Service[]): ReadonlyMap<string, StoreFigure> {
  const client = useTRPCClient();
  const { data } = useQuery({
    queryKey: ['topology', 'stores', environment],
    queryFn: async () => {
      const to = Math.floor(Date.now() / EVERY_MS) * EVERY_MS;
      const range = { from: to - WINDOW_MS, to, stepMs: EVERY_MS };
      return { charts: await client.metrics.range.query({ environment, group: 'stores', range }), at: to };
    },
    refetchInterval: EVERY_MS,
    // Behind a source that is gone the figures of before are none of now.
    gcTime: EVERY_MS,
    retry: false,
  });
  return useMemo(() => (data ? toStoreFigures(data.charts, services, data.at) : none), [data, services]);
}
