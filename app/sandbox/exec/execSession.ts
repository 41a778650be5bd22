// An exec's process and its client's connection, joined: input in, framed or raw output out, each at the other's pace.
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Hijacked } from '../http/reply.ts';
import type { ExecSpec } from './execSpec.ts';
import type { StartedExec } from './execs.ts';
import { toTerminalOutput, writeTerminalInput } from './terminal.ts';

const STDOUT = 1;
const STDERR = 2;

export interface SessionParts {
  spec: Pick<ExecSpec, 'stdout' | 'stderr' | 'tty'>;
  started: StartedExec;
  /** Without frames. The start says so and not the exec, as in Docker: a terminal's output can be framed too. */
  raw: boolean;
}

/** Resolves when the process has ended and all its output is written. A client that goes takes only its input along. */
export async function runSession(
  { spec, started, raw }: SessionParts,
  { input, output, signal }: Hijacked,
): Promise<void> {
  const { stdout, stderr, tty } = spec;
  if ('refusal' in started) {
    await write(output, { bytes: Buffer.from(`${started.refusal}\n`), channel: STDERR, raw }, signal);
    return;
  }
  const { process } = started;
  if (process.stdin !== null) passInput(input, process.stdin, { tty, interrupt: () => process.signal('SIGINT') });
  else input?.resume();
  const copy = async (from: Readable, channel: number, wanted: boolean) => {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      // Read on without a reader: a full pipe would stop the process.
      if (!wanted || signal.aborted) continue;
      await write(output, { bytes: tty ? toTerminalOutput(chunk) : chunk, channel, raw }, signal);
    }
  };
  // Its output breaks off when it is killed; that is an end like any other.
  await Promise.allSettled([copy(process.stdout, STDOUT, stdout), copy(process.stderr, STDERR, stderr)]);
  await process.ended;
}

/** Of a detached exec: nobody reads what it says. */
export function discardOutput(started: StartedExec): void {
  if ('refusal' in started) return;
  started.process.stdin?.end();
  started.process.stdout.resume();
  started.process.stderr.resume();
}

function passInput(
  input: Readable | null,
  stdin: Writable,
  { tty, interrupt }: { tty: boolean; interrupt: () => void },
): void {
  if (input === null) {
    stdin.end();
    return;
  }
  input.once('close', () => stdin.end());
  if (!tty) {
    input.pipe(stdin);
    return;
  }
  input.on('data', (chunk: Buffer) => writeTerminalInput(chunk, { stdin, interrupt, source: input }));
  input.once('end', () => stdin.end());
}

async function write(
  output: Writable,
  { bytes, channel, raw }: { bytes: Buffer; channel: number; raw: boolean },
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  output.cork();
  if (!raw) output.write(toFrameHeader(channel, bytes.length));
  const fits = output.write(bytes);
  output.uncork();
  // Rejects when the client goes; the caller looks at the signal.
  if (!fits) await once(output, 'drain', { signal }).catch(() => {});
}

/** One byte of channel, three of zero, four of length (big-endian). */
function toFrameHeader(channel: number, length: number): Buffer {
  const header = Buffer.alloc(8);
  header[0] = channel;
  header.writeUInt32BE(length, 4);
  return header;
}
