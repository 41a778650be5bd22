// One trace, asked again while it is young: its spans come in several messages, some after it was opened.
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { problemOf, type Trace } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { type Live, loading } from '../../api/live.ts';
import { toLive } from '../../api/liveQuery.ts';

const AGAIN_MS = 2000;
/** Exporters send every few seconds at the most. */
const YOUNG_MS = 15_000;

export function useTrace(environment: string, traceId: string): Live<Trace> {
  const openedAt = useRef(Date.now());
  const options = useTRPC().traces.detail.queryOptions(
    { environment, traceId },
    {
      staleTime: Number.POSITIVE_INFINITY,
      refetchInterval: ({ state }) => {
        if (state.data) return isYoung(state.data.summary.at + state.data.summary.durationMs) ? AGAIN_MS : false;
        return state.error && isYoung(openedAt.current) ? AGAIN_MS : false;
      },
    },
  );
  const { data, error, dataUpdatedAt } = useQuery(options);
  const isAwaited = error !== null && problemOf(error).code === 'trace-unknown' && isYoung(openedAt.current);
  return useMemo(
    () => (isAwaited && !data ? loading : toLive({ data, error, dataUpdatedAt })),
    [isAwaited, data, error, dataUpdatedAt],
  );
}

function isYoung(at: number): boolean {
  return Date.now() - at < YOUNG_MS;
}
