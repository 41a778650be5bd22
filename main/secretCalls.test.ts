import { expect, test } from 'vitest';
import { parseSecretCall } from './secretCalls.ts';

test.each([
  { secrets: 1, call: 'about' },
  { secrets: 2, call: 'keep', name: 'n', value: 'v' },
  { secrets: 3, call: 'recall', name: 'n' },
  { secrets: 4, call: 'forget', name: 'n' },
])('$call is understood', (message) => {
  const { secrets: id, ...call } = message;
  expect(parseSecretCall(message)).toEqual({ id, ...call });
});

test.each<[what: string, message: unknown]>([
  ['nothing', null],
  ['a text', 'about'],
  ['another channel', { call: 'about' }],
  ['no number', { secrets: '1', call: 'about' }],
  ['an unknown call', { secrets: 1, call: 'list', name: 'n' }],
  ['no name', { secrets: 1, call: 'recall' }],
  ['an empty name', { secrets: 1, call: 'forget', name: '' }],
  ['a name without end', { secrets: 1, call: 'recall', name: 'n'.repeat(2000) }],
  ['no value', { secrets: 1, call: 'keep', name: 'n' }],
  ['a value that is no text', { secrets: 1, call: 'keep', name: 'n', value: { v: 1 } }],
  ['a value without end', { secrets: 1, call: 'keep', name: 'n', value: 'v'.repeat(8193) }],
])('%s is no call', (_what, message) => {
  expect(parseSecretCall(message)).toBeUndefined();
});
