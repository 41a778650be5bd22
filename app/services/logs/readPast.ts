// What was said: the newest lines before a moment, or the first ones after it, of many logs at once.
import { GatehouseError, type LogPage, type UnreadableLog } from '../../contract/index.ts';
import { EngineRefusal } from '../docker/engineProblem.ts';
import { cleanText } from '../docker/styledText.ts';
import type { LogSource } from './logSource.ts';
import { byStamp, createNewestLines, type LineLimits, type NewestLines } from './newestLines.ts';
import { createPacer } from './pacer.ts';
import type { LineSelection } from './selectLines.ts';
import { shiftStamp, stampOf, toSeconds } from './stamps.ts';
import { toLogLine } from './toLogLine.ts';

export interface PastQuestion {
  sources: readonly LogSource[];
  selection: LineSelection;
  limits: LineLimits;
  /** Stamps: at `from` or later, before `before`; null: without that end. */
  from: string | null;
  before: string | null;
}

const readAtOnce = 4;
/** Of each log, where few of its lines are meant. */
const narrowDepth = 20_000;
/** A look into the past that takes longer than this ends with what it has. */
const timeLimitMs = 10_000;
/** Back from the moment in steps: most questions are answered by the first. */
const stepsMs = [60_000, 15 * 60_000, 4 * 3_600_000, 48 * 3_600_000];

export async function readOlder(question: PastQuestion, signal: AbortSignal): Promise<LogPage> {
  const newest = createNewestLines(question.limits);
  const reading = createReading(question, signal, (_source, line) => {
    newest.add(line);
    return false;
  });
  // Engines count lines from the end of a log: that is the quick way as long as the end is what is asked for.
  const how = question.before === null ? readEnds : readStepByStep;
  const endedBy = await how(question, reading, newest);
  const { lines, horizon } = newest.finish();
  // Whatever is later than the horizon is there.
  const cursor = horizon === null ? null : shiftStamp(horizon, 1);
  return { lines, reach: { read: reading.read, cursor, endedBy }, unreadable: reading.unreadable };
}

async function readEnds(
  { sources, selection, limits, from }: PastQuestion,
  reading: Reading,
  newest: NewestLines,
): Promise<string | null> {
  // One more than is wanted, to know whether there is more.
  const depth = selection.isNarrow && limits.lines > 0 ? narrowDepth : limits.lines + 1;
  const range = { tail: depth, since: from === null ? undefined : toSeconds(from) };
  await eachOf(sources, async (source) => {
    const { read, first } = await reading.run(source, range, { from, before: null });
    // As many as were asked for: there are earlier ones that were not read.
    if (read >= depth && first !== '') newest.missUpTo(first);
  });
  return reading.isOver ? `${tooLong}, and some logs were not read to their end` : null;
}

const tooLong = `it took longer than ${timeLimitMs / 1000} s`;

async function readStepByStep(question: PastQuestion, reading: Reading, newest: NewestLines): Promise<string | null> {
  const { sources, limits, from, before } = question;
  let until = before ?? '';
  for (const stepMs of [...stepsMs, null]) {
    const back = stepMs === null ? null : stampOf(Date.parse(until) - stepMs);
    const since = back === null || (from !== null && back < from) ? from : back;
    const range = {
      tail: 'all' as const,
      since: since === null ? undefined : toSeconds(since),
      until: toSeconds(until),
    };
    const countBefore = reading.taken;
    await eachOf(sources, async (source) => void (await reading.run(source, range, { from: since, before: until })));
    if (reading.isOver) {
      // A log is read forwards: of this step the end is missing.
      newest.missUpTo(shiftStamp(until, -1));
      return tooLong;
    }
    if (since === from) return null;
    until = since ?? until;
    if (reading.taken > countBefore && reading.taken >= limits.lines) break;
  }
  newest.missUpTo(shiftStamp(until, -1));
  return null;
}

/** The first lines after a moment. */
export async function readNewer(
  { sources, selection, limits, from, before }: PastQuestion,
  signal: AbortSignal,
): Promise<LogPage> {
  const found: LogPage['lines'] = [];
  /** Of each log that has more: up to where it was read. */
  const horizons: string[] = [];
  const seen = new Map<LogSource, { count: number; stamp: string }>();
  const question = { sources, selection, limits, from, before };
  const reading = createReading(question, signal, (source, line) => {
    found.push(line);
    const { count, stamp } = seen.get(source) ?? { count: 0, stamp: '' };
    seen.set(source, { count: count + 1, stamp: line.stamp });
    // Lines of one stamp stay together, or who asks on from there would miss some.
    return count >= limits.lines && line.stamp !== stamp;
  });
  const range = {
    tail: 'all' as const,
    since: from === null ? undefined : toSeconds(from),
    until: before === null ? undefined : toSeconds(before),
  };
  await eachOf(sources, async (source) => {
    const { last, isWhole } = await reading.run(source, range, { from, before });
    if (!isWhole && last !== '') horizons.push(last);
  });
  const [horizon = null] = horizons.toSorted();
  const all = found.toSorted(byStamp).filter(({ stamp }) => horizon === null || stamp < horizon);
  let end = Math.min(all.length, limits.lines);
  while (end > 0 && all[end]?.stamp === all[end - 1]?.stamp) end += 1;
  const lines = all.slice(0, end);
  const open = horizon === null ? null : shiftStamp(horizon, -1);
  const cursor = end < all.length ? (lines.at(-1)?.stamp ?? null) : open;
  return {
    lines,
    reach: { read: reading.read, cursor, endedBy: reading.isOver ? tooLong : null },
    unreadable: reading.unreadable,
  };
}

interface Reading {
  /** Reads one log; what is meant goes to the one who takes it. */
  run(
    source: LogSource,
    range: Parameters<LogSource['read']>[0],
    within: { from: string | null; before: string | null },
  ): Promise<{ read: number; first: string; last: string; isWhole: boolean }>;
  readonly read: number;
  readonly taken: number;
  readonly isOver: boolean;
  readonly unreadable: UnreadableLog[];
}

/** `take` says true when it has enough of that log. */
function createReading(
  { selection }: PastQuestion,
  signal: AbortSignal,
  take: (source: LogSource, line: LogPage['lines'][number]) => boolean,
): Reading {
  const late = AbortSignal.timeout(timeLimitMs);
  const ending = AbortSignal.any([signal, late]);
  const pace = createPacer();
  const unreadable: UnreadableLog[] = [];
  let read = 0;
  let taken = 0;

  const run: Reading['run'] = async (source, range, { from, before }) => {
    const seen = { read: 0, first: '', last: '', isWhole: false };
    try {
      for await (const lines of source.read(range, ending)) {
        for (const raw of lines) {
          if (ending.aborted) return seen;
          if (!source.position.accept(raw)) continue;
          seen.read += 1;
          read += 1;
          seen.first ||= raw.stamp;
          seen.last = raw.stamp;
          await pace();
          if ((from !== null && raw.stamp < from) || (before !== null && raw.stamp >= before)) continue;
          const line = selection.select(toLogLine(source.origin, raw));
          if (!line) continue;
          taken += 1;
          if (take(source, line)) return seen;
        }
      }
      seen.isWhole = !ending.aborted;
    } catch (error) {
      if (ending.aborted) return seen;
      // Without the engine nothing is known of any of them.
      if (error instanceof GatehouseError) throw error;
      // 404: it was removed between the look and the question.
      if (!(error instanceof EngineRefusal) || error.status !== 404)
        unreadable.push({ ...source.origin, reason: toReason(error) });
    }
    return seen;
  };
  return {
    run,
    get read() {
      return read;
    },
    get taken() {
      return taken;
    },
    get isOver() {
      return late.aborted;
    },
    unreadable,
  };
}

/** The engine's words, as they are shown. */
export function toReason(error: unknown): string {
  const reason =
    error instanceof EngineRefusal ? error.reason : error instanceof Error ? error.message : 'unknown reason';
  return cleanText(reason).slice(0, 300);
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const inTurn = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: readAtOnce }, inTurn));
}
