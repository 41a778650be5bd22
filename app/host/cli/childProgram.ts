// Runs another program in the foreground of this one.
import type { ChildProcess } from 'node:child_process';
import { CommandError, EXIT } from './exitCodes.ts';

/** Passes signals on until the child ends; gives its exit code, 1 when a signal ended it. */
export function forwardSignals(child: ChildProcess): Promise<number> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  return new Promise<number>((resolve, reject) => {
    child.on('error', (error) =>
      reject(new CommandError(EXIT.unreachable, `cannot run ${child.spawnfile}: ${error.message}`, { cause: error })),
    );
    child.on('exit', (code) => resolve(code ?? EXIT.fault));
  }).finally(() => {
    for (const signal of signals) process.off(signal, forward);
  });
}
