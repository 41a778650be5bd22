// What a container wrote: lines with the time at which they came, bounded in bytes.
import { createJournal, type Journal } from './journal.ts';

export type LogStream = 'stdout' | 'stderr';

export interface LogEntry {
  stream: LogStream;
  /** Microseconds since 1970, rising by at least one from entry to entry, so that `since` can tell lines apart. */
  atMicros: number;
  /** With its line feed, except where a line was too long and goes on in the next entry. */
  line: Buffer;
}

export interface ContainerLog {
  journal: Journal<LogEntry>;
  write(stream: LogStream, chunk: Buffer): void;
  /** Writes out what came without a line feed at the end. */
  flush(): void;
}

const CAPACITY_BYTES = 1024 * 1024;
/** Docker cuts lines at this length too. */
const LINE_LIMIT_BYTES = 16 * 1024;
const ENTRY_OVERHEAD_BYTES = 96;
const LINE_FEED = 0x0a;

export function createContainerLog(capacityBytes = CAPACITY_BYTES, now: () => number = Date.now): ContainerLog {
  const journal = createJournal<LogEntry>(capacityBytes);
  const rest: Record<LogStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  let lastMicros = 0;

  function append(stream: LogStream, line: Buffer): void {
    lastMicros = Math.max(now() * 1000, lastMicros + 1);
    // Copied: a slice would keep the whole chunk that it came with alive.
    journal.append({ stream, atMicros: lastMicros, line: Buffer.from(line) }, line.length + ENTRY_OVERHEAD_BYTES);
  }

  return {
    journal,
    write(stream, chunk) {
      let pending = rest[stream].length === 0 ? chunk : Buffer.concat([rest[stream], chunk]);
      for (;;) {
        const at = pending.indexOf(LINE_FEED);
        const length = at === -1 ? pending.length : at + 1;
        if (at === -1 && length < LINE_LIMIT_BYTES) break;
        const cut = Math.min(length, LINE_LIMIT_BYTES);
        append(stream, pending.subarray(0, cut));
        pending = pending.subarray(cut);
      }
      rest[stream] = Buffer.from(pending);
    },
    flush() {
      for (const stream of ['stdout', 'stderr'] as const) {
        if (rest[stream].length > 0) append(stream, Buffer.concat([rest[stream], Buffer.from('\n')]));
        rest[stream] = Buffer.alloc(0);
      }
    },
  };
}
