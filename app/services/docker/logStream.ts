// Docker's log stream: frames of stdout and stderr (raw text for a tty) → lines with the engine's timestamps.
import { createLineSplitter } from '../stream/lines.ts';
import { createDemultiplexer, type OutputStream } from './multiplexed.ts';

export interface RawLogLine {
  stream: OutputStream;
  /** As the engine wrote it, with nanoseconds: to follow on from here after a reconnect. */
  stamp: string;
  /** Epoch ms. */
  at: number;
  text: string;
}

const textLimitBytes = 16 * 1024;
// The stamp stands before the text on the same line.
const lineLimitBytes = textLimitBytes + 64;

/** Feed it the bytes of a log answer; it gives whole lines. */
export function createLogDecoder(tty: boolean): { push(chunk: Buffer): RawLogLine[]; end(): RawLogLine[] } {
  const splitters = { stdout: createLineSplitter(lineLimitBytes), stderr: createLineSplitter(lineLimitBytes) };
  let lines: RawLogLine[] = [];

  const read = (stream: OutputStream, bytes: Buffer) => {
    for (const line of splitters[stream].push(bytes)) lines.push(parseLogLine(stream, line));
  };
  const demultiplex = createDemultiplexer(read);

  return {
    push(chunk) {
      lines = [];
      if (tty) read('stdout', chunk);
      else demultiplex(chunk);
      return lines;
    },
    end: () =>
      (['stdout', 'stderr'] as const).flatMap((name) => {
        const rest = splitters[name].rest();
        return rest ? [parseLogLine(name, rest)] : [];
      }),
  };
}

/** `2026-01-02T03:04:05.123456789Z text`. A line without a stamp keeps its text and has time 0. */
export function parseLogLine(stream: OutputStream, line: Buffer): RawLogLine {
  const text = line.toString('utf8');
  const space = text.indexOf(' ');
  const stamp = space === -1 ? text : text.slice(0, space);
  const at = /^\d{4}-\d\d-\d\dT/.test(stamp) ? Date.parse(stamp) : Number.NaN;
  if (Number.isNaN(at)) return { stream, stamp: '', at: 0, text: cleanText(text) };
  return { stream, stamp, at, text: space === -1 ? '' : cleanText(text.slice(space + 1)) };
}

// ECMA-48: CSI … final byte, OSC … BEL or ST, and two-character escapes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
// C0 but tab, DEL, C1, and the marks that turn the direction of text around (they make a line read as another one).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const controls = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** One line of untrusted text without escape sequences and control characters. */
export function cleanText(text: string): string {
  return text.replace(escapes, '').replace(controls, '').slice(0, textLimitBytes);
}
