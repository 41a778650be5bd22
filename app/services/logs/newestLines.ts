// The newest lines of many containers, in bounded memory: k logs go in one after the other, and the newest come out by time.
import type { LogLine } from '../../contract/index.ts';

export interface NewestLines {
  add(line: LogLine): void;
  /** Lines of this stamp and earlier ones may be missing. */
  missUpTo(stamp: string): void;
  /**
   * By time. Every line that was added and is later than the horizon is there, once, and nothing else; the horizon is
   * null when nothing is missing.
   */
  finish(): { lines: LogLine[]; horizon: string | null };
}

export interface LineLimits {
  lines: number;
  bytes: number;
}

/** What a line takes on its way to a UI, about. */
export function weighLine({ text, message, fields }: LogLine): number {
  return 300 + text.length + message.length + (fields.length > 0 ? text.length : 0);
}

/** By the engine's stamps; of the same stamp, in the order in which they came. */
export function byStamp(a: { stamp: string }, b: { stamp: string }): number {
  return a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : 0;
}

export function createNewestLines(limits: LineLimits): NewestLines {
  let lines: LogLine[] = [];
  let bytes = 0;
  let horizon = '';

  const isOver = (slack: number) => lines.length > limits.lines * slack || bytes > limits.bytes * slack;
  const shrink = () => {
    // V8's sort takes what is in order already as runs and merges them: this is the merge of k logs.
    lines.sort(byStamp);
    const first = findFirstKept(lines, limits);
    for (const line of lines.slice(0, first)) {
      bytes -= weighLine(line);
      if (line.stamp > horizon) horizon = line.stamp;
    }
    lines = lines.slice(first);
  };

  return {
    add(line) {
      if (horizon !== '' && line.stamp <= horizon) return;
      lines.push(line);
      bytes += weighLine(line);
      // Twice as much as is wanted, so that not each line is a sort.
      if (isOver(2)) shrink();
    },
    missUpTo(stamp) {
      if (stamp > horizon) horizon = stamp;
    },
    finish() {
      shrink();
      if (horizon === '') return { lines, horizon: null };
      return { lines: lines.filter(({ stamp }) => stamp > horizon), horizon };
    },
  };
}

/** Engines stamp with nanoseconds, some drivers of logs with less. */
const groupSlack = 1000;

/** Lines of one stamp stay together, or who asks on from there would miss some; unless there are too many of them. */
function findFirstKept(lines: readonly LogLine[], limits: LineLimits): number {
  let first = lines.length;
  for (let bytes = 0; first > 0 && lines.length - first < limits.lines; first -= 1) {
    bytes += weighLine(lines[first - 1] as LogLine);
    if (bytes > limits.bytes) break;
  }
  let group = first;
  while (group > 0 && lines[group - 1]?.stamp === lines[first]?.stamp) group -= 1;
  return lines.length - group <= limits.lines * 2 + groupSlack ? group : first;
}
