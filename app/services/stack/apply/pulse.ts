// A doorbell for those who wait for containers: rung by the engine's events, and every second where they do not come.
import { withoutRecording } from '../../docker/callRecording.ts';
import type { Engine } from '../../docker/engine.ts';
import { readContainerEvents } from '../../docker/engineEvent.ts';

export interface Pulse {
  /** Resolves at the next event of a container, or after a second; never rejects. */
  next(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Events may be lost, or an engine may have none: then it is asked this often. */
const longestMs = 1000;

/** Opens one event stream, which ends with `close`. */
export function openPulse(engine: Engine): Pulse {
  const closing = new AbortController();
  const waiting = new Set<() => void>();
  const ring = () => {
    for (const wake of [...waiting]) wake();
  };
  // It says when to look, and is nothing that was done: looking is recorded, listening is not.
  withoutRecording(() => engine.events(closing.signal)).then(
    (stream) => readContainerEvents(stream, ring),
    () => {},
  );
  return {
    next: (signal) =>
      new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, longestMs);
        waiting.add(wake);
        signal.addEventListener('abort', wake);
        if (signal.aborted) wake();
      }),
    close: () => {
      closing.abort();
      ring();
    },
  };
}
