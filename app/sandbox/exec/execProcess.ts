// The process of an exec. Its stdin belongs to the client, so a pipe of its own tells it that the engine has gone.
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';

export interface ExecProcess {
  pid: number;
  /** null when no input was asked for. */
  stdin: Writable | null;
  stdout: Readable;
  stderr: Readable;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code (128 + signal for a signal) when the process has ended. */
  ended: Promise<number>;
}

const LIFELINE_DESCRIPTOR = 3;
const LIFELINE = `data:text/javascript,${encodeURIComponent(
  `import { Socket } from 'node:net';
  new Socket({ fd: ${LIFELINE_DESCRIPTOR} }).on('error', () => {})
    .once('close', () => process.kill(process.pid, 'SIGKILL')).resume().unref();`,
)}`;

/** Rejects when the program cannot be started. */
export async function startExec(
  argv: readonly string[],
  options: { environment: Record<string, string>; folder: string; withInput: boolean },
): Promise<ExecProcess> {
  const [node = process.execPath, ...args] = argv;
  const child: ChildProcess = spawn(node, ['--import', LIFELINE, ...args], {
    cwd: options.folder,
    env: options.environment,
    stdio: [options.withInput ? 'pipe' : 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.on('error', () => {});
  for (const stream of child.stdio) stream?.on('error', () => {});
  return {
    pid: child.pid ?? 0,
    stdin: child.stdin,
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    signal: (signal) => void child.kill(signal),
    ended,
  };
}
