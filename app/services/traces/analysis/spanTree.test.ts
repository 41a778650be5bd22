import fc from 'fast-check';
import { expect, test } from 'vitest';
import { child, span, ZERO } from '../test/spans.ts';
import { toSpanTree } from './spanTree.ts';

const ids = (tree: ReturnType<typeof toSpanTree>) => tree.spans.map(({ raw }) => raw.id);

test('parents come before their children, those by their beginning, whatever the order they came in', () => {
  const spans = [span('late', 50, 60, child('root')), span('root', 0, 100), span('early', 10, 40, child('root'))];
  const tree = toSpanTree(spans);
  expect(ids(tree)).toEqual(['root', 'early', 'late']);
  expect(tree.spans.map(({ depth }) => depth)).toEqual([0, 1, 1]);
});

test('a span whose parent has not come is a root, and is said to be an orphan', () => {
  const tree = toSpanTree([span('root', 0, 100), span('lost', 20, 30, child('nobody'))]);
  expect(tree.roots.map((place) => tree.spans[place]?.isOrphan)).toEqual([false, true]);
});

test('parents that lead back to their child are cut where it began first, and no span is lost', () => {
  const spans = [
    span('b', 10, 20, child('c')),
    span('c', 20, 30, child('a')),
    span('a', 0, 40, child('b')),
    span('below', 25, 28, child('c')),
    span('self', 50, 60, child('self')),
  ];
  const tree = toSpanTree(spans);
  expect(tree.cycles).toBe(1);
  expect(ids(tree).toSorted()).toEqual(['a', 'b', 'below', 'c', 'self']);
  expect(tree.roots.map((place) => tree.spans[place]?.raw.id)).toEqual(['a', 'self']);
});

test('what came twice counts once', () => {
  const tree = toSpanTree([span('root', 0, 100), span('root', 0, 100)]);
  expect([tree.spans.length, tree.doubled]).toEqual([1, 1]);
});

test('of too many spans the first ones are kept, and the others counted', () => {
  const spans = Array.from({ length: 12 }, (_, place) => span(`s${place}`, 120 - place * 10, 130));
  const tree = toSpanTree(spans, 10);
  expect(tree.omitted).toBe(2);
  expect(ids(tree)).not.toContain('s0');
});

test('a chain of ten thousand spans is no deeper than the stack', () => {
  const spans = Array.from({ length: 10_000 }, (_, place) =>
    span(`s${place}`, place, 20_000 - place, place === 0 ? {} : child(`s${place - 1}`)),
  );
  expect(toSpanTree(spans).spans.at(-1)?.depth).toBe(9999);
});

test('a child of another machine that begins before its parent is moved into it, with all of its process', () => {
  const other = { service: 'search' };
  const tree = toSpanTree([
    span('root', 0, 100_000),
    span('call', 10_000, 90_000, child('root')),
    span('server', -500_000, -440_000, child('call', other)),
    span('query', -490_000, -450_000, child('server', other)),
  ]);
  const [, , server, query] = tree.spans;
  expect(server?.startUs).toBe(ZERO + 20_000);
  expect(query?.startUs).toBe(ZERO + 30_000);
  expect(tree.skews.get('search')).toBe(520_000);
});

test('clocks that differ by less than a millisecond are left alone', () => {
  const tree = toSpanTree([span('root', 0, 100), span('server', -900, 50, child('root', { service: 'search' }))]);
  expect(tree.spans[1]?.skewUs).toBe(0);
});

test('work that goes on after its parent is no matter of clocks', () => {
  const tree = toSpanTree([span('root', 0, 100), span('task', 90, 9_000_000, child('root', { service: 'worker' }))]);
  expect(tree.spans[1]).toMatchObject({ skewUs: 0, endUs: ZERO + 9_000_000 });
});

test('whatever parents are named: each span is there once, below the one it names or as a root', () => {
  const spans = fc.array(fc.tuple(fc.nat(20), fc.nat(20), fc.integer({ min: 0, max: 5000 })), { maxLength: 40 });
  fc.assert(
    fc.property(spans, (given) => {
      const made = given.map(([id, parent, from]) =>
        span(`s${id}`, from, from + 100, parent > 15 ? {} : child(`s${parent}`)),
      );
      const tree = toSpanTree(made);
      expect(new Set(ids(tree)).size).toBe(tree.spans.length);
      expect(tree.spans.length).toBe(new Set(made.map(({ id }) => id)).size);
      tree.spans.forEach(({ parent, raw, depth }, place) => {
        expect(depth).toBe((tree.spans[parent]?.depth ?? -1) + 1);
        expect(parent).toBeLessThan(place);
        if (parent >= 0) expect(tree.spans[parent]?.raw.id).toBe(raw.parentId);
      });
    }),
    { numRuns: 200 },
  );
});
