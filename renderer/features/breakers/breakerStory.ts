// The transitions of a breaker as a story, newest first. Pure. An upstream that stays away makes two transitions every
// few seconds that say the same; those become one line, so that the opening stays in sight.
import type { BreakerTransition } from '../../../app/contract/index.ts';

export interface StoryLine {
  transition: BreakerTransition;
  /** How many transitions of this kind the line stands for, and the oldest of them. */
  count: number;
  firstAt: number;
}

/** `transitions` newest first, as the gateway keeps them. */
export function toStory(transitions: readonly BreakerTransition[]): StoryLine[] {
  const lines: StoryLine[] = [];
  transitions.forEach((transition, index) => {
    // That trials begin is only news while their result is not known.
    if (transition.to === 'half-open' && index > 0) return;
    const last = lines.at(-1);
    if (last && transition.from === 'half-open' && isAlike(last.transition, transition)) {
      last.count += 1;
      last.firstAt = transition.at;
    } else lines.push({ transition, count: 1, firstAt: transition.at });
  });
  return lines;
}

function isAlike(a: BreakerTransition, b: BreakerTransition): boolean {
  return a.from === b.from && a.to === b.to && a.reason === b.reason;
}
