// What is judged: what runs as it is, what runs as production, or the files of production alone.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Posture, problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { type Live, loading } from '../../api/live.ts';
import { useLive } from '../../api/useLive.ts';
import { useSourced } from '../../shell/environment.ts';

export type Judged = 'running' | 'asProduction' | 'files';

export const judgedWords: Record<Judged, string> = {
  running: 'What runs',
  asProduction: 'What runs, as production',
  files: 'Production’s files',
};

export function parseJudged(text: string | undefined): Judged {
  return text === 'asProduction' || text === 'files' ? text : 'running';
}

/** The command that answers the same. */
export function toCommand(judged: Judged): string {
  if (judged === 'running') return 'gatehouse posture';
  return judged === 'files' ? 'gatehouse posture --mode prod --files' : 'gatehouse posture --as prod';
}

export function usePosture(environment: string, judged: Judged): Live<Posture> {
  const as = judged === 'asProduction' ? ('prod' as const) : undefined;
  const watched = useSourced('engine', useLive('posture.watch', { environment, ...(as ? { as } : {}) }));
  const input = { environment, mode: 'prod' as const, filesAlone: true };
  const options = useTRPC().posture.check.queryOptions(input, { enabled: judged === 'files', staleTime: 10_000 });
  const { data, error, dataUpdatedAt } = useQuery(options);
  const checked = useMemo((): Live<Posture> => {
    if (data) return { state: 'live', data, at: dataUpdatedAt, problem: null };
    return error ? { state: 'failed', data: null, at: null, problem: problemOf(error) } : loading;
  }, [data, error, dataUpdatedAt]);
  return judged === 'files' ? checked : watched;
}
