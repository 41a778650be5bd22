// Where the problems that a gateway names stand in the text. Pure.
import type { ConfigProblem } from '../../../app/contract/index.ts';

export interface PlacedProblem {
  from: number;
  to: number;
  message: string;
}

/** From the column to the end of its line; a problem of the whole document stands at its first line. */
export function toPlacedProblems(text: string, problems: readonly ConfigProblem[]): PlacedProblem[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return problems.map(({ line, column, where, message }) => {
    const start = starts[Math.min(line ?? 1, starts.length) - 1] ?? 0;
    const end = text.indexOf('\n', start);
    const to = end < 0 ? text.length : end;
    const from = Math.min(start + Math.max(0, (column ?? 1) - 1), to);
    return { from: from === to ? start : from, to, message: where === '' ? message : `${where}: ${message}` };
  });
}
