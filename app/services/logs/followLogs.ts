// The logs of many services as one: the newest of the past, then lines as they are written, of containers that come and go.
import type { Connection, LogBatch, LogFilter, LogLine, UnreadableLog } from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import { EngineRefusal } from '../docker/engineProblem.ts';
import type { RawLogLine } from '../docker/logStream.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Observed } from '../docker/reducer.ts';
import { follow, type LiveValue } from '../stream/liveValue.ts';
import { createWake, wait } from '../stream/wait.ts';
import { followContainer } from './followContainer.ts';
import { type LogSource, toContainerSource } from './logSource.ts';
import { createMergeWindow, type MergeWindow } from './mergeWindow.ts';
import { createPosition, type Position } from './position.ts';
import { readOlder, toReason } from './readPast.ts';
import { createSelection, type LineSelection } from './selectLines.ts';
import { stampOf } from './stamps.ts';
import { toLogLine } from './toLogLine.ts';

export interface LogPlace {
  openEngine: () => Engine;
  observed: LiveValue<Observed | undefined>;
  connection: LiveValue<Connection>;
  /** What was kept of removed containers that the filter means. */
  findKept(filter: LogFilter): readonly LogSource[];
  now: () => number;
}

export interface FollowLogsOptions extends LogPlace {
  filter: LogFilter;
  tail: number;
  follow: boolean;
  signal: AbortSignal;
}

/** A message to a window stays far below what closes a slow one. */
export const batchBytes = 3 * 1024 * 1024;
const batchEveryMs = 100;
/** How late a line may be and still stand where it belongs. */
const holdMs = 400;
const longestTimerMs = 0x7fffffff;
/** One connection to the engine each. */
const containerLimit = 200;

/** Throws `query-refused` for a search that cannot be made, and what is said of an engine that does not answer. */
export async function* followLogs(options: FollowLogsOptions): AsyncGenerator<LogBatch> {
  const selection = createSelection(options.filter);
  const leaving = new AbortController();
  const signal = AbortSignal.any([options.signal, leaving.signal]);
  const engine = options.openEngine();
  let following: Promise<unknown> = Promise.resolve();
  try {
    const observed = await firstOf(options.observed, signal);
    if (!observed) return;
    const { from, to } = options.filter;
    const meant = listMeant(observed, options.filter);
    const sources = new Map(meant.map((container) => [container.id, toContainerSource(engine, container)]));
    const page = await readOlder(
      {
        sources: [...sources.values(), ...options.findKept(options.filter)],
        selection,
        limits: { lines: options.tail, bytes: batchBytes },
        from: from === null ? null : stampOf(from),
        before: to === null ? null : stampOf(to + 1),
      },
      signal,
    );
    yield { lines: page.lines, skipped: 0, reach: page.reach, away: null, unreadable: page.unreadable };
    if (!options.follow) return;
    // All is said; a stream that ends would be asked for again.
    if (to !== null && to < options.now()) return void (await wait(longestTimerMs, signal));
    const positions = new Map([...sources].map(([id, { position }]) => [id, position]));
    const output = createOutput(options, selection, page.unreadable);
    following = Promise.all([
      followContainers({ ...options, engine, positions }, output, signal),
      watchEngine(options, output, signal),
    ]);
    yield* output.batches(signal);
  } finally {
    leaving.abort();
    engine.close();
    await following;
  }
}

async function firstOf<T>(live: LiveValue<T>, signal: AbortSignal): Promise<Exclude<T, undefined> | undefined> {
  for await (const value of follow(live, signal)) return value;
  return undefined;
}

/** Those of the project that a filter means, by service and name. */
export function listMeant(observed: Observed, { services, container }: LogFilter): ObservedContainer[] {
  return [...observed.containers.values()]
    .filter(
      ({ service, oneOff, name }) =>
        service !== null &&
        !oneOff &&
        (services.length === 0 || services.includes(service)) &&
        (container === null || container === name),
    )
    .slice(0, containerLimit);
}

interface Following extends FollowLogsOptions {
  engine: Engine;
  positions: Map<string, Position>;
}

async function followContainers(options: Following, output: Output, signal: AbortSignal): Promise<void> {
  const { engine, observed, positions } = options;
  const attached = new Map<string, Promise<void>>();
  for await (const now of follow(observed, signal)) {
    for (const container of listMeant(now, options.filter)) {
      if (attached.has(container.id)) continue;
      const { id, name, service } = container;
      // One that is created later is shown from its birth.
      const position = positions.get(id) ?? createPosition();
      const origin = { service: service ?? '', container: name };
      const log = {
        engine,
        observed,
        container,
        position,
        take: (line: RawLogLine) => output.push(toLogLine(origin, line)),
        onReadable: (problem: unknown) => output.setReadable(origin, problem),
      };
      attached.set(id, followContainer(log, signal));
    }
    for (const id of attached.keys()) if (!now.containers.has(id)) attached.delete(id);
  }
  await Promise.all(attached.values());
}

/** An engine that is away cannot be read; what it kept of that time comes afterwards, what it did not is not known. */
async function watchEngine({ connection, now }: FollowLogsOptions, output: Output, signal: AbortSignal): Promise<void> {
  let goneSince: number | null = null;
  for await (const { state } of follow(connection, signal)) {
    // Seen last is when it was connected to, which may be long ago.
    if (state === 'lost') goneSince ??= now();
    else if (state === 'live' && goneSince !== null) {
      output.markAway({ from: goneSince, to: now() });
      goneSince = null;
    }
  }
}

interface Output {
  push(line: LogLine): void;
  markAway(away: NonNullable<LogBatch['away']>): void;
  setReadable(origin: { service: string; container: string }, problem: unknown): void;
  batches(signal: AbortSignal): AsyncGenerator<LogBatch>;
}

function createOutput(
  { now, filter }: FollowLogsOptions,
  selection: LineSelection,
  unreadableBefore: readonly UnreadableLog[],
): Output {
  const window: MergeWindow = createMergeWindow(holdMs, { lines: 5000, bytes: batchBytes });
  const wake = createWake();
  const unreadable = new Map(unreadableBefore.map((log) => [log.container, log]));
  const { from, to } = filter;
  const isWithin = (at: number) => (from === null || at >= from) && (to === null || at <= to);
  let isNews = false;
  let away: LogBatch['away'] = null;
  return {
    push(line) {
      const meant = isWithin(line.at) ? selection.select(line) : undefined;
      if (!meant) return;
      window.push(meant, now());
      wake.notify();
    },
    markAway(stretch) {
      away = { from: away?.from ?? stretch.from, to: stretch.to };
      wake.notify();
    },
    setReadable(origin, problem) {
      const { container } = origin;
      // 404: it is gone; another failure than a refusal is the engine's own, and not of this log.
      const isRefused = problem instanceof EngineRefusal && problem.status !== 404;
      if (!isRefused && !unreadable.has(container)) return;
      if (isRefused) unreadable.set(container, { ...origin, reason: toReason(problem) });
      else if (problem === null) unreadable.delete(container);
      isNews = true;
      wake.notify();
    },
    async *batches(signal) {
      while (!signal.aborted) {
        await wake.next(signal, window.dueIn(now()));
        if (signal.aborted) return;
        const { lines, skipped } = window.take(now());
        if (lines.length > 0 || skipped > 0 || isNews || away) {
          yield { lines, skipped, reach: null, away, unreadable: isNews ? [...unreadable.values()] : null };
          isNews = false;
          away = null;
        }
        // A moment for a burst to gather: one message of a hundred lines, not a hundred messages.
        await wait(batchEveryMs, signal);
      }
    },
  };
}
