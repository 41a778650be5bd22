// Containers with an open stdin: their process belongs to the client that was attached before the start, and what it says
// goes to that client alone, in no log.

import type { ExecProcess } from '../exec/execProcess.ts';
import { discardOutput, runSession } from '../exec/execSession.ts';
import type { Hijacked } from '../http/reply.ts';
import type { Container } from './container.ts';

export interface Attachments {
  /** Resolves when the process of the next start has ended, or the client went before there was one. */
  attach(container: Container, connection: Hijacked): Promise<void>;
  started(container: Container, process: ExecProcess): void;
}

export function createAttachments(): Attachments {
  const waiting = new WeakMap<Container, (process: ExecProcess) => void>();
  return {
    async attach(container, connection) {
      const { signal } = connection;
      const process = await new Promise<ExecProcess | undefined>((resolve) => {
        waiting.set(container, resolve);
        signal.addEventListener('abort', () => resolve(undefined));
        if (signal.aborted) resolve(undefined);
      });
      waiting.delete(container);
      if (!process) return;
      const { tty } = container.spec;
      await runSession({ spec: { stdout: true, stderr: true, tty }, started: { process }, raw: tty }, connection);
    },
    started(container, process) {
      const take = waiting.get(container);
      if (take) take(process);
      else discardOutput({ process });
    },
  };
}
