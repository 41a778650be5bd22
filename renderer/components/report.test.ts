import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toReportMarkdown } from './report.ts';

const place = { environment: 'docker~shop', at: Date.UTC(2026, 0, 1) };

test('verdict, place and moment, evidence, command', () => {
  const evidence = ['Configuration a1b2', { headers: ['route', 'req/s'], figures: [1], rows: [['search', '2.0']] }];
  expect(toReportMarkdown({ verdict: '1 of 9 fails', evidence, command: 'gatehouse routes' }, place)).toBe(
    `**1 of 9 fails**

docker~shop, 2026-01-01 00:00:00 UTC, seen by Gatehouse

Configuration a1b2

| route | req/s |
|---|---:|
| search | 2.0 |

\`gatehouse routes\`
`,
  );
});

test('a long table is cut, and says how much is left', () => {
  const rows = Array.from({ length: 50 }, (_, row) => [String(row)]);
  const text = toReportMarkdown({ verdict: 'v', evidence: [{ headers: ['n'], rows }], command: 'c' }, place);
  expect(text).toContain('| 39 |');
  expect(text).not.toContain('| 40 |');
  expect(text).toContain('and 10 more rows');
});

test('names and messages of others add neither cells, nor lines, nor markup', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a|`*<[]\\\n\r#') }), (name) => {
      const report = { verdict: name, evidence: [{ headers: ['a', 'b'], rows: [[name, 'end']] }], command: 'c' };
      const lines = toReportMarkdown(report, place).split('\n');
      const row = lines.find((line) => line.endsWith('| end |')) ?? '';
      expect(row.replace(/\\./g, '').split('|')).toHaveLength(4);
      expect(lines).toHaveLength(10);
      expect(row.replace(/\\./g, '')).not.toMatch(/[<`*[\]]/);
    }),
  );
});
