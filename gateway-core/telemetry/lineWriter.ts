// Lines on their way to a file or stream. Never waited for: what does not fit into the queue is lost and counted.
import { close, constants, openSync, write } from 'node:fs';

/** A pipe takes this much without letting another writer in between (PIPE_BUF); a file opened to append takes more. */
const PIPE_CHUNK = 4_096;
const FILE_CHUNK = 64 * 1024;
/** A pipe that is full may say so instead of waiting. */
const AGAIN_MS = 10;
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND;

export interface LineCounts {
  written: number;
  dropped: number;
}

interface LineWriterOptions {
  /** `stdout`, `stderr` or the path of a file. */
  readonly to: string;
  readonly queueBytes: number;
  readonly counts: LineCounts;
  readonly onFailure: (reason: string) => void;
}

interface Batch {
  readonly bytes: Buffer;
  readonly lines: number;
  /** What it took of the queue's bound. */
  readonly length: number;
}

export class LineWriter {
  private readonly options: LineWriterOptions;
  private readonly isFile: boolean;
  private fd: number;
  private queue: string[] = [];
  private head = 0;
  private waitingLength = 0;
  private state: 'idle' | 'scheduled' | 'writing' = 'idle';
  private isMoved = false;
  private onIdle: (() => void) | undefined;

  /** Throws when the file cannot be opened. */
  constructor(options: LineWriterOptions) {
    const { to } = options;
    this.options = options;
    this.isFile = to !== 'stdout' && to !== 'stderr';
    // Not process.stdout: on a pipe that nobody reads it would stop the event loop, and every request with it.
    this.fd = this.isFile ? openSync(to, APPEND, 0o640) : to === 'stdout' ? 1 : 2;
  }

  /** The line ends in a newline. */
  write(line: string): void {
    const { queueBytes, counts } = this.options;
    if (this.waitingLength + line.length > queueBytes) {
      counts.dropped += 1;
      return;
    }
    this.waitingLength += line.length;
    this.queue.push(line);
    if (this.state !== 'idle') return;
    this.state = 'scheduled';
    // A later turn: all lines of one turn go in one write.
    setImmediate(() => this.flush());
  }

  /** Opens the file of that name again, since the old one may have been moved away. */
  reopen(): void {
    if (!this.isFile) return;
    this.isMoved = true;
    if (this.state === 'idle') this.flush();
  }

  /** Writes what waits, for at most that long. */
  async close(timeoutMs: number): Promise<void> {
    if (this.state !== 'idle')
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.onIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    // One that still writes keeps its file: closing it under a write could hand the number to something else.
    if (this.isFile && this.state === 'idle') close(this.fd, () => undefined);
  }

  private flush(): void {
    if (this.isMoved) this.moveOn();
    const batch = this.take();
    if (batch) {
      this.state = 'writing';
      this.put(batch, batch.bytes);
    } else {
      this.state = 'idle';
      this.onIdle?.();
    }
  }

  /** Only between two writes. */
  private moveOn(): void {
    this.isMoved = false;
    const old = this.fd;
    try {
      this.fd = openSync(this.options.to, APPEND, 0o640);
      close(old, () => undefined);
    } catch (error) {
      this.options.onFailure(error instanceof Error ? error.message : String(error));
    }
  }

  private take(): Batch | undefined {
    const limit = this.isFile ? FILE_CHUNK : PIPE_CHUNK;
    let text = '';
    let lines = 0;
    for (; this.head < this.queue.length; this.head++, lines++) {
      const line = this.queue[this.head] ?? '';
      if (lines > 0 && text.length + line.length > limit) break;
      text += line;
    }
    if (this.head === this.queue.length) {
      this.queue = [];
      this.head = 0;
    }
    return lines === 0 ? undefined : { bytes: Buffer.from(text), lines, length: text.length };
  }

  private put(batch: Batch, rest: Buffer): void {
    write(this.fd, rest, 0, rest.length, null, (error, taken) => {
      if (error?.code === 'EAGAIN') return void setTimeout(() => this.put(batch, rest), AGAIN_MS);
      if (!error && taken < rest.length) return this.put(batch, rest.subarray(taken));
      const { counts, onFailure } = this.options;
      if (error) {
        counts.dropped += batch.lines;
        onFailure(error.message);
      } else counts.written += batch.lines;
      this.waitingLength -= batch.length;
      this.flush();
    });
  }
}
