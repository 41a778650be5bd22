import { expect, test } from 'vitest';
import { findShortcuts, shortcutGroups } from './shortcuts.ts';
import { views } from './views.ts';

test('every view has a key of its own in the list', () => {
  const keys = shortcutGroups.flatMap((group) => group.keys.map((one) => one.keys));
  for (const { key } of views) expect(keys.filter((one) => one === key)).toEqual([key]);
});

test.each([
  ['', shortcutGroups.length],
  ['go traffic', 1],
  ['g t', 1],
  ['nothing has this', 0],
])('%s leaves %d groups', (text, groups) => {
  expect(findShortcuts(text)).toHaveLength(groups);
});
