// Is production closed? One sentence from the rules. Pure.
import { type Posture, type PostureRule, type PostureStatus, type Severity, severities } from '../../contract/index.ts';
import type { PostureFacts } from './facts/facts.ts';

const GRAVE: readonly Severity[] = ['critical', 'high'];

/** `2 critical, 3 high`. */
function toCounts(rules: readonly PostureRule[]): string {
  return severities
    .map((severity) => [severity, rules.filter((rule) => rule.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`)
    .join(', ');
}

export function toVerdict(rules: readonly PostureRule[], facts: PostureFacts): Posture['verdict'] {
  const of = (status: PostureStatus) => rules.filter((rule) => rule.status === status);
  const isGrave = ({ severity }: PostureRule) => GRAVE.includes(severity);
  const failing = of('fail');
  const open = of('unknown').filter(isGrave);
  const [first] = failing;
  const cause = first ? `${first.title}. ${toCause(first)}.` : '';
  const what = facts.mode === 'prod' ? 'Production' : 'Development';
  const detail = [cause, toBasis(facts), toRest(rules)].filter(Boolean).join(' ');
  if (failing.some(isGrave)) {
    const isNot = facts.mode === 'prod' ? 'is not closed' : 'is open where it should not be';
    return { level: 'down', headline: `${what} ${isNot}: ${toCounts(failing.filter(isGrave))}`, detail };
  }
  if (facts.parts.length === 0) {
    return {
      level: 'unknown',
      headline: `Whether ${what.toLowerCase()} is closed is not known: nothing is there to judge`,
      detail,
    };
  }
  const lesser = failing.length > 0 ? `; ${toCounts(failing)} to mend` : '';
  const closed = facts.mode === 'prod' ? 'Production is closed' : 'Development is as closed as development has to be';
  if (open.length > 0) {
    return {
      level: 'unknown',
      headline: `${closed} as far as is known: ${toCounts(open)} could not be checked${lesser}`,
      detail,
    };
  }
  return { level: failing.length > 0 ? 'degraded' : 'ok', headline: `${closed}${lesser}`, detail };
}

function toCause({ evidence }: PostureRule): string {
  const [first] = evidence;
  if (!first) return '';
  const [subject = '', ...others] = first.subjects;
  const who = others.length > 0 ? `${subject} and ${others.length} more` : subject;
  return who === '' ? first.seen : `${who}: ${first.seen}`;
}

function toBasis({ basis, from, engine, mode }: PostureFacts): string {
  if (basis === 'files') return `By its files (${from}); what only a running stack shows is not known.`;
  const asked = mode === 'dev' ? ' Most rules are asked of production alone.' : '';
  return engine?.isSandbox
    ? `Running in the sandbox, which enforces no isolation.${asked}`
    : `As it runs on ${from}.${asked}`;
}

function toRest(rules: readonly PostureRule[]): string {
  const count = (status: PostureStatus) => rules.filter((rule) => rule.status === status).length;
  const parts = [
    `${count('pass')} of ${rules.length} rules hold`,
    ...(count('fail') > 0 ? [`${count('fail')} fail`] : []),
    ...(count('waived') > 0 ? [`${count('waived')} waived`] : []),
    ...(count('unknown') > 0 ? [`${count('unknown')} not known`] : []),
  ];
  return `${parts.join(', ')}.`;
}
