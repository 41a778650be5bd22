// Facts and waivers → every rule with its status and evidence, the critical ones first. Pure.
import {
  type Posture,
  type PostureEvidence,
  type PostureRule,
  type PostureStatus,
  postureStatusSchema,
  severities,
} from '../../contract/index.ts';
import type { PostureFacts } from './facts/facts.ts';
import { findReach } from './reach/findReach.ts';
import type { Finding, Rule } from './rules/rule.ts';
import { rules as allRules } from './rules/rules.ts';
import { toVerdict } from './verdict.ts';
import { isExpired, isMeant, type Waiver } from './waivers/waivers.ts';

export interface WaiverFile {
  /** null: there is none. */
  readonly file: string | null;
  readonly waivers: readonly Waiver[];
  readonly problem: string | null;
}

export const noWaivers: WaiverFile = { file: null, waivers: [], problem: null };

/** Worst first. */
const STATUSES = postureStatusSchema.options;
const worst = (statuses: readonly PostureStatus[]) =>
  STATUSES.find((status) => statuses.includes(status)) ?? 'notApplicable';

export function evaluate(
  facts: PostureFacts,
  file: WaiverFile = noWaivers,
  rules: readonly Rule[] = allRules,
): Posture {
  const used = new Set<Waiver>();
  const judged = rules.map((rule) => toRule(rule, facts, { waivers: file.waivers, used })).sort(compare);
  const reach = findReach(facts);
  return {
    schema: 'gatehouse.posture/1',
    project: facts.project,
    mode: facts.mode,
    basis: facts.basis,
    from: facts.from,
    at: facts.now,
    verdict: toVerdict(judged, facts),
    failing: count(judged, 'fail'),
    unknown: count(judged, 'unknown'),
    rules: judged,
    reach,
    waivers: { file: file.file, problem: file.problem, notes: toNotes(file.waivers, used, facts.now) },
  };
}

interface Waiving {
  readonly waivers: readonly Waiver[];
  readonly used: Set<Waiver>;
}

function toRule(rule: Rule, facts: PostureFacts, waiving: Waiving): PostureRule {
  const { id, severity, title, remedy, source } = rule;
  const evidence = toEvidence(rule, facts, waiving);
  return { id, severity, status: worst(evidence.map(({ status }) => status)), title, evidence, remedy, source };
}

function toEvidence(rule: Rule, facts: PostureFacts, { waivers, used }: Waiving): PostureEvidence[] {
  if (!rule.modes.includes(facts.mode)) {
    const seen = facts.mode === 'dev' ? 'asked of production alone' : 'asked of development alone';
    return [{ subjects: [], status: 'notApplicable', seen, where: facts.from, waiver: null }];
  }
  const findings = rule.judge(facts).map((finding) => asFarAsEnforced(rule, finding, facts));
  if (findings.length === 0) {
    return [
      {
        subjects: [],
        status: 'notApplicable',
        seen: 'nothing here that it could be asked of',
        where: facts.from,
        waiver: null,
      },
    ];
  }
  const groups = new Map<string, PostureEvidence>();
  for (const { subject, status, seen, where } of findings) {
    const waiver =
      status === 'fail'
        ? waivers.find((one) => isMeant(one, rule.id, subject) && !isExpired(one, facts.now))
        : undefined;
    if (waiver) used.add(waiver);
    const key = JSON.stringify([waiver?.reason, waiver?.expires, status, seen, where]);
    const group = groups.get(key) ?? {
      subjects: [],
      status: waiver ? 'waived' : status,
      seen,
      where,
      waiver: waiver ? { reason: waiver.reason, expires: waiver.expires } : null,
    };
    if (!group.subjects.includes(subject)) group.subjects.push(subject);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status));
}

/** What the sandbox's engine is told it does not do: its containers are plain processes on one loopback interface. */
function asFarAsEnforced(rule: Rule, finding: Finding, { engine }: PostureFacts): Finding {
  if (!rule.isEnforcedByEngine || !engine?.isSandbox || finding.status !== 'pass') return finding;
  return { ...finding, status: 'unknown', seen: `${finding.seen}, as it is told; the sandbox does not enforce it` };
}

/** What fails first, by severity; then the others, by severity and status. */
function compare(a: PostureRule, b: PostureRule): number {
  const isOpen = ({ status }: PostureRule) => (status === 'fail' ? 0 : 1);
  return (
    isOpen(a) - isOpen(b) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status)
  );
}

function count(rules: readonly PostureRule[], status: PostureStatus): Posture['failing'] {
  const of = (severity: PostureRule['severity']) =>
    rules.filter((rule) => rule.status === status && rule.severity === severity).length;
  return { critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low'), info: of('info') };
}

function toNotes(waivers: readonly Waiver[], used: ReadonlySet<Waiver>, now: number): string[] {
  return waivers.flatMap((waiver) => {
    const { rule, subject, expires, place } = waiver;
    const what = `${place}: the waiver of ${rule} for ${subject}`;
    if (isExpired(waiver, now)) return [`${what} expired on ${expires} and counts no more`];
    return used.has(waiver) ? [] : [`${what} is not needed: nothing fails there`];
  });
}
