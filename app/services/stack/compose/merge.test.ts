import fc from 'fast-check';
import { expect, test } from 'vitest';
import { merge, withoutDoubles, withoutMarks } from './merge.ts';
import { type MapNode, type Node, toList, toMap, toScalar } from './node.ts';
import { compose } from './schema/compose.ts';
import { toLong } from './toLong.ts';
import { toValue } from './toValue.ts';

const place = { file: 'generated', line: 1, column: 1 };

function toNode(value: unknown): Node {
  if (Array.isArray(value)) return toList(value.map(toNode), place);
  if (typeof value !== 'object' || value === null) return toScalar(value as string | number | boolean | null, place);
  return toMap(
    Object.entries(value).map(([key, item]) => [key, toNode(item)] as const),
    place,
  );
}

const word = fc.constantFrom('a', 'b', 'c');
const pairs = fc.oneof(fc.dictionary(word, word), fc.array(fc.tuple(word, word).map((pair) => pair.join('='))));
const service = fc.record(
  {
    image: word,
    command: fc.oneof(word, fc.array(word)),
    environment: pairs,
    labels: pairs,
    ports: fc.array(fc.constantFrom('80:80', '81:80', '80', '127.0.0.1:80:80', '90-91:90-91')),
    volumes: fc.array(fc.constantFrom('./a:/a', 'v:/a', '/b', './b:/b/:ro')),
    dns: fc.oneof(word, fc.array(word)),
    cap_add: fc.array(word),
    networks: fc.oneof(fc.array(word), fc.dictionary(word, fc.record({ priority: fc.nat(9) }, { requiredKeys: [] }))),
    depends_on: fc.array(word),
    ulimits: fc.dictionary(word, fc.oneof(fc.nat(9), fc.record({ soft: fc.nat(9), hard: fc.nat(9) }))),
    healthcheck: fc.record({ test: word, retries: fc.nat(9) }, { requiredKeys: [] }),
    deploy: fc.record({ replicas: fc.nat(9), labels: pairs }, { requiredKeys: [] }),
    secrets: fc.array(word),
    'x-own': word,
  },
  { requiredKeys: [] },
);
const file = fc
  .record({ services: fc.dictionary(word, service, { minKeys: 1 }) })
  .map((value) => toLong(compose, toNode(value)) as MapNode);

/** Whole files are large: fewer of them are as good. */
const bounded = { numRuns: 50 };
const over = (base: Node, top: Node) => withoutDoubles(compose, withoutMarks(merge(compose, base, top)));
const shown = (node: Node) => toValue(compose, node);

test('of three files it does not matter which two are merged first', () => {
  fc.assert(
    fc.property(file, file, file, (a, b, c) => {
      expect(shown(over(over(a, b), c))).toEqual(shown(over(a, over(b, c))));
    }),
    bounded,
  );
});

test('a file over itself changes nothing', () => {
  fc.assert(
    fc.property(file, (a) => {
      expect(shown(over(a, a))).toEqual(shown(withoutDoubles(compose, a)));
    }),
    bounded,
  );
});

test('a file over an empty one, and an empty one over it, is the file', () => {
  const empty = toMap([], place);
  fc.assert(
    fc.property(file, (a) => {
      expect(shown(over(empty, a))).toEqual(shown(withoutDoubles(compose, a)));
      expect(shown(over(a, empty))).toEqual(shown(withoutDoubles(compose, a)));
    }),
    bounded,
  );
});

test('what is marked !override stands alone, what is marked !reset goes', () => {
  fc.assert(
    fc.property(file, fc.constantFrom('override' as const, 'reset' as const), file, (a, mark, b) => {
      const marked = { ...b, entries: new Map([...b.entries].map(([key, node]) => [key, { ...node, mark }] as const)) };
      const expected = mark === 'override' ? withoutDoubles(compose, b) : toMap([], place);
      expect(shown(over(a, marked))).toEqual(shown(expected));
    }),
    bounded,
  );
});
