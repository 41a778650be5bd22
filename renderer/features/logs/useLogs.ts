// The lines of a question: as they come, or around a moment. They lie in a buffer of their own; the component only learns
// that something changed.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useRef, useState } from 'react';
import {
  type LogFilterInput,
  type LogPage,
  type LogReach,
  type Problem,
  problemOf,
  type UnreadableLog,
} from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { type StreamState, useStream } from '../../api/useLive.ts';
import { LogBuffer } from './logBuffer.ts';

const TAIL = 1000;
const PAGE = 500;

export interface LogsShown {
  stream: StreamState;
  buffer: LogBuffer;
  /** Shows each line as it comes; otherwise arrivals wait. */
  isFollowing: boolean;
  setFollowing: (isFollowing: boolean) => void;
  unreadable: readonly UnreadableLog[];
  older: OlderLines;
}

export interface OlderLines {
  /** null: not known yet. */
  reach: LogReach | null;
  isAsked: boolean;
  problem: Problem | null;
  ask: () => void;
}

interface PastState {
  reach: LogReach | null;
  isAsked: boolean;
  problem: Problem | null;
}

const notAsked: PastState = { reach: null, isAsked: false, problem: null };

/** As they come: the newest of the past first. */
export function useFollowedLogs(environment: string, filter: LogFilterInput): LogsShown {
  const parts = useParts(true);
  const { buffer, changed, setPast, setUnreadable, setFollowing } = parts;
  const stream = useStream(
    'logs.follow',
    { environment, filter, tail: TAIL },
    {
      onBegin: () => {
        // The stream repeats its past; what was held back is in it.
        buffer.current = new LogBuffer();
        setPast(notAsked);
        setFollowing(true);
      },
      onValues: (batches) => {
        for (const { reach, unreadable } of batches) {
          if (reach) setPast({ ...notAsked, reach });
          if (unreadable) setUnreadable(unreadable);
        }
        buffer.current.append(batches);
        changed();
      },
    },
  );
  return { ...toShown(parts), stream, older: useOlder(environment, filter, parts) };
}

/** The nearest lines before and after a moment, standing still. */
export function useLogsAround(environment: string, filter: LogFilterInput, at: number): LogsShown {
  const parts = useParts(false);
  const { buffer, changed, setPast, setUnreadable } = parts;
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [stream, setStream] = useState<StreamState>({ state: 'loading', at: null, problem: null });
  const key = JSON.stringify([environment, filter, at]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the question
  useEffect(() => {
    let isCurrent = true;
    const cursor = toCursor(at);
    const ask = (direction: 'older' | 'newer') =>
      queries.fetchQuery(trpc.logs.page.queryOptions({ environment, filter, direction, cursor, limit: PAGE }));
    setStream({ state: 'loading', at: null, problem: null });
    Promise.all([ask('older'), ask('newer')]).then(
      ([before, after]) => {
        if (!isCurrent) return;
        const begun = new LogBuffer();
        begun.append([{ lines: [...before.lines, ...after.lines], skipped: 0, away: null }]);
        buffer.current = begun;
        setPast({ ...notAsked, reach: before.reach });
        setUnreadable(before.unreadable);
        setStream({ state: 'live', at: Date.now(), problem: null });
        changed();
      },
      (error: unknown) => {
        if (isCurrent) setStream({ state: 'failed', at: null, problem: problemOf(error) });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [key]);
  return { ...toShown(parts), stream, older: useOlder(environment, filter, parts) };
}

/** The stamp just before the moment, so that a line of the moment itself is among the newer ones. */
export function toCursor(at: number): string {
  return `${new Date(at - 1).toISOString().slice(0, -1)}999999Z`;
}

type Parts = ReturnType<typeof useParts>;

function useParts(isFollowingFirst: boolean) {
  const [, changed] = useReducer((count: number) => count + 1, 0);
  const buffer = useRef<LogBuffer>(null as never);
  buffer.current ??= new LogBuffer();
  const [isFollowing, setFollowing] = useState(isFollowingFirst);
  const [past, setPast] = useState<PastState>(notAsked);
  const [unreadable, setUnreadable] = useState<readonly UnreadableLog[]>([]);
  useEffect(() => {
    buffer.current.setHeld(!isFollowing);
    changed();
  }, [isFollowing]);
  return { buffer, changed, isFollowing, setFollowing, past, setPast, unreadable, setUnreadable };
}

function toShown({ buffer, isFollowing, setFollowing, unreadable }: Parts) {
  return { buffer: buffer.current, isFollowing, setFollowing, unreadable };
}

function useOlder(environment: string, filter: LogFilterInput, { buffer, changed, past, setPast }: Parts): OlderLines {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const ask = () => {
    const cursor = past.reach?.cursor;
    if (!cursor || past.isAsked) return;
    const asked = buffer.current;
    setPast({ ...past, isAsked: true, problem: null });
    const page = trpc.logs.page.queryOptions({ environment, filter, direction: 'older', cursor, limit: PAGE });
    queries.fetchQuery(page).then(
      ({ lines, reach }: LogPage) => {
        // Another question may have been asked meanwhile.
        if (buffer.current !== asked) return;
        const taken = asked.prepend(lines);
        setPast({
          ...notAsked,
          reach: taken < lines.length ? { ...reach, cursor: null, endedBy: 'the window holds no more lines' } : reach,
        });
        changed();
      },
      (error: unknown) => setPast((now) => ({ ...now, isAsked: false, problem: problemOf(error) })),
    );
  };
  return { ...past, ask };
}
