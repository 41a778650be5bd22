// The live log of a service in a buffer of its own; the component only learns that something changed.
import { useEffect, useReducer, useRef, useState } from 'react';
import { type StreamState, useStream } from '../../api/useLive.ts';
import { LogBuffer, type LogFilter } from './logBuffer.ts';

const TAIL = 500;

export interface Logs {
  stream: StreamState;
  buffer: LogBuffer;
  filter: LogFilter;
  setFilter: (filter: LogFilter) => void;
  /** Shows each line as it comes; otherwise arrivals wait. */
  isFollowing: boolean;
  setFollowing: (isFollowing: boolean) => void;
}

export function useLogs(environment: string, service: string): Logs {
  const [, changed] = useReducer((count: number) => count + 1, 0);
  const buffer = useRef<LogBuffer>(null);
  buffer.current ??= new LogBuffer();
  const [filter, setFilter] = useState<LogFilter>({ text: '', onlyTrouble: false });
  const [isFollowing, setFollowing] = useState(true);

  useEffect(() => {
    buffer.current?.setHeld(!isFollowing);
    changed();
  }, [isFollowing]);
  useEffect(() => {
    buffer.current?.setFilter(filter);
    changed();
  }, [filter]);

  const stream = useStream(
    'stack.logs',
    { environment, service, tail: TAIL },
    {
      onBegin: () => {
        // The stream repeats its tail; what was held back is in it.
        const begun = new LogBuffer();
        begun.setFilter(filter);
        buffer.current = begun;
        setFollowing(true);
      },
      onValues: (batches) => {
        buffer.current?.append(batches);
        changed();
      },
    },
  );
  return { stream, buffer: buffer.current, filter, setFilter, isFollowing, setFollowing };
}
