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
  /** Of its terminal, in characters. */
  resize(rows: number, columns: number): void;
  /** Resolves with the exit code (128 + signal for a signal) when the process has ended. */
  ended: Promise<number>;
}

const LIFELINE_DESCRIPTOR = 3;
/** On it comes also the size of the terminal, which Node would ask of a terminal itself. */
const LIFELINE = `data:text/javascript,${encodeURIComponent(
  `import { Socket } from 'node:net';
  let text = '';
  new Socket({ fd: ${LIFELINE_DESCRIPTOR} }).on('error', () => {}).setEncoding('latin1')
    .once('close', () => process.kill(process.pid, 'SIGKILL'))
    .on('data', (more) => {
      const lines = (text + more).split('\\n');
      text = lines.pop();
      const [rows, columns] = (lines.at(-1) ?? '').split(' ').map(Number);
      if (columns) Object.assign(process.stdout, { rows, columns }).emit('resize');
    }).unref();`,
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
    resize: (rows, columns) => void (child.stdio[LIFELINE_DESCRIPTOR] as Writable).write(`${rows} ${columns}\n`),
    ended,
  };
}
