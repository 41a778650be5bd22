import { describe, expect, test } from 'vitest';
import { fitsMediaType, isJsonType, parseMediaType } from './mediaType.ts';
import { parseQuery, toQueryObject } from './query.ts';

const types = {
  properties: {
    page: { type: 'integer' },
    price: { type: 'number' },
    sale: { type: 'boolean' },
    tag: { type: 'array', items: { type: 'integer' } },
    mixed: { type: ['integer', 'string'] },
    name: { type: 'string' },
  },
};

function read(query: string): unknown {
  const parsed = parseQuery(query);
  if (!parsed.ok) return parsed.detail;
  const object = toQueryObject(parsed.pairs, types);
  return object.ok ? { ...object.value } : `${object.fault.pointer} ${object.fault.message}`;
}

describe('a query', () => {
  test.each<[query: string, value: unknown]>([
    ['', {}],
    ['?', {}],
    ['?a=1&b=2', { a: '1', b: '2' }],
    ['?a&b=&&=c', { a: '', b: '', '': 'c' }],
    ['?a=b=c', { a: 'b=c' }],
    ['?a%20b=%C3%BC+%2B', { 'a b': 'ü +' }],
    ['?page=7&price=-1.5e3&sale=true', { page: 7, price: -1500, sale: true }],
    ['?tag=1&tag=2', { tag: [1, 2] }],
    ['?tag=1', { tag: [1] }],
    ['?tag=x', { tag: ['x'] }],
    ['?mixed=5', { mixed: 5 }],
    ['?mixed=five', { mixed: 'five' }],
    ['?name=5', { name: '5' }],
    ['?constructor=1', { constructor: '1' }],
    ['?page=1&page=2', '/page stands there twice'],
    ['?other=1&other=2', '/other stands there twice'],
    ['?a%2Fb=1&a%2fb=2', '/a~1b stands there twice'],
    ['?a=%', 'the query has an escape that is not UTF-8'],
    ['?a=%zz', 'the query has an escape that is not UTF-8'],
    ['?%ff=1', 'the query has an escape that is not UTF-8'],
  ])('%s is %j', (query, value) => {
    expect(read(query)).toEqual(value);
  });

  test('a name that is special elsewhere is an ordinary one', () => {
    const parsed = parseQuery('__proto__=x');
    const object = parsed.ok ? toQueryObject(parsed.pairs, types) : undefined;
    expect(object?.ok && Object.entries(object.value)).toEqual([['__proto__', 'x']]);
  });

  test.each(['0x10', ' 5', '5 ', '+5', '05', '1e3', '5.0', '9007199254740993', '', 'NaN', 'Infinity', '٥'])(
    '%j is not read as an integer',
    (text) => {
      expect(read(`page=${encodeURIComponent(text)}`)).toEqual({ page: text });
    },
  );
});

describe('a media type', () => {
  test.each<[field: string, parsed: unknown]>([
    ['application/json', { essence: 'application/json', charset: null }],
    ['Application/JSON ; Charset="UTF-8"', { essence: 'application/json', charset: 'utf-8' }],
    ['text/plain;format=flowed; charset=latin1', { essence: 'text/plain', charset: 'latin1' }],
    ['application/json;', { essence: 'application/json', charset: null }],
    ['application/json; charset=utf-8; charset=utf-16', undefined],
    ['application/json, text/plain', undefined],
    ['application/json; x', undefined],
    ['json', undefined],
    ['', undefined],
    ['application/', undefined],
  ])('%s', (field, parsed) => {
    expect(parseMediaType(field)).toEqual(parsed);
  });

  test('is JSON by name or suffix, and fits its family', () => {
    expect(['application/json', 'application/problem+json', 'text/json', 'application/jsonp'].map(isJsonType)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([
      fitsMediaType('image/png', 'image/*'),
      fitsMediaType('imagex/png', 'image/*'),
      fitsMediaType('a/b', 'a/b'),
    ]).toEqual([true, false, true]);
  });
});
