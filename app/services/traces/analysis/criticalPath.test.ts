import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawSpan } from '../rawSpan.ts';
import { child, span, ZERO } from '../test/spans.ts';
import { findCriticalPath } from './criticalPath.ts';
import { toSpanTree } from './spanTree.ts';

function pathOf(spans: readonly RawSpan[]): [id: string, from: number, to: number][] {
  const tree = toSpanTree(spans);
  return findCriticalPath(tree, 0).map(({ span: place, fromUs, toUs }) => [
    tree.spans[place]?.raw.id ?? '',
    fromUs - ZERO,
    toUs - ZERO,
  ]);
}

test('a span without children is its own path', () => {
  expect(pathOf([span('root', 0, 100)])).toEqual([['root', 0, 100]]);
});

test('of calls after each other all are on it, and the work between them is the parent’s', () => {
  const spans = [span('root', 0, 100), span('a', 10, 40, child('root')), span('b', 50, 90, child('root'))];
  expect(pathOf(spans)).toEqual([
    ['root', 0, 10],
    ['a', 10, 40],
    ['root', 40, 50],
    ['b', 50, 90],
    ['root', 90, 100],
  ]);
});

test('of calls beside each other the one that ended last was waited for', () => {
  const spans = [span('root', 0, 100), span('short', 10, 40, child('root')), span('long', 12, 90, child('root'))];
  expect(pathOf(spans)).toEqual([
    ['root', 0, 12],
    ['long', 12, 90],
    ['root', 90, 100],
  ]);
});

test('of work that nobody waited for only what lies within the parent counts', () => {
  const spans = [span('root', 0, 100), span('task', 80, 500, child('root'))];
  expect(pathOf(spans)).toEqual([
    ['root', 0, 80],
    ['task', 80, 100],
  ]);
});

test('it goes down to the span that was waited for', () => {
  const spans = [
    span('root', 0, 100),
    span('call', 10, 90, child('root')),
    span('server', 20, 80, child('call', { service: 'search' })),
  ];
  expect(pathOf(spans).map(([id]) => id)).toEqual(['root', 'call', 'server', 'call', 'root']);
});

test('whatever the spans, it covers the root from its beginning to its end, each moment once', () => {
  const spans = fc.array(fc.tuple(fc.nat(10), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 600 })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(spans, (given) => {
      const made = given.map(([parent, from, length], place) =>
        span(`s${place}`, from, from + length, child(parent < place ? `s${parent}` : 'root')),
      );
      const path = pathOf([span('root', 0, 1000), ...made]);
      expect(path[0]?.[1]).toBe(0);
      expect(path.at(-1)?.[2]).toBe(1000);
      for (let at = 1; at < path.length; at += 1) expect(path[at]?.[1]).toBe(path[at - 1]?.[2]);
    }),
    { numRuns: 300 },
  );
});
