// Which shell a container has: asked by running each with nothing to do.
import { setTimeout as delay } from 'node:timers/promises';
import { GatehouseError } from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import { EngineRefusal } from '../docker/engineProblem.ts';

const shells = ['/bin/bash', '/bin/sh'];
const triedMs = 5000;

/** Rejects with `terminal-failed`, which says what helps, when there is none. */
export async function findShell(engine: Engine, container: string, name: string): Promise<string> {
  for (const shell of shells) {
    if (await endsWell(engine, container, [shell, '-c', 'exit 0'])) return shell;
  }
  throw new GatehouseError({
    code: 'terminal-failed',
    message: `${name} has no shell: neither ${shells.join(' nor ')} can be run in it.`,
    remedy:
      'Its image is made without one. Name a program that it has (on the command line behind `--`), look at its log and ' +
      'its files from outside, or use an image with a shell while you look into it.',
  });
}

/** What cannot be run ends with 126 or 127; some engines refuse it instead. */
async function endsWell(engine: Engine, container: string, command: readonly string[]): Promise<boolean> {
  try {
    const exec = await engine.exec(container, command);
    const closed = new Promise<void>((resolve) => exec.stream.once('close', () => resolve()));
    exec.stream.resume().on('end', () => exec.stream.destroy());
    const isDone = await Promise.race([closed.then(() => true), delay(triedMs, false, { ref: false })]);
    exec.stream.destroy();
    return isDone && (await findExitCode(exec)) === 0;
  } catch (error) {
    // 400 and 500: what dockerd answers for a program that is not there, by its version.
    if (error instanceof EngineRefusal && [400, 500].includes(error.status)) return false;
    throw error;
  }
}

/** The engine learns of the end a moment after the connection has closed. */
export async function findExitCode(exec: { findExitCode(): Promise<number | null> }): Promise<number | null> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const code = await exec.findExitCode().catch(() => null);
    if (code !== null) return code;
    await delay(50);
  }
  return null;
}
