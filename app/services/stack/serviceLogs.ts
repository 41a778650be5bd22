// The log of a service: all of its containers merged, followed through stops, restarts and recreation.
import type { LogBatch, LogLine } from '../../contract/index.ts';
import type { Engine, LogOptions } from '../docker/engine.ts';
import { createLogDecoder, type RawLogLine } from '../docker/logStream.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Observed } from '../docker/reducer.ts';
import { type BoundedQueue, batches, createBoundedQueue } from '../stream/boundedQueue.ts';
import { follow, type LiveValue } from '../stream/liveValue.ts';
import { wait } from '../stream/wait.ts';
import { findLogLevel } from './logLine.ts';

export interface ServiceLogsOptions {
  openEngine: () => Engine;
  observed: LiveValue<Observed | undefined>;
  service: string;
  tail: number;
  signal: AbortSignal;
}

const queueLines = 5000;
const batchEveryMs = 100;
const retryMs = 500;

export async function* followServiceLogs(options: ServiceLogsOptions): AsyncGenerator<LogBatch> {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  options.signal.addEventListener('abort', leave);
  if (options.signal.aborted) leave();
  const queue = createBoundedQueue<LogLine>(queueLines);
  const engine = options.openEngine();
  const attaching = attachAll(engine, options, queue, leaving.signal);
  try {
    for await (const { items, skipped } of batches(queue, leaving.signal, batchEveryMs)) {
      // Several containers write at the same time; within one batch the engine's stamps give the order.
      yield { lines: items.toSorted((a, b) => a.at - b.at), skipped };
    }
  } finally {
    options.signal.removeEventListener('abort', leave);
    leave();
    engine.close();
    await attaching;
  }
}

async function attachAll(
  engine: Engine,
  { observed, service, tail }: ServiceLogsOptions,
  queue: BoundedQueue<LogLine>,
  signal: AbortSignal,
): Promise<void> {
  const attached = new Map<string, Promise<void>>();
  let isFirst = true;
  for await (const now of follow(observed, signal)) {
    for (const container of now.containers.values()) {
      if (container.service !== service || container.oneOff || attached.has(container.id)) continue;
      // Those of the first look show their past as asked; one that is created later is shown from its birth.
      const log = followContainer({ engine, observed, container, queue, tail: isFirst ? tail : 'all' }, signal);
      attached.set(container.id, log);
    }
    for (const id of attached.keys()) if (!now.containers.has(id)) attached.delete(id);
    isFirst = false;
  }
  await Promise.all(attached.values());
}

interface ContainerLog {
  engine: Engine;
  observed: LiveValue<Observed | undefined>;
  container: ObservedContainer;
  queue: BoundedQueue<LogLine>;
  tail: number | 'all';
}

/** The engine ends the stream when the container stops; when it runs again, the log goes on after the last line. */
async function followContainer(log: ContainerLog, signal: AbortSignal): Promise<void> {
  const position = createPosition();
  let attachedTo = currentOf(log)?.startedAt ?? null;
  let from: LogOptions = { tail: log.tail };
  while (!signal.aborted) {
    try {
      await readOnce(log, position, from, signal);
    } catch {
      // The engine is gone or refuses; the frame says so, and the next round tries again.
    }
    await untilRunsAgain(log, attachedTo, signal);
    const now = currentOf(log);
    if (!now) return;
    const since = position.since();
    if (since) from = { tail: 'all', since };
    // Nothing was said before it stopped: all that the new run says is new.
    else if (now.startedAt !== null && now.startedAt !== attachedTo) {
      from = { tail: 'all', since: (now.startedAt / 1000).toFixed(3) };
    }
    attachedTo = now.startedAt;
  }
}

async function readOnce(
  { engine, container, queue }: ContainerLog,
  position: Position,
  from: LogOptions,
  signal: AbortSignal,
): Promise<void> {
  position.reconnect();
  const stream = await engine.logs(container.id, from, signal);
  const decoder = createLogDecoder(container.tty);
  const take = (lines: RawLogLine[]) => {
    for (const line of lines) if (position.accept(line)) queue.push(toLogLine(container, line));
  };
  await new Promise<void>((resolve) => {
    stream.on('data', (chunk: Buffer) => take(decoder.push(chunk)));
    stream.once('close', resolve);
  });
  take(decoder.end());
}

function currentOf({ observed, container }: ContainerLog): ObservedContainer | undefined {
  return observed.current?.containers.get(container.id);
}

/** Returns when the container was started anew, runs still (the stream broke), or is gone. */
async function untilRunsAgain(log: ContainerLog, startedAt: number | null, signal: AbortSignal): Promise<void> {
  await wait(retryMs, signal);
  for await (const { containers } of follow(log.observed, signal)) {
    const now = containers.get(log.container.id);
    if (!now || now.state === 'running' || now.startedAt !== startedAt) return;
  }
}

function toLogLine(container: ObservedContainer, line: RawLogLine): LogLine {
  return {
    at: line.at,
    service: container.service ?? '',
    container: container.name,
    stream: line.stream,
    level: findLogLevel(line.text),
    text: line.text,
  };
}

interface Position {
  /** For the engine's `since`; undefined before the first line. */
  since(): string | undefined;
  /** From now on lines up to the position come again. */
  reconnect(): void;
  accept(line: RawLogLine): boolean;
}

/** Remembers the last stamp, and how many lines bore it: `since` gives those again, and only those are dropped. */
function createPosition(): Position {
  let stamp = '';
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
      else if (line.stamp) [stamp, atStamp] = [line.stamp, 1];
      return true;
    },
  };
}

/** `2026-01-02T03:04:05.123456789Z` → `1767323045.123456789`. */
function toSeconds(stamp: string): string {
  const fraction = /\.(\d+)/.exec(stamp)?.[1] ?? '0';
  return `${Math.floor(Date.parse(stamp) / 1000)}.${fraction}`;
}
