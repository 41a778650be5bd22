import { expect, test } from 'vitest';
import { collectHeader, isReadOnly, parsePort } from './options.ts';

test.each(['0', '7788', '65535'])('%s is a port', (text) => {
  expect(parsePort(text)).toBe(Number(text));
});

test.each(['65536', '-1', '', '80a', '0x50', '1e3', '7788.0', ' 80'])('%j is no port', (text) => {
  expect(() => parsePort(text)).toThrow('from 0 to 65535');
});

test.each<[text: string, header: [string, string]]>([
  ['Accept: text/html', ['Accept', 'text/html']],
  ['X-Empty:', ['X-Empty', '']],
  ['X-Colon: a:b ', ['X-Colon', 'a:b']],
])('%j is a header', (text, header) => {
  expect(collectHeader(text, [['A', '1']])).toEqual([['A', '1'], header]);
});

test.each(['no colon', ': no name', 'two words: x', ''])('%j is no header', (text) => {
  expect(() => collectHeader(text, [])).toThrow("'name: value'");
});

test.each<[option: boolean, environment: NodeJS.ProcessEnv, readOnly: boolean]>([
  [true, {}, true],
  [false, { GATEHOUSE_READONLY: '1' }, true],
  [false, { GATEHOUSE_READONLY: '0' }, false],
  [false, {}, false],
])('--read-only %s with %j is %s', (option, environment, readOnly) => {
  expect(isReadOnly(option ? { readOnly: true } : {}, environment)).toBe(readOnly);
});
