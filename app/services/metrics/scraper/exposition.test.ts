import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ExposedSample, parseExposition } from './exposition.ts';

const all = () => true;
const read = (text: string) => parseExposition(text, all);

test.each([
  ['without labels', 'up 1', { name: 'up', labels: {}, value: 1 }],
  ['with a time stamp', 'up 1 1700000000000', { name: 'up', labels: {}, value: 1 }],
  [
    'with room everywhere',
    'up  { a = "b" , c="d" , } \t 2.5e3',
    { name: 'up', labels: { a: 'b', c: 'd' }, value: 2500 },
  ],
  ['without values in braces', 'up{} -0.5', { name: 'up', labels: {}, value: -0.5 }],
  ['infinite', 'up{le="+Inf"} +Inf', { name: 'up', labels: { le: '+Inf' }, value: Number.POSITIVE_INFINITY }],
  ['no number', 'up NaN', { name: 'up', labels: {}, value: Number.NaN }],
  ['escaped', 'up{a="\\"b\\\\c\\nd\\"}"} 1', { name: 'up', labels: { a: '"b\\c\nd"}' }, value: 1 }],
])('a sample %s', (_, line, expected) => {
  const { samples, skipped } = read(line);
  expect(samples.map(({ labels, ...rest }) => ({ ...rest, labels: { ...labels } }))).toEqual([expected]);
  expect(skipped).toBe(0);
});

test.each([
  'up',
  'up one',
  'up 0x10',
  'up{a=b} 1',
  'up{a="b" 1',
  'up{a="b"} ',
  '{"up"} 1',
  '1up 1',
  `up{a="${'x'.repeat(9000)}"} 1`,
  `up{${Array.from({ length: 70 }, (_, index) => `l${index}="v"`).join(',')}} 1`,
])('%.40s is no sample, and is counted', (line) => {
  expect(read(line)).toEqual({ samples: [], skipped: 1 });
});

test('comments and empty lines are nothing', () => {
  expect(read('# HELP up is it?\n# TYPE up gauge\n\n   \n')).toEqual({ samples: [], skipped: 0 });
});

test('a label may be called as a part of every object', () => {
  const [sample] = read('up{__proto__="a",constructor="b"} 1').samples;
  expect(Object.entries(sample?.labels ?? {})).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});

test('what is not wanted is not read, however it is written', () => {
  expect(parseExposition('other{{{{\nup 1', (name) => name === 'up')).toMatchObject({
    samples: [{ name: 'up' }],
    skipped: 0,
  });
});

test('more samples than the bound are counted and not kept', () => {
  const { samples, skipped } = read('up 1\n'.repeat(20_005));
  expect([samples.length, skipped]).toEqual([20_000, 5]);
});

const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,12}$/);
/** A zero has no sign in JavaScript's texts. */
const value = fc.oneof(
  fc.double({ noNaN: true }).map((number) => number + 0),
  fc.constant(Number.NaN),
);

test('what is written by the format is read as it was meant, whatever the labels hold', () => {
  const sample = fc.record({
    name,
    labels: fc.dictionary(name, fc.string({ unit: 'grapheme' }), { maxKeys: 5 }),
    value,
  });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 8 }), (samples) => {
      const { samples: found, skipped } = read(samples.map(write).join('\n'));
      expect(skipped).toBe(0);
      expect(found.map((one) => ({ ...one, labels: { ...one.labels } }))).toEqual(
        samples.map((one) => ({ ...one, labels: { ...one.labels } })),
      );
    }),
  );
});

function write({ name: metric, labels, value: number }: ExposedSample): string {
  const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  const written = Number.isFinite(number)
    ? String(number)
    : Number.isNaN(number)
      ? 'NaN'
      : number > 0
        ? '+Inf'
        : '-Inf';
  return `${metric}{${pairs.join(',')}} ${written}`;
}
