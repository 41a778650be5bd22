// The timeline of an environment as it comes, and older pages on demand.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Problem, problemOf, type TimelineKind } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { type Live, loading } from '../../api/live.ts';
import { type StreamState, useStream } from '../../api/useLive.ts';
import { type TimelineLog, withBatch, withOlder } from './timelineLog.ts';

const PAGE = 200;

export interface TimelineOfView {
  live: Live<TimelineLog>;
  older: { isAsked: boolean; problem: Problem | null; ask: () => void };
}

export function useTimeline(environment: string, kinds: TimelineKind[]): TimelineOfView {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [log, setLog] = useState<TimelineLog | null>(null);
  const [older, setOlder] = useState<{ isAsked: boolean; problem: Problem | null }>({ isAsked: false, problem: null });
  const stream = useStream(
    'timeline.watch',
    { environment, kinds, limit: PAGE },
    {
      // The newest page comes again: a gap between it and what is held would not be seen.
      onBegin: () => setLog(null),
      onValues: (batches) => setLog((before) => batches.reduce<TimelineLog | null>(withBatch, before)),
    },
  );

  const ask = () => {
    if (!log?.next || older.isAsked) return;
    const { next: before } = log;
    setOlder({ isAsked: true, problem: null });
    const page = trpc.timeline.page.queryOptions({ environment, kinds, limit: PAGE, before });
    queries.fetchQuery(page).then(
      (answer) => {
        // Other kinds may have been chosen meanwhile: their log ends elsewhere.
        setLog((now) => (now?.next === before ? withOlder(now, answer) : now));
        setOlder({ isAsked: false, problem: null });
      },
      (error: unknown) => setOlder({ isAsked: false, problem: problemOf(error) }),
    );
  };
  return { live: toLive(stream, log), older: { ...older, ask } };
}

/** The state of the stream over what was gathered from it. */
function toLive({ state, at, problem }: StreamState, log: TimelineLog | null): Live<TimelineLog> {
  if (log && state === 'live') return { state, data: log, at, problem: null };
  if (log) return { state: 'stale', data: log, at, problem };
  return problem ? { state: 'failed', data: null, at: null, problem } : loading;
}
