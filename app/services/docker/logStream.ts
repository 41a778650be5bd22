// Docker's log stream: frames of stdout and stderr (raw text for a tty) → lines with the engine's timestamps.
import type { TextStyle } from '../../contract/index.ts';
import { createLineSplitter } from '../stream/lines.ts';
import { createDemultiplexer, type OutputStream } from './multiplexed.ts';
import { readStyledText } from './styledText.ts';

export interface RawLogLine {
  stream: OutputStream;
  /** The engine's, in UTC with nine digits, so that stamps sort as text: to follow on from here after a reconnect. */
  stamp: string;
  /** Epoch ms. */
  at: number;
  text: string;
  /** Of `text`, as its program wanted it to look. */
  styles: TextStyle[];
  /** The rest of the line was too long to be kept. */
  cut: boolean;
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
  const first = space === -1 ? text : text.slice(0, space);
  const stamp = toStamp(first);
  const { text: clean, styles } = readStyledText(stamp === '' ? text : text.slice(first.length + 1));
  const cut = clean.length > textLimitBytes || line.length >= lineLimitBytes;
  return {
    stream,
    stamp,
    at: stamp === '' ? 0 : Date.parse(stamp),
    text: clean.slice(0, textLimitBytes),
    styles: styles
      .filter(({ start }) => start < textLimitBytes)
      .map((style) => ({ ...style, end: Math.min(style.end, textLimitBytes) })),
    cut,
  };
}

/** RFC 3339 in any zone and with any digits → UTC with nine; empty for what is no stamp. */
export function toStamp(text: string): string {
  const [, seconds, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const at = seconds === undefined ? Number.NaN : Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(at)) return '';
  return `${new Date(at).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`;
}
