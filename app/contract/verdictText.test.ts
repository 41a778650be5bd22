import { expect, test } from 'vitest';
import { formatWindow } from './formatWindow.ts';
import { sayEvidence, sayVerdict } from './verdictText.ts';

const source = 'gateway' as const;

test.each([
  [60_000, '60 s'],
  [900_000, '15 min'],
  [10_800_000, '3 h'],
])('a window of %d ms is %s', (ms, text) => expect(formatWindow(ms)).toBe(text));

test('figures of one window are one sentence, which says the window', () => {
  const evidence = [
    { figure: 'Error share of callers', value: '9.3 %', windowMs: 60_000, source },
    { figure: 'Upstream error share', value: '5.0 %', windowMs: 60_000, source },
    { figure: 'Also down', value: 'grafana', windowMs: null, source: 'engine' as const },
  ];
  expect(sayEvidence(evidence)).toEqual([
    'Error share of callers 9.3 %, upstream error share 5.0 % (last 60 s).',
    'Also down grafana.',
  ]);
});

test('the first cause comes before what it was judged by', () => {
  const firstCause = { kind: 'service' as const, name: 'qdrant', text: 'First cause: qdrant is stopped.' };
  const evidence = [{ figure: 'Refused by search', value: '38 requests', windowMs: 41_000, source }];
  expect(sayVerdict({ firstCause, evidence })).toBe(
    'First cause: qdrant is stopped. Refused by search 38 requests (last 41 s).',
  );
  expect(sayVerdict({ firstCause: null, evidence: [] })).toBe('');
});
