// The process behind a running container.
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { EngineError } from '../http/engineError.ts';
import type { ContainerLog } from '../streams/containerLog.ts';

export interface ContainerProcess {
  pid: number;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with Docker's exit code (128 + signal for a signal) when the process and its output have ended. */
  ended: Promise<number>;
}

/**
 * Preloaded into every container: when the engine is gone, however it went, the container's stdin closes and it ends,
 * at the latest a second after it was asked to. Nothing else survives `kill -9` of the engine.
 */
const LIFELINE = `data:text/javascript,${encodeURIComponent(
  `const end = () => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1000);
    process.kill(process.pid, 'SIGTERM');
  };
  process.stdin.once('close', end).on('error', () => {}).resume().unref();`,
)}`;

export async function startProcess(
  argv: readonly string[],
  options: { environment: Record<string, string>; folder: string; log: ContainerLog },
): Promise<ContainerProcess> {
  const [node = process.execPath, ...args] = argv;
  const child: ChildProcess = spawn(node, ['--import', LIFELINE, ...args], {
    cwd: options.folder,
    env: options.environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => {});
  child.stdout?.on('data', (chunk: Buffer) => options.log.write('stdout', chunk));
  child.stderr?.on('data', (chunk: Buffer) => options.log.write('stderr', chunk));
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code, signal) => {
      options.log.flush();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new EngineError(500, `failed to start ${node}: ${error.message}`)));
  });
  child.on('error', () => {});
  return { pid: child.pid ?? 0, ended, signal: (signal) => void child.kill(signal) };
}

/** Reads `SIGKILL`, `kill` or `9`. Throws EngineError 400. */
export function parseSignal(text: string): NodeJS.Signals {
  const known = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  const upper = text.toUpperCase();
  const found = known.find(([name, number]) => name === upper || name === `SIG${upper}` || String(number) === upper);
  if (found === undefined) throw new EngineError(400, `Invalid signal: ${text.slice(0, 40)}`);
  return found[0];
}
