// Runs the program as the real process that it is, and waits for its log lines.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { programs } from '../../../../scripts/programs.mjs';

export interface LogLine {
  level: string;
  message: string;
  service: string;
  address?: string;
  [field: string]: unknown;
}

export interface ServiceProcess {
  lines: LogLine[];
  child: ChildProcess;
  /** The first line, past or to come, that satisfies the question. */
  line(question: (line: LogLine) => boolean): Promise<LogLine>;
  /** Ends it with SIGTERM; answers the exit code and how long it took. */
  stop(): Promise<{ code: number | null; ms: number }>;
}

export function startService(argv: string[], environment: Record<string, string>): ServiceProcess {
  const child = spawn(process.execPath, [programs.service, ...argv], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part) as LogLine);
    for (const wake of waiting) wake();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });

  return {
    lines,
    child,
    line: (question) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(question);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        child.once('exit', () => reject(new Error(`ended before the line came: ${complaint}`)));
        look();
      }),
    async stop() {
      const startedAt = performance.now();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      return { code: child.exitCode, ms: performance.now() - startedAt };
    },
  };
}
