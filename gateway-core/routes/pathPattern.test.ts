import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fillTemplate,
  isPatternMatch,
  type PathPattern,
  readVariables,
  relatePatterns,
  toPatternText,
  toSegments,
} from './pathPattern.ts';

const prefix = (path: string): PathPattern => ({ kind: 'prefix', path });
const exact = (path: string): PathPattern => ({ kind: 'exact', path });
const template = (path: string): PathPattern => ({ kind: 'template', path });
const know = (pattern: PathPattern) => ({ pattern, segments: toSegments(pattern) });
const relate = (a: PathPattern, b: PathPattern) => relatePatterns(know(a), know(b));

describe('a pattern', () => {
  test.each<[pattern: PathPattern, path: string, fits: boolean]>([
    [prefix('/'), '/', true],
    [prefix('/'), '/a/b', true],
    [prefix('/a'), '/a', true],
    [prefix('/a'), '/a/', true],
    [prefix('/a'), '/ab', false],
    [exact('/a'), '/a', true],
    [exact('/a'), '/a/', false],
    [exact('/a/'), '/a/', true],
    [exact('/'), '/', true],
    [exact('/'), '/a', false],
    [template('/u/{id}'), '/u/7', true],
    [template('/u/{id}'), '/u/', false],
    [template('/u/{id}'), '/u/7/', false],
    [template('/u/{id}'), '/u/7/x', false],
    [template('/u/{id}/'), '/u/7/', true],
    [template('/{a}/{b}'), '/x/y', true],
    [template('/{a}'), '/a%2Cb', true],
  ])('%j with %s: %s', (pattern, path, fits) => expect(isPatternMatch(pattern, path)).toBe(fits));

  test.each([
    [prefix('/'), '/*'],
    [prefix('/a'), '/a/*'],
    [exact('/a'), '/a'],
    [template('/u/{id}'), '/u/{id}'],
  ])('%j reads %s', (pattern, text) => expect(toPatternText(pattern)).toBe(text));
});

describe('of two patterns', () => {
  test.each<[a: PathPattern, b: PathPattern, why: string]>([
    [prefix('/a/b'), prefix('/a'), 'its /a/b lies under /a'],
    [prefix('/a'), prefix('/'), 'its /a lies under /'],
    [exact('/a/b'), prefix('/a'), 'its /a/b lies under /a'],
    [exact('/a'), prefix('/a'), 'its /a is this path alone'],
    [exact('/u/me'), template('/u/{id}'), 'its /u/me is one path of /u/{id}'],
    [template('/u/{id}'), prefix('/u'), 'its template /u/{id} comes before the prefix /u'],
    [template('/{x}/b'), prefix('/a'), 'its template /{x}/b comes before the prefix /a'],
    [template('/a/{x}'), template('/{y}/b'), 'its /a/{x} has text where /{y}/b has a variable'],
    [template('/a/{x}'), template('/{y}/{z}'), 'its /a/{x} has text where /{y}/{z} has a variable'],
  ])('%j goes before %j', (a, b, why) => {
    expect(relate(a, b)).toEqual({ kind: 'before', why });
    expect(relate(b, a)).toEqual({ kind: 'after' });
  });

  test.each<[a: PathPattern, b: PathPattern]>([
    [prefix('/a'), prefix('/b')],
    [prefix('/a'), prefix('/ab')],
    [exact('/a'), exact('/a/')],
    [exact('/a'), prefix('/a/b')],
    [template('/u/{id}'), exact('/u/')],
    [template('/u/{id}'), prefix('/u/7/x')],
    [template('/u/{id}/'), template('/u/{id}/{x}')],
  ])('%j and %j have no path in common', (a, b) => expect(relate(a, b)).toEqual({ kind: 'apart' }));

  test('the name of a variable makes no difference', () => {
    expect(relate(template('/u/{id}'), template('/u/{name}'))).toEqual({ kind: 'same' });
  });

  const part = fc.constantFrom('a', 'b', '{x}');
  const pattern = fc.oneof(
    fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }).map((list) => prefix(`/${list.join('/')}`)),
    fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }).map((list) => exact(`/${list.join('/')}`)),
    fc
      .array(part, { minLength: 1, maxLength: 3 })
      .map((list) => template(`/${list.map((one, index) => one.replace('x', `x${index}`)).join('/')}`)),
  );
  const path = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }).map((list) => `/${list.join('/')}`);

  test('a path that fits both tells that they are not apart', () => {
    fc.assert(
      fc.property(pattern, pattern, path, (a, b, asked) => {
        if (isPatternMatch(a, asked) && isPatternMatch(b, asked)) expect(relate(a, b).kind).not.toBe('apart');
        if (relate(a, b).kind === 'same') expect(isPatternMatch(a, asked)).toBe(isPatternMatch(b, asked));
      }),
      { numRuns: 2_000 },
    );
  });

  test('one goes first in one direction only', () => {
    const opposite = { before: 'after', after: 'before', same: 'same', apart: 'apart' };
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        expect(relate(b, a).kind).toBe(opposite[relate(a, b).kind]);
      }),
    );
  });
});

test('variables are what stands in their place, as the path spells it', () => {
  expect(readVariables('/u/{id}/o/{order}', '/u/a%2Cb/o/7')).toEqual({ id: 'a%2Cb', order: '7' });
  expect(readVariables('/u/{id}', '/v/7')).toBeUndefined();
  expect(readVariables('/u/{constructor}', '/u/x')).toEqual({ constructor: 'x' });
});

test('filling a template with what was read from a path gives the path', () => {
  const part = fc.stringMatching(/^[a-z0-9.~-]{1,5}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(part, fc.boolean()), { minLength: 1, maxLength: 6 }), (parts) => {
      const own = `/${parts.map(([text, varies], index) => (varies ? `{v${index}}` : text)).join('/')}`;
      const path = `/${parts.map(([text]) => text).join('/')}`;
      expect(fillTemplate(own, readVariables(own, path) ?? {})).toBe(path);
    }),
  );
});
