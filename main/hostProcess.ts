// The host as a child process of the window: started, waited for, ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { findEntryUrl, type HostCommand } from './hostCommand.ts';

export interface HostProcess {
  /** The address with its one-time code. Rejects when the host ends first. */
  readonly entryUrl: Promise<string>;
  /** Resolves when the process is gone, however it went. */
  readonly ended: Promise<void>;
  /** Ends it in order, and by force when that takes longer than the host allows itself. */
  stop(): Promise<void>;
}

/** The host ends within 3 s by itself. */
const STOP_MS = 4000;

export function startHostProcess({ node, args }: HostCommand): HostProcess {
  const child = spawn(node, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  // Its death is told by `exit`; a write into its closed stdin must not end the window.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const entryUrl = readEntryUrl(child, node);
  // Whoever waits for it sees the failure; nobody has to.
  entryUrl.catch(() => undefined);
  return {
    entryUrl,
    ended,
    async stop() {
      // The same on every platform: Windows has no SIGTERM to catch.
      child.stdin.end();
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(force);
    },
  };
}

function readEntryUrl(child: ChildProcess, node: string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`cannot run ${node}: ${error.message}`, { cause: error })));
    child.once('exit', (code) =>
      reject(new Error(`the host ended with code ${code} before it was ready; see its log`)),
    );
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = findEntryUrl(line);
      if (url) resolve(url);
    });
  });
}
