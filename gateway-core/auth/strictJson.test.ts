import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memberOf, parseJsonObject } from './strictJson.ts';

const parse = (text: string) => parseJsonObject(Buffer.from(text, 'utf8'));

test('an object whose names are unique is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('a name that stands twice in one object is refused wherever it is', () => {
  const around = fc.constantFrom<[string, string]>(
    ['', ''],
    ['{"x":', '}'],
    ['{"x":[1,', ',"a"]}'],
    ['{"a":{"b":[', ']}}'],
  );
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), around, (name, first, second, [before, after]) => {
      const [key, one, two] = [name, first, second].map((value) => JSON.stringify(value));
      expect(
        parse(`${before}{${key}:${one},"y\\u0000${'y'.repeat(name.length)}":[],${key}:${two}}${after}`),
      ).toBeUndefined();
    }),
  );
});

test.each([
  ['{"a":1,"\\u0061":2}', 'an escaped name is the same name'],
  ['{"__proto__":1,"__proto__":2}', 'the name of the prototype is a name'],
  ['{"":1,"":2}', 'the empty name is a name'],
  ['{"a":"\\\\","a":1}', 'a text that ends with a backslash ends'],
])('%s is refused: %s', (text) => {
  expect(parse(text)).toBeUndefined();
});

test.each([
  '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
  '{"a":"a","b":"a"}',
  '{"a":"{\\"a\\":1,\\"a\\":2}"}',
  '{"a":["a","a"]}',
])('%s repeats no name', (text) => {
  expect(parse(text)).toEqual(JSON.parse(text));
});

test.each([
  '[]',
  '1',
  'null',
  '"x"',
  '',
  '{',
  '{}{}',
  '\ufeff{}',
  "{'a':1}",
  '{"a":1,}',
  `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
])('%s is no object of ours', (text) => {
  expect(parse(text)).toBeUndefined();
});

test('bytes that are not UTF-8 are refused', () => {
  expect(parseJsonObject(Buffer.from('{"a":"\xff"}', 'latin1'))).toBeUndefined();
});

test('what every object inherits is not a member', () => {
  const object = parse('{"__proto__":{"admin":true}}') ?? {};
  expect([memberOf(object, 'admin'), memberOf(object, 'constructor')]).toEqual([undefined, undefined]);
  expect(memberOf(object, '__proto__')).toEqual({ admin: true });
});
