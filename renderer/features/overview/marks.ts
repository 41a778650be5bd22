// Which changes are marked on the time axis, so that their words do not lie over each other. Pure.
import type { Change } from '../../../app/contract/index.ts';
import type { Times } from '../../components/useTimes.ts';

export interface Mark {
  change: Change;
  /** Empty where another mark's words stand. */
  label: string;
  /** On which side of its line the label stands. */
  side: 'left' | 'right';
}

const MAX_MARKS = 4;
/** Room that a label takes, as a share of the axis. */
const LABEL_SHARE = 0.22;

export function toMarks(
  changes: readonly Change[],
  [first, last]: [first: number, last: number],
  clock: Times['clock'],
): Mark[] {
  const span = Math.max(1, last - first);
  const within = changes
    .filter((change) => change.level !== 'ok' && change.at >= first && change.at <= last)
    .slice(0, MAX_MARKS)
    .toSorted((a, b) => a.at - b.at);
  let takenUntil = Number.NEGATIVE_INFINITY;
  return within.map((change) => {
    const place = (change.at - first) / span;
    const side = place > 1 - LABEL_SHARE ? 'left' : 'right';
    const [from, until] = side === 'left' ? [place - LABEL_SHARE, place] : [place, place + LABEL_SHARE];
    if (from < takenUntil) return { change, label: '', side };
    takenUntil = until;
    return { change, label: `${change.subject} ${clock(change.at)}`, side };
  });
}
