import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSchema, type JsonSchema } from './compileSchema.ts';

function check(schema: JsonSchema, value: unknown) {
  const result = compileSchema(schema);
  if (!result.ok) throw new Error(result.message);
  return result.validator.check(value, 'body').map(({ pointer, message }) => `${pointer} ${message}`);
}

const order = {
  type: 'object',
  additionalProperties: false,
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      maxItems: 3,
      uniqueItems: true,
      items: {
        type: 'object',
        required: ['sku', 'count'],
        properties: { sku: { type: 'string', pattern: '^[A-Z]{3}\\d+$' }, count: { type: 'integer', minimum: 1 } },
      },
    },
    note: { type: 'string', maxLength: 5 },
    status: { enum: ['new', 'paid'] },
    'a/b': { type: 'number' },
  },
};

describe('a compiled schema', () => {
  test.each<[value: unknown, faults: string[]]>([
    [{ items: [{ sku: 'ABC1', count: 1 }] }, []],
    [{}, ['/items is missing']],
    [[], [' must be object']],
    [{ items: [{ sku: 'ABC1' }] }, ['/items/0/count is missing']],
    [{ items: [{ sku: 'abc', count: 1 }] }, ['/items/0/sku must match pattern "^[A-Z]{3}\\d+$"']],
    [{ items: [{ sku: 'ABC1', count: 1.5 }] }, ['/items/0/count must be integer']],
    [{ items: [], extra: 1 }, ['/extra is not known here']],
    [{ items: [], 'x/y~': 1 }, ['/x~1y~0 is not known here']],
    [{ items: [], 'a/b': 'secret value' }, ['/a~1b must be number']],
    [{ items: [], status: 'secret value' }, ['/status must be one of the values that are allowed']],
    [{ items: [{ sku: 'A' }, { sku: 'A' }, 1, 2] }, ['/items must NOT have more than 3 items']],
    [
      {
        items: [
          { sku: 'ABC1', count: 1 },
          { count: 1, sku: 'ABC1' },
        ],
      },
      ['/items must not have an item twice'],
    ],
  ])('of %j says %j', (value, faults) => {
    expect(check(order, value)).toEqual(faults);
  });

  test('says where a nested choice failed, and never what was sent', () => {
    const schema = { anyOf: [{ type: 'string', minLength: 30 }, { type: 'number' }] };
    expect(check(schema, 'secret value')).toEqual([
      ' must NOT have fewer than 30 characters',
      ' must be number',
      ' must match a schema in anyOf',
    ]);
  });

  test('what only the prototype has is missing', () => {
    expect(check({ type: 'object', required: ['constructor'] }, {})).toEqual(['/constructor is missing']);
  });

  test('an item stands twice exactly when ajv says so', () => {
    const oracle = { type: 'array', items: { type: ['object', 'array', 'string', 'number', 'boolean', 'null'] } };
    const schema = { ...oracle, uniqueItems: true };
    const item = fc.oneof(
      fc.constantFrom<unknown>(1, '1', true, 'true', null, 'null', '', '{}', '[]', 0, -0),
      fc.dictionary(fc.constantFrom('a', 'b', '1'), fc.constantFrom(1, '1', null), { noNullPrototype: true }),
      fc.array(fc.constantFrom(1, '1'), { maxLength: 2 }),
    );
    fc.assert(
      fc.property(fc.array(item, { maxLength: 5 }), (items) => {
        const equal = (a: unknown, b: unknown): boolean =>
          a === b ||
          (typeof a === 'object' &&
            typeof b === 'object' &&
            a !== null &&
            b !== null &&
            Array.isArray(a) === Array.isArray(b) &&
            Object.keys(a).length === Object.keys(b).length &&
            Object.entries(a).every(
              ([key, part]) => Object.hasOwn(b, key) && equal(part, (b as Record<string, unknown>)[key]),
            ));
        const isTwice = items.some((one, index) => items.slice(0, index).some((other) => equal(one, other)));
        expect(check(schema, items).length > 0).toBe(isTwice);
      }),
    );
  });

  test('many items that may not stand twice take no time by their square', () => {
    const items = Array.from({ length: 50_000 }, (_, index) => ({ id: index, tags: [index, 'x'] }));
    expect(check({ type: 'array', uniqueItems: true }, items)).toEqual([]);
  });

  test('a pattern that would keep V8 busy for years is matched at once', () => {
    const schema = { type: 'object', patternProperties: { '^(x+)+$': { pattern: '^(a|a)*$' } } };
    expect(check(schema, { x: `${'a'.repeat(50_000)}!`, [`${'x'.repeat(50_000)}!`]: 1 })).toEqual([
      '/x must match pattern "^(a|a)*$"',
    ]);
  });

  test('each pattern is its own', () => {
    const schema = {
      type: 'object',
      properties: { a: { pattern: '^a$' }, b: { pattern: '^b$' }, c: { pattern: '^a$' } },
    };
    expect([check(schema, { a: 'a', b: 'b', c: 'a' }), check(schema, { a: 'a', b: 'a' })]).toEqual([
      [],
      ['/b must match pattern "^b$"'],
    ]);
  });

  test('draft-07 and 2020-12 are read as what they are', () => {
    const tuple07 = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'array',
      items: [{ type: 'number' }],
      additionalItems: false,
    };
    const tuple2020 = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'array',
      prefixItems: [{ type: 'number' }],
      items: false,
    };
    for (const schema of [tuple07, tuple2020]) {
      expect(check(schema, [1])).toEqual([]);
      expect(check(schema, ['1'])).toEqual(['/0 must be number']);
      expect(check(schema, [1, 2])).toHaveLength(1);
    }
    expect(check({ $defs: { a: { type: 'number' } }, $ref: '#/$defs/a' }, 'x')).toEqual([' must be number']);
  });

  test('a schema is compiled once, and one of the same id does not meet it', () => {
    const first = {
      $id: 'https://shop.example/order',
      type: 'object',
      properties: { a: { $id: 'a', type: 'number' } },
    };
    const second = {
      $id: 'https://shop.example/order',
      type: 'object',
      properties: { a: { $id: 'a', type: 'string' } },
    };
    expect(compileSchema(first)).toBe(compileSchema(first));
    expect([check(first, { a: 1 }), check(second, { a: 'x' })]).toEqual([[], []]);
    expect(check(second, { a: 1 })).toEqual(['/a must be string']);
  });

  test.each<[what: string, schema: JsonSchema, message: RegExp]>([
    [
      'an unknown format',
      { properties: { a: { type: 'string', format: 'phone' } } },
      /its format "phone" is not checked here; known are date, /,
    ],
    ['an unknown keyword', { type: 'object', requierd: ['a'] }, /unknown keyword: "requierd"/],
    ['a wrong type', { type: 'text' }, /\/type must be equal to one of the allowed values/],
    [
      'another draft',
      { $schema: 'http://json-schema.org/draft-04/schema#' },
      /"http:\/\/json-schema\.org\/draft-04\/schema#" is not known/,
    ],
    ['a schema elsewhere', { $ref: 'https://elsewhere.example/schema' }, /can't resolve reference https:\/\/elsewhere/],
    ['a pattern that looks ahead', { type: 'string', pattern: '^(?=.*\\d).+$' }, /has a group "\(\?=/],
    ['a pattern that is none', { type: 'string', pattern: '(' }, /Invalid regular expression/],
    ['an asynchronous one', { $async: true, type: 'object' }, /\$async/],
  ])('refuses %s by name', (_what, schema, message) => {
    expect(compileSchema(schema)).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  });
});
