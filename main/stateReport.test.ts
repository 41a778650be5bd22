import { expect, test } from 'vitest';
import { parseStateReport, type StateReport, toPlain } from './stateReport.ts';

const REPORT: StateReport = {
  environment: 'docker~shop',
  name: 'Shop',
  mode: 'prod',
  level: 'down',
  headline: 'search is down',
  cause: 'out of memory',
  alerts: [{ kind: 'serviceDown', subject: 'search' }],
};

test('a report is taken as it is', () => {
  expect(parseStateReport([REPORT])).toEqual(REPORT);
});

test.each<[name: string, input: unknown[]]>([
  ['nothing', []],
  ['two', [REPORT, REPORT]],
  ['null', [null]],
  ['a text', ['docker~shop']],
  ['no environment', [{ ...REPORT, environment: undefined }]],
  ['a path as environment', [{ ...REPORT, environment: '../../etc' }]],
  ['an environment without end', [{ ...REPORT, environment: `a~${'b'.repeat(300)}` }]],
  ['a level that is none', [{ ...REPORT, level: 'fine' }]],
  ['a level that only looks like one', [{ ...REPORT, level: ['down'] }]],
  ['a mode that is none', [{ ...REPORT, mode: 'staging' }]],
  ['a name that is no text', [{ ...REPORT, name: { toString: 'x' } }]],
  ['alerts that are no list', [{ ...REPORT, alerts: { length: 1 } }]],
  ['an alert of another kind', [{ ...REPORT, alerts: [{ kind: 'constructor', subject: 'x' }] }]],
  ['an alert that is nothing', [{ ...REPORT, alerts: [null] }]],
  ['alerts without end', [{ ...REPORT, alerts: Array.from({ length: 501 }, () => REPORT.alerts[0]) }]],
])('refused: %s', (_name, input) => {
  expect(() => parseStateReport(input)).toThrow('reportState takes');
});

test.each([
  ['<b>down</b>', 'b down /b'],
  ['a\u0000b\u001b[31mc', 'a b [31mc'],
  ['two\nlines', 'two lines'],
  ['right\u202eleft', 'right left'],
  ['R&D', 'R D'],
  ['x'.repeat(500), 'x'.repeat(200)],
])('%j becomes %j', (text, plain) => {
  expect(toPlain(text)).toBe(plain);
});
