import { readJsonLine } from './jsonLine.ts';
import type { LineParts } from './lineParts.ts';
import { readLogfmtLine } from './logfmtLine.ts';
import { readTextLine } from './textLine.ts';

/** Pure: what a line of a log says, in whichever of the known formats it is written. Never throws. */
export function readLine(text: string): LineParts {
  return readJsonLine(text) ?? readLogfmtLine(text) ?? readTextLine(text);
}
