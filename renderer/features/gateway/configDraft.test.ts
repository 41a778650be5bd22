import { describe, expect, it } from 'vitest';
import type { GatewayConfigView } from '../../../app/contract/index.ts';
import { isCurrent, parseDraft, rebase, toBase, withText } from './configDraft.ts';

const config = (text: string, ...etags: string[]) =>
  ({
    text,
    revision: 'r',
    replicas: etags.map((etag) => ({ gateway: etag, etag, revision: 'r' })),
  }) as GatewayConfigView;

describe('a draft', () => {
  it('begins with the first difference, keeps what it was made from, and ends with the last one', () => {
    const before = config('a', '"1"', '"1"');
    const draft = withText(null, before, 'ab');
    expect(draft).toEqual({ text: 'ab', base: { text: 'a', etags: ['"1"'], revision: 'r' } });
    expect(withText(draft, before, 'abc')?.base).toEqual(toBase(before));
    expect(withText(draft, before, 'a')).toBeNull();
  });

  it('is not current once any replica has another configuration, until it is taken over', () => {
    const draft = { text: 'ab', base: toBase(config('a', '"1"', '"1"')) };
    const after = config('z', '"2"', '"1"');
    expect(isCurrent(draft, config('a', '"1"', '"1"'))).toBe(true);
    expect(isCurrent(draft, after)).toBe(false);
    expect(rebase(draft, after)).toEqual({ text: 'ab', base: { text: 'z', etags: ['"1"', '"2"'], revision: 'r' } });
    // An edit that says what was in force before is an edit now.
    expect(withText(draft, after, 'a')).not.toBeNull();
  });

  it('outlives a reload, and what is no draft does not', () => {
    const draft = { text: 'ab', base: toBase(config('a', '"1"')) };
    expect(parseDraft(JSON.stringify(draft))).toEqual(draft);
    for (const stored of [null, '', '{}', '[]', '{"text":1,"base":{"text":"","etags":[],"revision":""}}'])
      expect(parseDraft(stored)).toBeNull();
  });
});
