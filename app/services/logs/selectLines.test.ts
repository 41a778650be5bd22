import { describe, expect, test } from 'vitest';
import { logFilterSchema } from '../../contract/index.ts';
import { sampleLine, sampleStamp } from './sampleLogs.ts';
import { createSelection } from './selectLines.ts';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const select = (filter: object, text: string) =>
  createSelection(logFilterSchema.parse(filter)).select(sampleLine(sampleStamp(0), text));

describe('a filter', () => {
  test.each<[filter: object, text: string, isMeant: boolean]>([
    [{}, 'anything', true],
    [{ levels: ['error'] }, '{"level":"error","msg":"x"}', true],
    [{ levels: ['error'] }, '{"level":"warn","msg":"x"}', false],
    [{ levels: ['error'] }, 'no level', false],
    [{ levels: ['unknown'] }, 'no level', true],
    [{ search: 'TIME.OUT' }, 'time.out', true],
    [{ search: 'time.out' }, 'timeXout', false],
    [{ search: 'TIME', matchCase: true }, 'time', false],
    [{ search: 'time.out', isPattern: true }, 'TimeXout', true],
    [{ search: '→ 503' }, '{"log":"access","method":"GET","path":"/a","status":503}', true],
    [{ search: '"path"' }, '{"log":"access","method":"GET","path":"/a","status":503}', true],
    [{ trace }, `{"trace_id":"${trace}","msg":"x"}`, true],
    [{ trace: trace.toUpperCase() }, `in a line of text: ${trace}`, true],
    [{ trace }, 'another', false],
  ])('%j takes %s: %s', (filter, text, isMeant) => {
    expect(select(filter, text) !== undefined).toBe(isMeant);
  });

  test('says where it matches, in the message and in the fields', () => {
    const line = select({ search: 'ab', isPattern: true }, '{"msg":"ab AB","x":"1","y":"-ab"}');
    expect(line).toMatchObject({
      isHit: true,
      hits: [
        [0, 0, 2],
        [0, 3, 5],
        [2, 1, 3],
      ],
    });
  });

  test('lets others stay unmarked where all lines are wished', () => {
    expect(select({ search: 'x', onlyHits: false }, 'other')).toMatchObject({ isHit: false, hits: [] });
    expect(select({ search: 'o', onlyHits: false }, 'other')).toMatchObject({ isHit: true, hits: [[0, 0, 1]] });
  });

  test.each(['x*', '^', 'a|'])('%s, which matches nothing as well, comes to an end', (search) => {
    expect(select({ search, isPattern: true }, 'text')).toBeDefined();
  });

  test.each(['(a+)+$', '(.*a){12}$', '([a-z]+)*!'])('%s does not hold the host up on a line of 16 KiB', (search) => {
    expect(select({ search, isPattern: true, onlyHits: true }, `${'a'.repeat(16_000)}b`)).toBeUndefined();
  });

  test.each(['(', '(a)\\1', '(?=a)', 'a{1000}'])('%s is refused with a remedy', (search) => {
    expect(() => select({ search, isPattern: true }, 'x')).toThrow(
      expect.objectContaining({ code: 'query-refused', remedy: expect.stringContaining('regular expression') }),
    );
  });

  test('characters of patterns are text in a text', () => {
    expect(select({ search: '[a](b)*.\\/|{1}^$?+' }, 'x[a](b)*.\\/|{1}^$?+y')).toMatchObject({ hits: [[0, 1, 19]] });
  });
});
