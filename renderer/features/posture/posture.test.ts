import { expect, test } from 'vitest';
import type { Posture, PostureRule } from '../../../app/contract/index.ts';
import { toExposure } from './exposure.ts';
import { countStatuses, toGroups, toLevel, toRuleTest } from './postureFilter.ts';
import { toMarkdown } from './postureMarkdown.ts';

const rule = (given: Partial<PostureRule> = {}): PostureRule => ({
  id: 'exposure.edge-only',
  severity: 'critical',
  status: 'fail',
  title: 'Only the edge publishes ports',
  evidence: [
    {
      subjects: ['postgres'],
      status: 'fail',
      seen: 'publishes 0.0.0.0:5432 for 5432/tcp',
      where: 'inspection of the container',
      waiver: null,
    },
  ],
  remedy: 'Write `ports: []`.',
  source: 'PLATFORM.md, Security Model 2',
  ...given,
});

const none = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
const posture = (given: Partial<Posture> = {}): Posture => ({
  schema: 'gatehouse.posture/1',
  project: 'shop',
  mode: 'prod',
  basis: 'engine',
  from: 'this machine',
  at: Date.UTC(2026, 10, 28, 12),
  verdict: { level: 'down', headline: 'Production is not closed: 1 critical', detail: 'It is open.' },
  failing: { ...none, critical: 1 },
  unknown: none,
  rules: [rule()],
  reach: { possible: 4, declared: 2, observed: null, isEnforced: true, findings: [] },
  waivers: { file: null, problem: null, notes: [] },
  ...given,
});

test('all words have to be found: in id, title, severity, status, subject or what was seen', () => {
  for (const filter of ['', 'edge-only', 'CRITICAL fails', 'postgres 5432', 'platform.md'])
    expect(toRuleTest(filter)(rule())).toBe(true);
  for (const filter of ['redis', 'postgres holds']) expect(toRuleTest(filter)(rule())).toBe(false);
});

test('groups stand in the order in which they need a look, without empty ones', () => {
  const rules = [rule({ status: 'pass' }), rule(), rule({ status: 'waived' }), rule({ status: 'pass' })];
  expect(toGroups(rules).map(({ status, rules: group }) => [status, group.length])).toEqual([
    ['fail', 1],
    ['waived', 1],
    ['pass', 2],
  ]);
  expect(countStatuses(rules)).toMatchObject({ fail: 1, pass: 2, unknown: 0 });
});

test('only what is grave is marked as down, and what is not known never as ok', () => {
  expect(toLevel(rule())).toBe('down');
  expect(toLevel(rule({ severity: 'low' }))).toBe('degraded');
  expect(toLevel(rule({ status: 'unknown' }))).toBe('unknown');
  expect(toLevel(rule({ status: 'pass' }))).toBe('ok');
});

test('Markdown says the answer, the evidence, the remedy and the moment, and takes no markup of others', () => {
  const evil = rule({
    evidence: [{ subjects: ['a](http://x)'], status: 'fail', seen: '<img>\n# x', where: 'here', waiver: null }],
  });
  const text = toMarkdown(posture({ rules: [evil] }));
  expect(text).toContain('# Production is not closed: 1 critical');
  expect(text).toContain('2026-11-28');
  expect(text).toContain('- do: Write \\`ports: \\[\\]\\`.');
  expect(text).toContain('**a\\](http://x)**: \\<img\\> \\# x (here)');
});

test('Markdown says until when and why something is waived', () => {
  const waiver = { reason: 'mirrored by us', expires: '2027-03-31' };
  const waived = rule({
    status: 'waived',
    evidence: [{ subjects: ['x'], status: 'waived', seen: 's', where: 'w', waiver }],
  });
  expect(toMarkdown(posture({ rules: [waived] }))).toContain('waived until 2027-03-31: mirrored by us');
});

test.each([
  [posture(), 'down', 'not closed: 1 critical'],
  [posture({ failing: { ...none, medium: 2, low: 1 } }), 'degraded', '3 lesser rules to mend'],
  [posture({ failing: none, unknown: { ...none, high: 4 } }), 'unknown', '4 grave rules not known'],
  [posture({ failing: none }), 'ok', 'closed, as production has to be'],
  [posture({ failing: none, mode: 'dev' }), 'ok', 'as closed as development has to be'],
] as const)('the line on the overview %#', (given, level, text) => {
  expect(toExposure(given)).toEqual({ level, text });
});
