import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPatternMatch, type PathPattern, relatePatterns, toSegments } from './pathPattern.ts';
import { PatternTree } from './patternTree.ts';

const segment = fc.constantFrom('a', 'b', '', 'aa');
const text = fc.array(segment, { maxLength: 3 }).map((list) => `/${list.join('/')}`);
const pattern: fc.Arbitrary<PathPattern> = fc.oneof(
  fc
    .array(
      segment.filter((one) => one !== ''),
      { maxLength: 3 },
    )
    .map((list): PathPattern => ({ kind: 'prefix', path: `/${list.join('/')}` })),
  text.map((path): PathPattern => ({ kind: 'exact', path })),
  fc.array(fc.oneof(segment, fc.constant('{x}')), { minLength: 1, maxLength: 3 }).map(
    (list): PathPattern => ({
      kind: 'template',
      path: `/${list.map((one, index) => one.replace('x', `x${index}`)).join('/')}`,
    }),
  ),
);
const patterns = fc.array(pattern, { maxLength: 12 });

function plant(list: readonly PathPattern[]): PatternTree<number> {
  const tree = new PatternTree<number>();
  list.forEach((one, index) => {
    tree.add(one, index);
  });
  return tree;
}

const ascending = (list: readonly number[]) => list.toSorted((a, b) => a - b);
const placesOf = (list: readonly PathPattern[], fits: (one: PathPattern) => boolean) =>
  list.flatMap((one, index) => (fits(one) ? [index] : []));

test('a path finds the patterns that it fits, each once', () => {
  fc.assert(
    fc.property(patterns, text, (list, path) => {
      const found: number[] = [];
      plant(list).match(path, (values) => void found.push(...values));
      expect(ascending(found)).toEqual(placesOf(list, (one) => isPatternMatch(one, path)));
    }),
    { numRuns: 1_000 },
  );
});

test('a pattern finds those that it has a path in common with, each once', () => {
  const know = (one: PathPattern) => ({ pattern: one, segments: toSegments(one) });
  fc.assert(
    fc.property(patterns, pattern, (list, asked) => {
      const related = placesOf(list, (one) => relatePatterns(know(one), know(asked)).kind !== 'apart');
      expect(ascending(plant(list).findOverlapping(asked))).toEqual(related);
    }),
    { numRuns: 1_000 },
  );
});
