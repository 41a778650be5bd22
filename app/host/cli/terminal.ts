// What reaches a terminal: aligned tables, colours only where they are wanted, and no byte of others that could steer it.
import { styleText } from 'node:util';
import { z } from 'zod';
import type { Level } from '../../contract/index.ts';

type Style = Parameters<typeof styleText>[0];

export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

/**
 * Controls of C0, DEL and C1 (terminal escape sequences), the line and paragraph separators, and the marks that turn
 * the direction of text (a path that reads as another path). U+009B alone starts a sequence in some terminals.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced here.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text of others on one line: whatever could steer a terminal becomes U+FFFD, so that it is seen that it was there. */
export function toPlainText(text: string): string {
  return text.replace(UNSAFE, '\ufffd');
}

/** JSON that is safe on a terminal too: JSON itself escapes C0 only. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(UNSAFE, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Remarks that are not part of the answer. */
export function remark(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  print(toJson(value, 2));
}

/** What `--schema` prints. */
export function printSchema(schema: z.ZodType): void {
  printJson(z.toJSONSchema(schema));
}

/** Honours NO_COLOR and FORCE_COLOR, and leaves pipes alone. */
export function coloured(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Rows of equal columns; numbers are aligned by the caller's padding. The last column is not padded. */
export function formatTable(header: readonly string[], rows: readonly (readonly (string | Cell)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => toCell(cell)));
  const titles = header.map((text): Cell => ({ text, style: 'dim' }));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.text.length ?? 0)),
  );
  return [titles, ...cells].map((row) => formatRow(row, widths)).join('\n');
}

function toCell(cell: string | Cell): Cell {
  const { text, style } = typeof cell === 'string' ? { text: cell } : cell;
  return style ? { text: toPlainText(text), style } : { text: toPlainText(text) };
}

/** One row in widths that were set before, for rows that come one by one. */
export function formatRow(row: readonly (string | Cell)[], widths: readonly number[]): string {
  return row
    .map(toCell)
    .map(({ text, style }, column) => {
      const padding = column === row.length - 1 ? 0 : Math.max(0, (widths[column] ?? 0) - text.length);
      return `${style ? coloured(style, text) : text}${' '.repeat(padding)}`;
    })
    .join('  ');
}

/** Cut in the middle, where paths differ least. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  const head = Math.ceil((width - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
}

const LEVELS: Record<Level, { shape: string; style: Style }> = {
  ok: { shape: '●', style: 'green' },
  degraded: { shape: '▲', style: 'yellow' },
  down: { shape: '■', style: 'red' },
  unknown: { shape: '◌', style: 'gray' },
};

/** Never by colour alone. `words` say more than the level does. */
export function levelCell(level: Level, words: string = level): Cell {
  return { text: `${LEVELS[level].shape} ${words}`, style: LEVELS[level].style };
}
