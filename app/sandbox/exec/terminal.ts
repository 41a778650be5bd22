// What little of a terminal can be had without one: line ends as a terminal shows them, and the keys that end things.
import type { Readable, Writable } from 'node:stream';

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const INTERRUPT = 0x03;
const END_OF_INPUT = 0x04;

/** A terminal's line discipline writes a return before each line feed (ONLCR). */
export function toTerminalOutput(bytes: Buffer): Buffer {
  if (!bytes.includes(LINE_FEED)) return bytes;
  return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}

export function writeTerminalInput(
  chunk: Buffer,
  { stdin, interrupt, source }: { stdin: Writable; interrupt: () => void; source: Readable },
): void {
  const end = chunk.indexOf(END_OF_INPUT);
  const typed = end === -1 ? chunk : chunk.subarray(0, end);
  if (typed.includes(INTERRUPT)) interrupt();
  // The return key is a line feed to a program (ICRNL).
  const bytes = Buffer.from(
    typed.filter((byte) => byte !== INTERRUPT).map((byte) => (byte === RETURN ? LINE_FEED : byte)),
  );
  if (stdin.writableEnded) return;
  if (!stdin.write(bytes)) {
    source.pause();
    stdin.once('drain', () => source.resume());
  }
  if (end !== -1) stdin.end();
}
