import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readStrictJson } from './strictJson.ts';

const BOUNDS = { depthLimit: 8, valueLimit: 40 };
const read = (text: string | Buffer, bounds = BOUNDS) =>
  readStrictJson(typeof text === 'string' ? Buffer.from(text) : text, bounds);

describe('strict JSON', () => {
  test('takes what JSON.parse takes, and gives the same value', () => {
    const wide = { depthLimit: 100, valueLimit: 100_000 };
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 6, stringUnit: 'grapheme' }),
        fc.constantFrom(undefined, 1, '\t'),
        (json, space) => {
          const value: unknown = JSON.parse(json);
          fc.pre(!json.includes('__proto__'));
          expect(read(JSON.stringify(value, null, space), wide)).toEqual({ kind: 'value', value });
        },
      ),
    );
  });

  test('whatever JSON.parse does not take is unreadable, or refused before', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b":',
      '1',
      '-',
      'true',
      'nul',
      '"',
      '\\',
      ' ',
      'e',
      '.',
      '0',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (list) => {
        const text = list.join('');
        const result = read(text);
        try {
          const value: unknown = JSON.parse(text);
          if (result.kind === 'value') expect(result.value).toEqual(value);
          else expect(result).toMatchObject({ kind: 'refused', fault: { message: 'stands here twice' } });
        } catch {
          expect(result.kind).not.toBe('value');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test.each<[what: string, text: string, pointer: string, message: RegExp]>([
    ['a member twice', '{"a":1,"a":2}', '/a', /stands here twice/],
    ['a member twice, once escaped', '{"a":1,"\\u0061":2}', '/a', /twice/],
    ['a member twice further down', '{"x":[0,{"y":{"k":1,"z":{},"k":1}}]}', '/x/1/y/k', /twice/],
    ['a member twice whose name needs escapes', '{"a/b~c":1,"a/b~c":2}', '/a~1b~0c', /twice/],
    ['the empty name twice', '{"":1,"":2}', '/', /twice/],
    ['__proto__', '{"a":{"__proto__":{"admin":true}}}', '/a/__proto__', /not taken/],
    ['__proto__ escaped', '{"\\u005f_proto__":1}', '/__proto__', /not taken/],
    ['half of a pair', '["ok","\\ud800"]', '/1', /surrogate/],
    ['half of a pair in a name', '{"\\udc00x":1}', '/\udc00x', /surrogate pair in its name/],
    ['a number beyond a double', '{"a":[1e999]}', '/a/0', /beyond/],
    ['a number beyond a double without exponent', `[${'9'.repeat(350)}]`, '/0', /beyond/],
    ['an endless number', `[${'9'.repeat(401)}]`, '/0', /more than 400 characters/],
    ['an endless fraction', `[0.${'0'.repeat(400)}1]`, '/0', /more than 400 characters/],
    ['too deep', '[[[[[[[[[1]]]]]]]]]', '/0/0/0/0/0/0/0/0', /deeper than 8/],
    ['too many values', `[${Array(40).fill(1).join()}]`, '', /more than 40 values/],
    ['too many empty objects', `[${Array(40).fill('{}').join()}]`, '', /more than 40 values/],
    ['too many literals', `[${Array(40).fill('null').join()}]`, '', /more than 40 values/],
  ])('refuses %s', (_what, text, pointer, message) => {
    expect(read(text)).toMatchObject({
      kind: 'refused',
      fault: { in: 'body', pointer, message: expect.stringMatching(message) },
    });
  });

  test.each<[text: string]>([
    ['{"a":{"a":1},"b":{"a":1}}'],
    ['[{"a":1},{"a":2}]'],
    ['{"a":"a","b":"a"}'],
    ['{"a":[{"b":1}],"b":2}'],
    ['{"a":"\\"}{","b":"]"}'],
    ['{"constructor":1,"toString":2,"hasOwnProperty":3}'],
    ['["\\ud83d\\ude00"]'],
    ['[[[[[[[[1]]]]]]]]'],
    [`[${Array(39).fill(1).join()}]`],
    ['-0.5e-300'],
    ['"\\\\"'],
    [' null '],
  ])('takes %s', (text) => {
    expect(read(text)).toEqual({ kind: 'value', value: JSON.parse(text) });
  });

  test.each<[what: string, bytes: Buffer]>([
    ['nothing', Buffer.from('')],
    ['a byte order mark', Buffer.from('\ufeff{}')],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
    ['Latin-1', Buffer.from('"\xe9"', 'latin1')],
    ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['half a pair in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['a cut string', Buffer.from('{"a')],
    ['a comment', Buffer.from('{/**/}')],
    ['a trailing comma', Buffer.from('[1,]')],
    ['single quotes', Buffer.from("{'a':1}")],
    ['NaN', Buffer.from('NaN')],
    ['a raw line end in a string', Buffer.from('"a\nb"')],
    ['two documents', Buffer.from('{}{}')],
    ['a NUL behind', Buffer.from('{}\0')],
  ])('cannot read %s', (_what, bytes) => {
    expect(read(bytes).kind).toBe('unreadable');
  });

  test('a mebibyte of open brackets or backslashes is refused at once', () => {
    expect(read('['.repeat(1_048_576)).kind).toBe('refused');
    expect(read('{"a":'.repeat(200_000)).kind).toBe('refused');
    expect(read(`"${'\\'.repeat(1_048_575)}`).kind).toBe('unreadable');
    expect(read(`["${'\\"'.repeat(500_000)}"]`).kind).toBe('value');
  });
});
