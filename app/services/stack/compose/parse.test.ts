import { expect, test } from 'vitest';
import { find, toText } from './node.ts';
import { parseCompose } from './parse.ts';

const parse = (text: string) => parseCompose(text, 'compose.yaml');
const problem = (text: string) => {
  try {
    parse(text);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('the text was taken');
};

test('aliases that multiply are refused, not expanded', () => {
  const levels = Array.from({ length: 12 }, (_, n) => `l${n}: &l${n} [${n === 0 ? 'x' : `*l${n - 1}, `.repeat(9)}]`);
  expect(problem(levels.join('\n'))).toMatchObject({
    code: 'compose-invalid',
    message: expect.stringMatching(/^compose\.yaml:\d+:\d+: more than 100000 nodes/),
  });
});

test('merge keys that multiply are refused too', () => {
  const levels = Array.from({ length: 12 }, (_, n) =>
    n === 0
      ? 'l0: &l0 { a: [1, 2, 3, 4, 5, 6, 7, 8, 9] }'
      : `l${n}: &l${n} { ${'abcdefghi'
          .split('')
          .map((key) => `${key}: { <<: *l${n - 1} }`)
          .join(', ')} }`,
  );
  expect(problem(levels.join('\n')).message).toContain('more than 100000 nodes');
});

test('nesting without end is refused', () => {
  expect(problem(`a: ${'['.repeat(5_000)}${']'.repeat(5_000)}`)).toMatchObject({ code: 'compose-invalid' });
});

test.each([
  ['no YAML', 'services:\n  api: [1,\n', /^compose\.yaml:3:1: /],
  ['a duplicate key', 'services:\n  a: { image: x }\n  a: { image: y }\n', /^compose\.yaml:3:3: /],
  ['a list at the top', '- a\n', /^compose\.yaml:1:1: the file is not a mapping/],
  ['a number as key', 'a:\n  1: x\n', /^compose\.yaml:2:3: a key that is not a text/],
  ['an alias of nothing', 'a: *b\n', /^compose\.yaml:1:4: /],
  ['a scalar to merge', 'a:\n  <<: 5\n', /^compose\.yaml:2:7: `<<` merges mappings only/],
])('%s is a problem with its place', (_, text, message) => {
  expect(problem(text)).toMatchObject({ code: 'compose-invalid', message: expect.stringMatching(message) });
});

test('an empty file has no documents, and empty documents are left out', () => {
  expect(parse('')).toEqual([]);
  expect(parse('# nothing\n')).toEqual([]);
  expect(parse('a: 1\n---\n---\nb: 2\n')).toHaveLength(2);
});

test('of merged mappings the own keys win, then the first', () => {
  const [tree] = parse('x: &x { a: x, b: x, c: x }\ny: &y { b: y, c: y }\nz: { <<: [*y, *x], c: z }');
  expect(['a', 'b', 'c'].map((key) => toText(find(tree, 'z', key)))).toEqual(['x', 'y', 'z']);
});
