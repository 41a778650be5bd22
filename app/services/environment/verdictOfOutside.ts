// Verdict rules about what a client gets from outside, and about the machine under it all.
import type { Verdict } from '../../contract/index.ts';
import { isNearlyFull } from '../capacity/judgeCapacity.ts';
import type { VerdictFacts } from './verdict.ts';
import { showService } from './verdictOfServices.ts';
import { toLength } from './words.ts';

/** Everything may be well inside. */
export function outsideFails(facts: VerdictFacts): Verdict | undefined {
  return sayOutside(facts, 'down', 'Down: clients get no answer from outside');
}

export function outsideTroubled(facts: VerdictFacts): Verdict | undefined {
  return sayOutside(facts, 'degraded', 'Degraded: clients may be turned away at the edge');
}

function sayOutside({ outside }: VerdictFacts, level: 'down' | 'degraded', headline: string): Verdict | undefined {
  if (outside?.level !== level || outside.service === null) return undefined;
  return {
    level,
    headline,
    detail: outside.sentence,
    subject: { kind: 'service', name: outside.service },
    next: [showService(outside.service)],
  };
}

/** A full disk is the commonest way for a compose stack to fail, and the stores fail first. */
export function diskNearlyFull({ capacity, now }: VerdictFacts): Verdict | undefined {
  if (!capacity || !isNearlyFull(capacity.disk)) return undefined;
  const { fullAt } = capacity.disk;
  const when = fullAt === null ? '' : ` At the pace of the last minutes it is full in ${toLength(fullAt - now)}.`;
  return {
    level: 'degraded',
    headline: "Degraded: the disk of the engine's machine is nearly full",
    detail: `${capacity.sentence}${when}`,
    subject: null,
    next: [],
  };
}
