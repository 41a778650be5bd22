import { expect, test } from 'vitest';
import { sayVerdict } from '../../contract/index.ts';
import { verdictCases as cases, facts, needs, unhealthy } from '../test/verdictCases.ts';
import { verdict } from './verdict.ts';

test.each(cases)('$name', ({ given, level, impact, said, cause, views }) => {
  const judged = verdict(facts(given));
  expect(judged).toMatchObject({ level, impact });
  if (said) expect(sayVerdict(judged)).toMatch(said);
  if (cause !== undefined) expect(judged.firstCause?.name ?? null).toBe(cause);
  if (views) expect(judged.next.map(({ view }) => view)).toEqual(views);
});

test('there are at least forty cases', () => expect(cases.length).toBeGreaterThanOrEqual(40));

test('every figure that is counted over time says over how much', () => {
  const evidence = cases.flatMap(({ given }) => verdict(facts(given)).evidence);
  const counted = evidence.filter(({ value }) => /%|\/s|\bms\b|request/.test(value));
  expect(counted.length).toBeGreaterThan(40);
  for (const one of counted) expect([one.figure, one.windowMs]).toEqual([one.figure, expect.any(Number)]);
});

test('a cycle of dependencies ends', () => {
  const services = [unhealthy('a', needs('b')), unhealthy('b', needs('a'))];
  expect(verdict(facts({ services })).firstCause?.name).toBe('b');
});
