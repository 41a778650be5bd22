// What the host writes to its stderr: kept in a file for later, and its last lines for the page that says why it ended.
// Its stdout is not kept: the one line there holds the code of a session.
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/** Two files of this size at most: the current one and the one before. */
const MAX_FILE_BYTES = 2 * 1024 * 1024;
const MAX_LINES = 40;
const MAX_LINE_LENGTH = 500;

/** The last lines of a text that comes in pieces. Bounded: a host that writes without end takes no more memory. */
export interface LineTail {
  add(text: string): void;
  lines(): string[];
}

export function createLineTail(): LineTail {
  const lines: string[] = [];
  let partial = '';
  const clip = (line: string) => (line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)} …` : line);
  return {
    add(text) {
      const pieces = text.split('\n');
      for (const [index, piece] of pieces.entries()) {
        // One character more than is shown, so that a clipped line is known to be one.
        partial = (partial + piece).slice(0, MAX_LINE_LENGTH + 1);
        if (index === pieces.length - 1) break;
        if (partial.trim() !== '') lines.push(clip(partial.trimEnd()));
        partial = '';
      }
      if (lines.length > MAX_LINES) lines.splice(0, lines.length - MAX_LINES);
    },
    lines: () => (partial.trim() === '' ? [...lines] : [...lines, clip(partial)]),
  };
}

export interface HostLog {
  readonly path: string;
  write(chunk: Buffer): void;
  /** The last lines since `begin`. */
  lastLines(): string[];
  /** Another host starts: its end is told with its own lines alone. */
  begin(): void;
}

/** Never throws: a disk that is full must not end the window. */
export function createHostLog(path: string, maxFileBytes = MAX_FILE_BYTES): HostLog {
  let tail = createLineTail();
  let decoder = new StringDecoder('utf8');
  attempt(() => mkdirSync(dirname(path), { recursive: true }));
  return {
    path,
    write(chunk) {
      tail.add(decoder.write(chunk));
      attempt(() => {
        if (sizeOf(path) + chunk.length > maxFileBytes) renameSync(path, `${path}.1`);
      });
      // Logs name what runs on this machine: they are the operator's alone.
      attempt(() => appendFileSync(path, chunk, { mode: 0o600 }));
    },
    lastLines: () => tail.lines(),
    begin() {
      tail = createLineTail();
      decoder = new StringDecoder('utf8');
    },
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function attempt(effect: () => void): void {
  try {
    effect();
  } catch {
    // The last lines are still in memory, where the page that needs them finds them.
  }
}
