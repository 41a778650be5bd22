import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitField, splitFilterWords } from './filterWords.ts';

const cases: [filter: string, words: [text: string, negated: boolean, quoted: boolean][]][] = [
  ['', []],
  ['   ', []],
  ['lamp', [['lamp', false, false]]],
  [
    'status:5xx  route:ai-search',
    [
      ['status:5xx', false, false],
      ['route:ai-search', false, false],
    ],
  ],
  ['!demo:yes', [['demo:yes', true, false]]],
  [
    '"connection refused" !"a b"',
    [
      ['connection refused', false, true],
      ['a b', true, true],
    ],
  ],
  ['"still typing', [['still typing', false, true]]],
  ['""', []],
  ['!', [['!', false, false]]],
];

describe('splitFilterWords', () => {
  it.each(cases)('%j', (filter, expected) => {
    expect(splitFilterWords(filter).map((word) => [word.text, word.negated, word.quoted])).toEqual(expected);
  });

  it('says where each word stands', () => {
    const property = fc.property(fc.string(), (filter) => {
      for (const word of splitFilterWords(filter)) expect(filter.slice(word.start, word.end)).toBe(word.raw);
    });
    fc.assert(property);
  });
});

describe('splitField', () => {
  it.each([
    ['status:5xx', { field: 'status', value: '5xx' }],
    ['Route:x', { field: 'route', value: 'x' }],
    ['path:/a:b', { field: 'path', value: '/a:b' }],
    ['route:', { field: 'route', value: '' }],
    [':x', null],
    ['/a:b', null],
    ['"status:5xx"', null],
  ])('%s', (text, expected) => {
    const word = splitFilterWords(text)[0];
    expect(word ? splitField(word) : undefined).toEqual(expected);
  });
});
