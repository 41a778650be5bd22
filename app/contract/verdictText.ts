// A verdict in words, for whatever has no room for its parts: the command line, a tray, a clipboard. Pure.
import { formatWindow } from './formatWindow.ts';
import type { Evidence, Verdict } from './shapes/environment.ts';

/** `Error share of callers 9.3 %, upstream error share 5.0 % (last 60 s).`: one sentence for each window. */
export function sayEvidence(evidence: readonly Evidence[]): string[] {
  const groups: Evidence[][] = [];
  for (const one of evidence) {
    const last = groups.at(-1);
    if (last && last[0]?.windowMs === one.windowMs) last.push(one);
    else groups.push([one]);
  }
  return groups.map((group) => {
    const windowMs = group[0]?.windowMs ?? null;
    return `${group.map(toWords).join(', ')}${windowMs === null ? '' : ` (last ${formatWindow(windowMs)})`}.`;
  });
}

function toWords({ figure, value }: Evidence, index: number): string {
  // Within a sentence only names keep their capital, and figures are no names.
  const isWords = index > 0 && /^[A-Z][a-z]+ /.test(figure);
  return `${isWords ? figure.charAt(0).toLowerCase() + figure.slice(1) : figure} ${value}`;
}

/** First cause, then evidence, in plain sentences; without the impact, which is the headline. */
export function sayVerdict({ firstCause, evidence }: Pick<Verdict, 'firstCause' | 'evidence'>): string {
  return [...(firstCause ? [firstCause.text] : []), ...sayEvidence(evidence)].join(' ');
}
