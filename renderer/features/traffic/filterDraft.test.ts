import { describe, expect, it } from 'vitest';
import { finishWord, removeWord, reopenLastWord, toFilterDraft, toFilterText, typeInFilter } from './filterDraft.ts';

const given = { words: ['status:5xx'], draft: '' };

describe('filterDraft', () => {
  it.each([
    ['ro', { words: ['status:5xx'], draft: 'ro' }],
    ['route:auth ', { words: ['status:5xx', 'route:auth'], draft: '' }],
    ['a b c', { words: ['status:5xx', 'a', 'b'], draft: 'c' }],
    ['"connection ', { words: ['status:5xx'], draft: '"connection ' }],
    ['"connection refused" ', { words: ['status:5xx', '"connection refused"'], draft: '' }],
    ['  ', given],
    ['', given],
  ])('typing %j', (typed, expected) => {
    expect(typeInFilter(given, typed)).toEqual(expected);
  });

  it('is one text, the same that it came from', () => {
    const text = 'status:5xx "connection refused" !demo:yes';
    expect(toFilterText(toFilterDraft(text))).toBe(text);
    expect(toFilterText({ words: ['a'], draft: 'b' })).toBe('a b');
  });

  it('finishes, reopens and removes words', () => {
    expect(finishWord({ words: ['a'], draft: 'b' })).toEqual({ words: ['a', 'b'], draft: '' });
    expect(finishWord(given)).toEqual(given);
    expect(reopenLastWord({ words: ['a', 'b'], draft: '' })).toEqual({ words: ['a'], draft: 'b' });
    expect(reopenLastWord({ words: [], draft: '' })).toEqual({ words: [], draft: '' });
    expect(removeWord({ words: ['a', 'b'], draft: 'c' }, 0)).toEqual({ words: ['b'], draft: 'c' });
  });
});
