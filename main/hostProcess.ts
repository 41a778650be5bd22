// The host as a child process of the window: started, waited for, ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { findEntryUrl, type HostCommand } from './hostCommand.ts';

export interface HostExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not even be started. */
  readonly spawnError?: string;
}

export interface HostProcess {
  /** The address with its one-time code; undefined when the host ended, or was ended, before it said one. */
  readonly entryUrl: Promise<string | undefined>;
  /** Resolves when the process is gone, however it went, and all that it wrote has been read. */
  readonly ended: Promise<HostExit>;
  /** Ends it in order, and by force when that takes longer than the host allows itself. */
  stop(): Promise<void>;
}

export interface HostProcessOptions {
  readonly command: HostCommand;
  readonly onStderr: (chunk: Buffer) => void;
  /** What the host sends over the channel between the two, with what answers it. */
  readonly onMessage?: (message: unknown, reply: (answer: object) => void) => void;
  /** How long the host may take until it says its address; then it counts as hung and is ended. */
  readonly readyWithinMs?: number;
}

/** The host ends within 3 s by itself, and then removes its runtime file: the force must not come at that very moment. */
const STOP_MS = 3200;
const READY_WITHIN_MS = 30_000;

export function startHostProcess(options: HostProcessOptions): HostProcess {
  const { node, args } = options.command;
  const child = spawn(node, args, { stdio: ['pipe', 'pipe', 'pipe', 'ipc'], windowsHide: true });
  // Its death is told by `exit`; a write into its closed stdin must not end the window.
  child.stdin?.on('error', () => undefined);
  child.stderr?.on('data', options.onStderr);
  // A host that ended meanwhile needs no answer.
  child.on('message', (message) => options.onMessage?.(message, (answer) => child.send(answer, () => undefined)));
  const ended = waitForEnd(child, node);
  return {
    entryUrl: readEntryUrl(child, ended, options.readyWithinMs ?? READY_WITHIN_MS),
    ended,
    async stop() {
      // Windows has no SIGTERM to catch (kill would end it at once), but the end of stdin is understood everywhere.
      child.stdin?.end();
      if (process.platform !== 'win32') child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(force);
    },
  };
}

function waitForEnd(child: ChildProcess, node: string): Promise<HostExit> {
  return new Promise((resolve) => {
    // `close` comes after `exit`, when stderr has been read to its end, unless a grandchild still holds it open.
    child.once('exit', (code, signal) => {
      const exit = { code, signal };
      child.once('close', () => resolve(exit));
      setTimeout(() => resolve(exit), 500).unref();
    });
    child.once('error', (error) => {
      if (child.pid === undefined)
        resolve({ code: null, signal: null, spawnError: `cannot run ${node}: ${error.message}` });
    });
  });
}

function readEntryUrl(child: ChildProcess, ended: Promise<HostExit>, withinMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), withinMs);
    void ended.then(() => {
      clearTimeout(late);
      resolve(undefined);
    });
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = findEntryUrl(line);
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url);
    });
  });
}
