import { expect, test } from 'vitest';
import { findGaps } from './assemble.ts';
import { chartDefinitions } from './definitions.ts';
import { type Plan, toPromql } from './plan.ts';

const frame = { matchers: 'job="gateway"', windowMs: 20_000, acrossJobs: false };

test.each<[string, Plan, string]>([
  ['a rate', { kind: 'rate', metric: 'a_total', by: ['route'] }, 'sum by (route) (rate(a_total{job="gateway"}[20s]))'],
  ['a level over everything', { kind: 'gauge', take: 'max', metric: 'b', by: [] }, 'max (b{job="gateway"})'],
  [
    'a quantile',
    { kind: 'quantile', q: 0.95, metric: 'c', by: ['route'] },
    'histogram_quantile(0.95, sum by (le, route) (rate(c_bucket{job="gateway"}[20s])))',
  ],
  [
    'what is selected by several values, and not by one',
    { kind: 'rate', metric: 'a', match: { x: ['p.q', 'r'] }, except: { y: ['z"'] }, by: [] },
    'sum (rate(a{x=~"p\\\\.q|r",y!="z\\"",job="gateway"}[20s]))',
  ],
])('%s is asked as PromQL', (_, plan, query) => {
  expect(toPromql(plan, frame)).toBe(query);
});

test('of an exporter that several jobs scrape, each instance is taken once', () => {
  const plan: Plan = { kind: 'gauge', take: 'sum', metric: 'pg', by: ['instance'] };
  expect(toPromql(plan, { matchers: '', windowMs: 1500, acrossJobs: true })).toBe(
    'sum by (instance) (max without (job) (pg))',
  );
});

test('each chart is told apart by its id, and says what would make it be', () => {
  const ids = chartDefinitions.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { title, remedy, alternatives } of chartDefinitions) {
    expect(title).not.toBe('');
    expect(remedy).toMatch(/\.$/);
    expect(alternatives.flat().length).toBeGreaterThan(0);
  }
});

const range = { from: 0, to: 5000, stepMs: 1000 };

test.each([
  ['everything is known', [true, true, true, true, true, true], []],
  ['nothing is', [false, false, false, false, false, false], [{ from: 0, until: 5000 }]],
  ['a hole in the middle', [true, true, false, false, true, true], [{ from: 1000, until: 4000 }]],
  [
    'it begins late and ends early',
    [false, true, true, true, true, false],
    [
      { from: 0, until: 1000 },
      { from: 4000, until: 5000 },
    ],
  ],
])('gaps: %s', (_, known, gaps) => {
  expect(findGaps(known, range)).toEqual(gaps);
});
