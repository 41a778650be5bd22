// The end of a container's log, read once: a few lines for a message, or all that is to be kept.
import type { Engine } from '../docker/engine.ts';
import { createLogDecoder, type RawLogLine } from '../docker/logStream.ts';

const readTimeoutMs = 10_000;

export async function readLog(
  engine: Engine,
  container: string,
  { tail, isTty = false }: { tail: number; isTty?: boolean },
): Promise<RawLogLine[]> {
  const signal = AbortSignal.timeout(readTimeoutMs);
  const stream = await engine.stack.containers.openLog(container, { tail, signal });
  const decoder = createLogDecoder(isTty);
  const lines: RawLogLine[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) lines.push(...decoder.push(chunk));
  return [...lines, ...decoder.end()];
}

/** Empty when the log cannot be read (some drivers keep none): it is an addition to a message, never the message. */
export async function readLastLines(engine: Engine, container: string, count = 5): Promise<string[]> {
  const lines = await readLog(engine, container, { tail: count }).catch(() => []);
  return lines
    .map(({ text }) => text.trim())
    .filter((text) => text !== '')
    .slice(-count);
}
