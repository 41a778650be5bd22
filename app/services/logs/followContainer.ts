// The log of one container as it is written, through stops, restarts and an engine that goes and comes.
import type { Engine } from '../docker/engine.ts';
import { createLogDecoder, type RawLogLine } from '../docker/logStream.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Observed } from '../docker/reducer.ts';
import { follow, type LiveValue } from '../stream/liveValue.ts';
import { wait } from '../stream/wait.ts';
import { createPacer } from './pacer.ts';
import type { Position } from './position.ts';

export interface FollowedContainer {
  engine: Engine;
  observed: LiveValue<Observed | undefined>;
  container: ObservedContainer;
  /** Of what was read of it before; what was not is shown from its birth. */
  position: Position;
  take(line: RawLogLine): void;
  /** The engine does not give this log; null: it does. */
  onReadable(problem: unknown): void;
}

const retryMs = 500;

/** The engine ends the stream when the container stops; when it runs again, the log goes on after the last line. */
export async function followContainer(log: FollowedContainer, signal: AbortSignal): Promise<void> {
  let attachedTo = currentOf(log)?.startedAt ?? null;
  let from: string | undefined = log.position.since();
  while (!signal.aborted) {
    try {
      await readOnce(log, from, signal);
    } catch (error) {
      // The engine is gone or refuses; the frame says the one, and the next round tries again.
      if (!signal.aborted) log.onReadable(error);
    }
    await untilRunsAgain(log, attachedTo, signal);
    const now = currentOf(log);
    if (!now) return;
    from = log.position.since();
    // Nothing was said before it stopped: all that the new run says is new.
    if (from === undefined && now.startedAt !== null && now.startedAt !== attachedTo)
      from = (now.startedAt / 1000).toFixed(3);
    attachedTo = now.startedAt;
  }
}

async function readOnce(log: FollowedContainer, since: string | undefined, signal: AbortSignal): Promise<void> {
  const { engine, container, position, take } = log;
  position.reconnect();
  const stream = await engine.logs(container.id, { tail: 'all', ...(since === undefined ? {} : { since }) }, signal);
  log.onReadable(null);
  const decoder = createLogDecoder(container.tty);
  const pace = createPacer();
  const takeNew = async (lines: RawLogLine[]) => {
    for (const line of lines) {
      if (position.accept(line)) take(line);
      await pace();
    }
  };
  try {
    // Read as fast as lines are judged: until then the engine keeps them.
    for await (const chunk of stream as AsyncIterable<Buffer>) await takeNew(decoder.push(chunk));
  } catch {
    // The stream broke; what came whole of it counts.
  }
  if (!signal.aborted) await takeNew(decoder.end());
}

function currentOf({ observed, container }: FollowedContainer): ObservedContainer | undefined {
  return observed.current?.containers.get(container.id);
}

/** Returns when the container was started anew, runs still (the stream broke), or is gone. */
async function untilRunsAgain(log: FollowedContainer, startedAt: number | null, signal: AbortSignal): Promise<void> {
  await wait(retryMs, signal);
  for await (const { containers } of follow(log.observed, signal)) {
    const now = containers.get(log.container.id);
    if (!now || now.state === 'running' || now.startedAt !== startedAt) return;
  }
}
