import { expect, test } from 'vitest';
import { formatTable, shorten, toJson, toPlainText } from './terminal.ts';

test.each<[what: string, text: string]>([
  ['a colour', '\u001b[31mred\u001b[0m'],
  ['a window title', '\u001b]0;owned\u0007'],
  ['a clipboard write', '\u001b]52;c;cm0gLXJm\u0007'],
  ['a cursor move by the one-byte CSI', '\u009b2J'],
  ['a line break that forges a row', 'a\r\n200 GET /fine'],
  ['a backspace', '/admin\b\b\b\b\b/ok'],
  ['NUL and DEL', '\u0000\u007f'],
  ['a direction mark', '/invoice\u202excod.exe'],
  ['an isolate', '\u2066a\u2069'],
  ['a line separator', 'a\u2028b'],
])('%s does not reach a terminal', (_what, text) => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone.
  const steering = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
  expect(toPlainText(text)).not.toMatch(steering);
  expect(formatTable(['A'], [[text]]).split('\n')).toHaveLength(2);
  expect(toJson({ text })).not.toMatch(steering);
  expect(JSON.parse(toJson({ text }, 2))).toEqual({ text });
});

test('text of the world stays as it is', () => {
  expect(toPlainText('/café/検索?q=🍰')).toBe('/café/検索?q=🍰');
});

test('columns are aligned and the last one has no trailing space', () => {
  const table = formatTable(
    ['NAME', 'STATE'],
    [
      ['search', 'ok'],
      ['a', { text: 'down', style: 'red' }],
    ],
  );
  expect(table.split('\n')).toEqual(['NAME    STATE', 'search  ok', 'a       down']);
});

test('a long text is cut in the middle', () => {
  expect(shorten('/api/ai/search/query/', 11)).toBe('/api/…uery/');
  expect(shorten('short', 11)).toBe('short');
});
