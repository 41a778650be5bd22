import { expect, test } from 'vitest';
import { toPlacedProblems } from './problemPlaces.ts';

const text = 'version: 2\nroutes:\n  - id: a\n';

test.each<[line: number | null, column: number | null, marked: string]>([
  [1, 10, '2'],
  [3, 5, 'id: a'],
  [null, null, 'version: 2'],
  [2, 99, 'routes:'],
  [99, 1, ''],
])('line %s, column %s marks %j', (line, column, marked) => {
  const [placed] = toPlacedProblems(text, [{ line, column, where: '', message: 'wrong' }]);
  expect(text.slice(placed?.from, placed?.to)).toBe(marked);
});

test('says which part it is about', () => {
  const [placed] = toPlacedProblems(text, [{ line: 1, column: 1, where: 'version', message: 'has to be 1' }]);
  expect(placed?.message).toBe('version: has to be 1');
});
