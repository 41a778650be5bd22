// Which rules are shown: words that all have to be found, and statuses. Pure.
import type { Level, PostureRule, PostureStatus, Severity } from '../../../app/contract/index.ts';

export const statusWords: Record<PostureStatus, string> = {
  fail: 'fails',
  unknown: 'not known',
  waived: 'waived',
  pass: 'holds',
  notApplicable: 'not asked',
};

export const allStatuses = Object.keys(statusWords) as PostureStatus[];

export function parseStatus(text: string | undefined): PostureStatus | null {
  return allStatuses.find((status) => status === text) ?? null;
}

/** The mark of a rule: colour and shape as everywhere, so that a failure that is not grave is no red square. */
export function toLevel({ status, severity }: Pick<PostureRule, 'status' | 'severity'>): Level {
  if (status === 'pass') return 'ok';
  if (status === 'fail') return severity === 'critical' || severity === 'high' ? 'down' : 'degraded';
  return 'unknown';
}

export const severityWords: Record<Severity, string> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  info: 'info',
};

export function toRuleTest(filter: string): (rule: PostureRule) => boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return (rule) => {
    if (words.length === 0) return true;
    const seen = rule.evidence.flatMap(({ subjects, seen: text }) => [...subjects, text]);
    const text = [rule.id, rule.title, rule.severity, statusWords[rule.status], rule.source, ...seen]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

export interface RuleGroup {
  readonly status: PostureStatus;
  readonly title: string;
  readonly rules: readonly PostureRule[];
}

const titles: Record<PostureStatus, string> = {
  fail: 'What fails',
  unknown: 'What is not known',
  waived: 'What is waived',
  pass: 'What holds',
  notApplicable: 'What is not asked here',
};

/** In the order of what has to be looked at; groups without a rule are left out. */
export function toGroups(rules: readonly PostureRule[]): RuleGroup[] {
  return allStatuses
    .map((status) => ({ status, title: titles[status], rules: rules.filter((rule) => rule.status === status) }))
    .filter((group) => group.rules.length > 0);
}

export function countStatuses(rules: readonly PostureRule[]): Record<PostureStatus, number> {
  const counts = { fail: 0, unknown: 0, waived: 0, pass: 0, notApplicable: 0 };
  for (const { status } of rules) counts[status] += 1;
  return counts;
}
