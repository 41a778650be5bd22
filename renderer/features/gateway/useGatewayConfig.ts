// The configuration in force and what the gateway says of a draft, asked only while somebody looks.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type ConfigVerdict, type GatewayConfigView, type Problem, problemOf } from '../../../app/contract/index.ts';
import { useTRPC, useTRPCClient } from '../../api/GatehouseProvider.tsx';
import type { Live } from '../../api/live.ts';
import { toLive } from '../../api/liveQuery.ts';
import type { Schema } from './configSchema.ts';

const ASK_AGAIN_MS = 5_000;
const TYPED_MS = 350;

/** `revision` of the route table: with another one it is asked at once. */
export function useGatewayConfig(environment: string, revision: string | null) {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.gateway.config.queryOptions({ environment }),
    refetchInterval: ASK_AGAIN_MS,
    retry: false,
  });
  const { refetch } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision says when to ask
  useEffect(() => void refetch(), [revision, refetch]);
  const live: Live<GatewayConfigView> = toLive(query);
  return { live, refetch };
}

export function useConfigSchema(environment: string): Schema | null {
  const trpc = useTRPC();
  const { data } = useQuery({
    ...trpc.gateway.configSchema.queryOptions({ environment }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (data as Schema | undefined) ?? null;
}

export type Judged =
  | { state: 'none' | 'asking' }
  | { state: 'judged'; verdict: ConfigVerdict }
  /** The gateway could not be asked. */
  | { state: 'failed'; problem: Problem };

/** What every replica would say of a text, a moment after the last key; null asks nothing. */
export function useVerdict(environment: string, text: string | null): Judged {
  const client = useTRPCClient();
  const [judged, setJudged] = useState<{ of: string | null; is: Judged }>({ of: null, is: { state: 'none' } });
  useEffect(() => {
    if (text === null) return;
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      client.gateway.validateConfig.query({ environment, document: text }, { signal: leaving.signal }).then(
        (verdict) => {
          if (!leaving.signal.aborted) setJudged({ of: text, is: { state: 'judged', verdict } });
        },
        (error: unknown) => {
          if (!leaving.signal.aborted) setJudged({ of: text, is: { state: 'failed', problem: problemOf(error) } });
        },
      );
    }, TYPED_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [client, environment, text]);
  if (text === null) return { state: 'none' };
  return judged.of === text ? judged.is : { state: 'asking' };
}

/** Problems stay on the screen while the next text is judged, so that nothing flickers with each key. */
export function useLastVerdict(judged: Judged): ConfigVerdict | null {
  const [last, setLast] = useState<ConfigVerdict | null>(null);
  useEffect(() => {
    if (judged.state === 'judged') setLast(judged.verdict);
    else if (judged.state === 'none') setLast(null);
  }, [judged]);
  return last;
}
