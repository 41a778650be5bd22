import fc from 'fast-check';
import { expect, test } from 'vitest';
import { complete } from './complete.ts';
import { findCompletionContext } from './completionContext.ts';
import { escapePromql, toAlternatives } from './quote.ts';

/** `|` is where the caret stands. */
const at = (text: string) => findCompletionContext(text.replace('|', ''), text.indexOf('|'));

test.each([
  ['ra|', { kind: 'expression', prefix: 'ra', from: 0, to: 2 }],
  ['sum(ra|te', { kind: 'expression', prefix: 'ra', from: 4, to: 8 }],
  ['a + |', { kind: 'expression', prefix: '' }],
  ['up{|', { kind: 'label', metric: 'up' }],
  ['up{job="a", in|}', { kind: 'label', metric: 'up', prefix: 'in' }],
  ['{|', { kind: 'label', metric: null }],
  ['up{job="|', { kind: 'value', metric: 'up', label: 'job', prefix: '' }],
  ['up{job=~"a|b"}', { kind: 'value', label: 'job', prefix: 'a', from: 9, to: 11 }],
  ["up{job!='a|", { kind: 'value', label: 'job', quote: "'" }],
  ['up{a="}", b="|', { kind: 'value', label: 'b' }],
  ['up{a="\\"", b="|', { kind: 'value', label: 'b' }],
  ['up{job=|', { kind: 'nothing' }],
  ['sum by (|', { kind: 'label', metric: null }],
  ['a * on(x) group_left(|', { kind: 'label' }],
  ['rate(up[|', { kind: 'duration' }],
  ['rate(up[5|', { kind: 'duration', prefix: '5' }],
  ['up # sum|', { kind: 'nothing' }],
  ['up # no\n|', { kind: 'expression' }],
  ['up offset 5|', { kind: 'nothing' }],
  ['label_replace(up, "|', { kind: 'nothing' }],
])('%j', (text, expected) => {
  expect(at(text)).toMatchObject(expected);
});

test('whatever is typed, the span lies in the query and the prefix is what stands there', () => {
  const query = fc.string({ unit: fc.constantFrom(...'ab_{}()[]"\'`=~!#\\\n, 5') });
  fc.assert(
    fc.property(query, fc.nat(), (text, place) => {
      const context = findCompletionContext(text, place);
      expect(context.from).toBeGreaterThanOrEqual(0);
      expect(context.to).toBeLessThanOrEqual(text.length);
      expect(context.from).toBeLessThanOrEqual(Math.min(place, text.length));
      expect(text.slice(context.from, context.from + context.prefix.length)).toBe(context.prefix);
    }),
  );
});

const known = (given: object = {}) => ({
  metrics: [],
  metadata: new Map<string, string>(),
  labels: [],
  values: [],
  ...given,
});
const textsAt = (text: string, given: object) => complete(at(text), known(given)).options.map((option) => option.text);

test('what begins with it comes before what holds it', () => {
  const metrics = ['process_up', 'up', 'uptime_seconds', 'backup'];
  const found = textsAt('up|', { metrics }).filter((text) => metrics.includes(text));
  expect(found).toEqual(['up', 'uptime_seconds', 'process_up', 'backup']);
});

test('fifty are offered and the others counted', () => {
  const metrics = Array.from({ length: 80 }, (_, index) => `zz_${index}`);
  const { options, optionCount } = complete(at('zz|'), known({ metrics }));
  expect([options.length, optionCount]).toEqual([50, 80]);
});

test('values of others are put in as text, whatever quote stands around them', () => {
  const values = ['a"b\\c\nd', "it's"];
  expect(textsAt('up{job="|', { values })).toEqual(['a\\"b\\\\c\\nd', "it's"]);
  expect(textsAt("up{job='|", { values })).toEqual(['a"b\\\\c\\nd', "it\\'s"]);
});

test('a metric that is no plain name is written in quotes', () => {
  expect(textsAt('http|', { metrics: ['http.requests', 'http_requests'] })).toEqual([
    'http_requests',
    '{"http.requests"}',
  ]);
});

test('a quoted text is one string, and reads back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const quoted = escapePromql(text);
      expect(quoted).not.toMatch(/(?<!\\)(?:\\\\)*"/);
      expect(quoted.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))).toBe(text);
    }),
  );
});

test('alternatives match themselves and nothing else', () => {
  expect(toAlternatives(['a.b', 'c|d'])).toBe('"a\\\\.b|c\\\\|d"');
});
