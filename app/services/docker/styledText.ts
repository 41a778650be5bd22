// What a program writes for a terminal → text and how it wanted it to look. Only colours and weights are taken over
// (ECMA-48, 8.3.117 SGR); what moves the cursor, hides text, names windows or links is dropped.
import { namedColours, type TextStyle } from '../../contract/index.ts';

export interface StyledText {
  /** Without any control character but tab. */
  text: string;
  /** In order, not overlapping, inside of the text. */
  styles: TextStyle[];
}

/** More changes of look than this in one line are no look any more. */
const styleLimit = 200;

// ECMA-48: CSI … final byte, OSC … BEL or ST, and two-character escapes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
// C0 but tab, DEL, C1, the separators of lines, and the marks that turn the direction of text around (they make a line
// read as another one).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const controls = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const textLimit = 16 * 1024;

/** One line of untrusted text without escape sequences and control characters, at most 16 KiB. */
export function cleanText(text: string): string {
  return text.replace(escapes, '').replace(controls, '').slice(0, textLimit);
}

/** Pure. One line. */
export function readStyledText(raw: string): StyledText {
  if (!raw.includes('\u001b')) return { text: raw.replace(controls, ''), styles: [] };
  let text = '';
  let look = plain;
  let from = 0;
  const styles: TextStyle[] = [];
  const take = (piece: string) => {
    const start = text.length;
    text += piece.replace(controls, '');
    if (look === plain || text.length === start || styles.length >= styleLimit) return;
    styles.push({ start, end: text.length, ...look });
  };
  for (const { 0: sequence, index } of raw.matchAll(escapes)) {
    take(raw.slice(from, index));
    from = index + sequence.length;
    if (sequence.startsWith('\u001b[') && sequence.endsWith('m')) look = applySgr(look, sequence.slice(2, -1));
  }
  take(raw.slice(from));
  return { text, styles };
}

type Look = Omit<TextStyle, 'start' | 'end'>;

const plain: Look = { colour: null, bold: false, dim: false, italic: false, underline: false };

function isPlain({ colour, bold, dim, italic, underline }: Look): boolean {
  return colour === null && !bold && !dim && !italic && !underline;
}

const changes: Readonly<Record<number, Partial<Look>>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  39: { colour: null },
};

/** `1;31`, `38;5;208`, `38;2;255;135;0`, and the same with colons (ITU-T T.416). */
function applySgr(before: Look, parameters: string): Look {
  const codes = parameters.split(';', 32).flatMap(readGroup);
  let look = before;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 0) look = plain;
    else if (code === 38 || code === 48 || code === 58) {
      const [colour, length] = readExtended(codes.slice(at + 1, at + 5));
      // What is set behind the text, or below it, is read to be passed over.
      if (code === 38) look = { ...look, colour };
      at += length;
    } else if (code >= 30 && code <= 37) look = { ...look, colour: namedColours[code - 30] ?? null };
    else if (code >= 90 && code <= 97) look = { ...look, colour: namedColours[code - 82] ?? null };
    else if (changes[code]) look = { ...look, ...changes[code] };
  }
  return isPlain(look) ? plain : look;
}

/** A group with colons has its colour space between `2` and the three parts; `4:3` is an underline of some kind. */
function readGroup(group: string): number[] {
  const parts = group.split(':', 8).map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 0));
  const [code = 0, kind] = parts;
  if (parts.length === 1) return [code];
  if (code === 4) return [kind === 0 ? 24 : 4];
  if (kind === 2) return [code, 2, ...parts.slice(-3)];
  return kind === 5 ? [code, 5, parts[2] ?? 0] : [];
}

/** The colour, and how many codes it took. */
function readExtended([kind, ...rest]: number[]): [Look['colour'], number] {
  if (kind === 5) return [fromPalette(rest[0] ?? 0), 2];
  if (kind === 2) return [toHex(rest.slice(0, 3)), 4];
  return [null, 1];
}

/** The 256 colours of xterm: 16 names, a cube of six steps a side, 24 greys. */
function fromPalette(index: number): Look['colour'] {
  if (index < 16) return namedColours[index] ?? null;
  if (index > 255) return null;
  if (index >= 232) return toHex(Array.from({ length: 3 }, () => 8 + (index - 232) * 10));
  const place = index - 16;
  const sides = [Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6];
  return toHex(sides.map((step) => (step === 0 ? 0 : 55 + step * 40)));
}

function toHex(parts: readonly number[]): string {
  const whole = Array.from({ length: 3 }, (_, index) => Math.min(255, parts[index] ?? 0));
  return `#${whole.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
