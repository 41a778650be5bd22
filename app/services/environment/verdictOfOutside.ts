// Verdict rules about what a client gets from outside, and about the machine under it all.
import type { Evidence, Verdict } from '../../contract/index.ts';
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

function sayOutside({ outside }: VerdictFacts, level: 'down' | 'degraded', impact: string): Verdict | undefined {
  if (outside?.level !== level || outside.service === null) return undefined;
  const { service, sentence } = outside;
  return {
    level,
    impact,
    firstCause: { kind: 'service', name: service, text: `First cause: ${service}, as it is seen from outside.` },
    evidence: [{ figure: 'From outside:', value: withoutStop(sentence), windowMs: null, source: 'probe' }],
    next: [showService(service)],
  };
}

/** A full disk is the commonest way for a compose stack to fail, and the stores fail first. */
export function diskNearlyFull({ capacity, now }: VerdictFacts): Verdict | undefined {
  if (!capacity || !isNearlyFull(capacity.disk)) return undefined;
  const { fullAt } = capacity.disk;
  const ofEngine = (figure: string, value: string): Evidence => ({ figure, value, windowMs: null, source: 'engine' });
  const pace =
    fullAt === null ? [] : [ofEngine('At the pace of the last minutes', `full in ${toLength(fullAt - now)}`)];
  return {
    level: 'degraded',
    impact: "Degraded: the disk of the engine's machine is nearly full",
    firstCause: null,
    evidence: [ofEngine('Room:', withoutStop(capacity.sentence)), ...pace],
    next: [],
  };
}

/** Within a list of evidence. */
const withoutStop = (sentence: string) => sentence.replace(/\.$/, '');
