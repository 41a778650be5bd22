// The sandbox's engine as a child process: started, waited for, ended with its host, its last words kept.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GatehouseError } from '../../contract/index.ts';
import { createEngine } from '../docker/engine.ts';
import { wait } from '../stream/wait.ts';
import type { Programs } from './programs.ts';

export interface EngineProcess {
  readonly socketPath: string;
  /** Resolves when the process has ended, with the tail of its stderr. Never rejects. */
  readonly ended: Promise<{ code: number | null; signal: string | null; tail: string }>;
  /** SIGTERM; SIGKILL after the grace time. */
  stop(): Promise<void>;
}

const readyWithinMs = 10_000;
const stopGraceMs = 8000;
const tailBytes = 4096;
/** sun_path of a unix socket: 104 bytes on macOS, 108 on Linux, with the zero at its end. */
const socketPathLimit = 103;

/**
 * One folder a host process, so that what a killed host left behind never stands in the way: its engine ended with it
 * (it watches our pid and the pipe of its stdin), and its folder is removed by `removeStaleFolders`.
 */
export function toSandboxFolder(runtimeFolder: string, pid: number): string {
  return join(runtimeFolder, `sandbox-${pid}`);
}

/** `spansTo`: who takes the spans of its containers. Throws `sandbox-failed` when it does not come up, with what it said. */
export async function startEngineProcess(
  programs: Programs,
  { folder, spansTo }: { folder: string; spansTo?: string | undefined },
  signal: AbortSignal,
): Promise<EngineProcess> {
  const socketPath =
    process.platform === 'win32' ? `\\\\.\\pipe\\gatehouse-sandbox-${process.pid}` : join(folder, 'engine.sock');
  if (Buffer.byteLength(socketPath) > socketPathLimit) {
    throw failed(
      `the path of its socket is longer than ${socketPathLimit} bytes: ${socketPath}`,
      'Set GATEHOUSE_RUNTIME_DIR to a shorter folder.',
    );
  }
  // What is in the way here is ours: the folder bears our pid.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const argv = [
    ...programs.host,
    'sandbox',
    ...['--socket', socketPath],
    ...['--state', join(folder, 'state')],
    ...['--parent-pid', String(process.pid)],
    '--end-with-stdin',
    ...(spansTo === undefined ? [] : ['--spans-to', spansTo]),
  ];
  const child = spawn(programs.node, argv, { stdio: ['pipe', 'ignore', 'pipe'] });
  const engine = watchChild(child, socketPath);
  try {
    await untilAnswers(engine, signal);
  } catch (error) {
    await engine.stop();
    throw error;
  }
  return engine;
}

function watchChild(child: ChildProcess, socketPath: string): EngineProcess {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-tailBytes);
  });
  // An engine that has ended closes its end of the pipe.
  child.stdin?.on('error', () => {});
  const ended = new Promise<{ code: number | null; signal: string | null; tail: string }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, tail: error.message }));
    child.once('close', (code, signal) => resolve({ code, signal, tail: tail.trim() }));
  });
  return {
    socketPath,
    ended,
    async stop() {
      child.stdin?.end();
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function untilAnswers(engine: EngineProcess, signal: AbortSignal): Promise<void> {
  const client = createEngine({ kind: 'socket', path: engine.socketPath });
  const startedAt = Date.now();
  let hasEnded: Awaited<EngineProcess['ended']> | undefined;
  void engine.ended.then((end) => {
    hasEnded = end;
  });
  try {
    while (!signal.aborted) {
      if (hasEnded) {
        throw failed(
          `its engine ended while it started: ${lastWords(hasEnded)}`,
          'Run `gatehouse sandbox --socket /tmp/sandbox.sock` in a terminal to see more.',
        );
      }
      if (await answers(client)) return;
      if (Date.now() - startedAt > readyWithinMs) {
        throw failed(
          `its engine did not answer within ${readyWithinMs / 1000} s`,
          'Try again; the machine may be busy.',
        );
      }
      await wait(50, signal);
    }
    throw failed('its start was stopped', 'Start it again.');
  } finally {
    client.close();
  }
}

async function answers(client: ReturnType<typeof createEngine>): Promise<boolean> {
  try {
    await client.ping(1000);
    return true;
  } catch {
    return false;
  }
}

/** The last line of stderr, or how it ended. */
export function lastWords({
  code,
  signal,
  tail,
}: {
  code: number | null;
  signal: string | null;
  tail: string;
}): string {
  const last = tail
    .split('\n')
    .filter((line) => line.trim() !== '')
    .at(-1);
  const end = signal ? `signal ${signal}` : `exit ${code ?? 'unknown'}`;
  return last ? `${last.slice(0, 500)} (${end})` : end;
}

export function failed(what: string, remedy: string): GatehouseError {
  return new GatehouseError({ code: 'sandbox-failed', message: `The sandbox could not run: ${what}.`, remedy });
}
