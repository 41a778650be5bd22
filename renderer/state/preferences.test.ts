import { expect, test } from 'vitest';
import { parsePreferences } from './preferences.ts';

test.each([
  [null, 'utc'],
  ['{"timeZone":"local"}', 'local'],
  ['{"timeZone":"Mars"}', 'utc'],
  ['[', 'utc'],
  ['null', 'utc'],
  ['7', 'utc'],
])('%s is read as %s', (stored, timeZone) => {
  expect(parsePreferences(stored)).toEqual({ timeZone });
});
