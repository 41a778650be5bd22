// One program in a container, joined to one viewer: its output as fast as the viewer takes it, and its end with him.
import { randomBytes } from 'node:crypto';
import type { TerminalEvent, TerminalSize } from '../../contract/index.ts';
import { withoutRecording } from '../docker/callRecording.ts';
import type { Engine, Exec } from '../docker/engine.ts';
import { createDemultiplexer, type OutputStream } from '../docker/multiplexed.ts';
import { createWake } from '../stream/wait.ts';
import { findExitCode } from './findShell.ts';

export interface Terminal {
  readonly id: string;
  /** Until the program has ended, or the signal says that the viewer left. */
  events(signal: AbortSignal): AsyncGenerator<TerminalEvent>;
  write(bytes: Buffer, isEnd: boolean): void;
  resize(size: TerminalSize): Promise<void>;
  acknowledge(bytes: number): void;
  close(reason: string): void;
}

export interface TerminalOptions {
  readonly engine: Engine;
  /** By its id, and as the operator knows it. */
  readonly container: string;
  readonly containerName: string;
  readonly command: readonly string[];
  readonly size: TerminalSize | null;
}

/** What may be on its way to a viewer that has not shown it yet. */
const windowBytes = 512 * 1024;
const chunkBytes = 64 * 1024;
const idleMs = 60 * 60_000;
/** In the environment of all that is started in it, so that it can be found and ended. */
const markName = 'GATEHOUSE_TERMINAL';

export async function openTerminal(options: TerminalOptions): Promise<Terminal> {
  const { engine, container, command, size } = options;
  const id = randomBytes(16).toString('hex');
  const env = [`${markName}=${id}`, ...(size ? ['TERM=xterm-256color'] : [])];
  const exec = await engine.exec(container, command, { terminal: size, env });
  // The size can be told only once it runs; before that an engine may refuse it.
  if (size) await exec.resize(size).catch(() => {});
  return join(exec, id, options);
}

interface Piece {
  readonly channel: OutputStream;
  readonly bytes: Buffer;
}

function join(exec: Exec, id: string, { engine, container, containerName, command, size }: TerminalOptions): Terminal {
  const { stream } = exec;
  const wake = createWake();
  let pieces: Piece[] = [];
  let unshown = 0;
  let hasEnded = false;
  let closeReason: string | undefined;

  const take = (channel: OutputStream, bytes: Buffer) => {
    pieces.push({ channel, bytes: Buffer.from(bytes) });
    unshown += bytes.length;
    if (unshown > windowBytes) stream.pause();
    idle.refresh();
    wake.notify();
  };
  const close = (reason: string) => {
    closeReason ??= reason;
    stream.destroy();
  };
  const idle = setTimeout(() => close('nothing was typed or shown for an hour'), idleMs);
  const demultiplex = size ? (chunk: Buffer) => take('stdout', chunk) : createDemultiplexer(take);
  stream.on('data', demultiplex);
  stream.on('end', () => stream.destroy());
  stream.on('close', () => {
    hasEnded = true;
    clearTimeout(idle);
    wake.notify();
  });

  const readEnd = async (): Promise<TerminalEvent> => {
    const reason = closeReason ?? 'it has ended';
    return { kind: 'ended', exitCode: closeReason ? null : await findExitCode(exec), reason };
  };
  return {
    id,
    async *events(signal) {
      try {
        yield { kind: 'opened', id, container: containerName, command: [...command] };
        while (!signal.aborted) {
          const [next, ...rest] = merge(pieces);
          pieces = rest;
          if (next) yield { kind: 'output', channel: next.channel, bytes: next.bytes.toString('base64') };
          else if (hasEnded) return yield await readEnd();
          else await wake.next(signal);
        }
      } finally {
        const wasRunning = !hasEnded || closeReason !== undefined;
        close('its window was closed');
        if (wasRunning) await endAll(engine, container, id);
      }
    },
    write(bytes, isEnd) {
      idle.refresh();
      if (!stream.writable) return;
      if (bytes.length > 0) stream.write(bytes);
      if (isEnd) stream.end();
    },
    resize: (next) => exec.resize(next),
    acknowledge(bytes) {
      unshown = Math.max(0, unshown - bytes);
      if (unshown <= windowBytes / 2) stream.resume();
    },
    close,
  };
}

/** Neighbours of one channel become one piece, as far as a message should hold. */
function merge(pieces: readonly Piece[]): Piece[] {
  const [first, ...rest] = pieces;
  if (!first) return [];
  let length = first.bytes.length;
  let count = 1;
  for (const { channel, bytes } of rest) {
    if (channel !== first.channel || length + bytes.length > chunkBytes) break;
    length += bytes.length;
    count += 1;
  }
  const bytes = Buffer.concat(pieces.slice(0, count).map((piece) => piece.bytes));
  return [{ channel: first.channel, bytes }, ...pieces.slice(count)];
}

/**
 * An engine does not end a terminal's program when its connection closes (moby 9098). Everything that was started in it
 * has its mark in the environment: asked to end, then killed. Where there is no shell or no /proc, nothing is ended.
 */
async function endAll(engine: Engine, container: string, id: string): Promise<void> {
  const script =
    'for s in HUP KILL; do for p in /proc/[0-9]*; do ' +
    `if grep -q "${markName}=$1" "$p/environ" 2>/dev/null; then kill -$s "\${p#/proc/}" 2>/dev/null; fi; done; ` +
    '[ "$s" = KILL ] || sleep 1; done';
  await withoutRecording(async () => {
    try {
      const { stream } = await engine.exec(container, ['/bin/sh', '-c', script, 'end', id]);
      await new Promise<void>((resolve) => {
        stream
          .resume()
          .on('end', () => stream.destroy())
          .once('close', resolve);
      });
    } catch {
      // The container is gone, and all in it.
    }
  });
}
