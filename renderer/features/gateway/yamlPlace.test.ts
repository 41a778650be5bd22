import { describe, expect, it } from 'vitest';
import { findYamlKey, findYamlPlace } from './yamlPlace.ts';

/** The cursor is at the bar. */
const at = (text: string) => findYamlPlace(text.replace('|', ''), text.indexOf('|'));

describe('findYamlPlace', () => {
  it.each<[what: string, text: string, path: (string | 0)[], kind: string, key: string | null, typed: string]>([
    ['an empty document', '|', [], 'key', null, ''],
    ['a key of the document', 'version: 1\nrou|', [], 'key', null, 'rou'],
    ['a key of a map', 'defaults:\n  timeouts:\n    con|', ['defaults', 'timeouts'], 'key', null, 'con'],
    ['a key beside others', 'defaults:\n  bodyLimitBytes: 1\n  ret|', ['defaults'], 'key', null, 'ret'],
    ['after a deeper map', 'defaults:\n  timeouts:\n    connectMs: 1\n  b|', ['defaults'], 'key', null, 'b'],
    ['the first key of an item', 'routes:\n  - i|', ['routes', 0], 'key', null, 'i'],
    ['another key of an item', 'routes:\n  - id: a\n    up|', ['routes', 0], 'key', null, 'up'],
    ['dashes in the column of their key', 'routes:\n- id: a\n  up|', ['routes', 0], 'key', null, 'up'],
    ['below a key of an item', 'routes:\n  - id: a\n    auth:\n      pro|', ['routes', 0, 'auth'], 'key', null, 'pro'],
    ['a value', 'routes:\n  - id: a\n    upstream: sea|', ['routes', 0], 'value', 'upstream', 'sea'],
    ['a value in a list', 'routes:\n  - id: a\n    limits: [per-ip, au|', ['routes', 0], 'value', 'limits', 'au'],
    [
      'over comments and empty lines',
      'limits:\n  # why\n\n  policies:\n    a|',
      ['limits', 'policies'],
      'key',
      null,
      'a',
    ],
    ['a quoted key', '"tap":\n  ca|', ['tap'], 'key', null, 'ca'],
  ])('%s', (_what, text, path, kind, key, typed) => {
    expect(at(text)).toMatchObject({ path, kind, key, typed });
  });

  it.each(['a: 1 # rou|', '# |', 'routes: [{ id: a|'])('says nothing of %s', (text) => {
    expect(at(text)).toBeNull();
  });
});

describe('findYamlKey', () => {
  it('finds the key that one points at, with its path', () => {
    const text = 'routes:\n  - id: a\n    timeouts: { totalMs: 1 }\n';
    expect(findYamlKey(text, text.indexOf('meouts'))).toMatchObject({ path: ['routes', 0, 'timeouts'] });
    expect(findYamlKey(text, text.indexOf('totalMs'))).toBeNull();
  });
});
