// Log lines as a file, in pieces that a window can take one after the other.
import type { LogFilePiece, LogLine } from '../../contract/index.ts';

export const fileLimits = { lines: 50_000, bytes: 16 * 1024 * 1024 };
const pieceLength = 128 * 1024;

/** Pure. `lines` by time; `endedBy`: why earlier ones are not there. */
export function* toFilePieces(
  lines: readonly LogLine[],
  format: 'text' | 'json',
  endedBy: string | null,
): Generator<LogFilePiece> {
  let text = '';
  let count = 0;
  for (const line of lines) {
    text += `${format === 'json' ? JSON.stringify(toRecord(line)) : toTextLine(line)}\n`;
    count += 1;
    if (text.length < pieceLength) continue;
    yield { text, lines: count, end: null };
    text = '';
  }
  yield { text, lines: count, end: { isWhole: endedBy === null, reason: endedBy } };
}

function toTextLine({ stamp, container, stream, text }: LogLine): string {
  return `${stamp || '-'} ${container} ${stream} ${text}`;
}

/** What a line is, without how it is drawn. */
function toRecord({ styles: _styles, hits: _hits, isHit: _isHit, late: _late, ...line }: LogLine): object {
  return line;
}
