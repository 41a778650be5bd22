// How far the log of one container was read, so that it goes on there, each line once.
import type { RawLogLine } from '../docker/logStream.ts';
import { toSeconds } from './stamps.ts';

export interface Position {
  /** For the engine's `since`; undefined before the first line. */
  since(): string | undefined;
  /** From now on lines up to the position come again. */
  reconnect(): void;
  /** Whether the line is a new one. One without a stamp is given that of the line before it. */
  accept(line: RawLogLine): boolean;
}

/** Remembers the last stamp, and how many lines bore it: `since` gives those again, and only those are dropped. */
export function createPosition(): Position {
  let stamp = '';
  let at = 0;
  let atStamp = 0;
  let toSkip = 0;
  let resumeStamp = '';
  return {
    since: () => (stamp ? toSeconds(stamp) : undefined),
    reconnect() {
      resumeStamp = stamp;
      toSkip = atStamp;
    },
    accept(line) {
      if (resumeStamp && line.stamp && line.stamp < resumeStamp) return false;
      if (resumeStamp && line.stamp === resumeStamp && toSkip > 0) {
        toSkip -= 1;
        return false;
      }
      if (line.stamp === stamp) atStamp += 1;
      else if (line.stamp > stamp) [stamp, at, atStamp] = [line.stamp, line.at, 1];
      else if (line.stamp === '') [line.stamp, line.at] = [stamp, at];
      return true;
    },
  };
}
