// Logs that can be read: those of containers, by the engine, and those that were kept of removed ones.
import type { Engine } from '../docker/engine.ts';
import { createLogDecoder, parseLogLine, type RawLogLine } from '../docker/logStream.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { LogRange } from '../docker/stackCalls.ts';
import { createPosition, type Position } from './position.ts';
import type { LogOrigin } from './toLogLine.ts';

export interface LogSource {
  readonly origin: LogOrigin;
  /** Lines in the order in which they were written, in pieces. Throws what the engine refuses. */
  read(range: LogRange, signal: AbortSignal): AsyncIterable<RawLogLine[]>;
  /** Of a container that is still there: how far it was read. */
  readonly position: Position;
}

export function toContainerSource(engine: Engine, { id, name, service, tty }: ObservedContainer): LogSource {
  const position = createPosition();
  return {
    origin: { service: service ?? '', container: name },
    position,
    async *read(range, signal) {
      const stream = await engine.stack.containers.openLog(id, { ...range, signal });
      const decoder = createLogDecoder(tty);
      for await (const chunk of stream as AsyncIterable<Buffer>) yield decoder.push(chunk);
      yield decoder.end();
    },
  };
}

/** The text of a kept log has lines as `2026-…Z stdout text`. */
export function toKeptSource(origin: LogOrigin, findText: () => Buffer | undefined): LogSource {
  return {
    origin,
    position: createPosition(),
    async *read({ tail }) {
      const lines = (findText()?.toString('utf8') ?? '').split('\n').filter((line) => line !== '');
      yield (tail === 'all' ? lines : lines.slice(-tail)).map(parseKeptLine);
    },
  };
}

function parseKeptLine(line: string): RawLogLine {
  const [, stamp = '', stream, text = line] = /^(\S+) (stdout|stderr) (.*)$/.exec(line) ?? [];
  return parseLogLine(stream === 'stderr' ? 'stderr' : 'stdout', Buffer.from(`${stamp} ${text}`.trimStart()));
}
