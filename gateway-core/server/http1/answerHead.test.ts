import { expect, test } from 'vitest';
import { toAnswerHead } from './answerHead.ts';

const question = { method: 'GET', httpVersion: '1.1', keepsAlive: true, keepAliveMs: 65_000 };

test.each<
  [what: string, status: number, length: boolean, more: Partial<typeof question>, body: string, keepsAlive: boolean]
>([
  ['a length', 200, true, {}, 'sized', true],
  ['no length', 200, false, {}, 'chunked', true],
  ['no length to HTTP/1.0', 200, false, { httpVersion: '1.0' }, 'until-close', false],
  ['a length to HTTP/1.0', 200, true, { httpVersion: '1.0' }, 'sized', true],
  ['an answer to HEAD', 200, false, { method: 'HEAD' }, 'none', true],
  ['204', 204, false, {}, 'none', true],
  ['304 with a length', 304, true, {}, 'none', true],
  ['the last one', 200, true, { keepsAlive: false }, 'sized', false],
])('%s', (_what, status, hasLength, more, body, keepsAlive) => {
  const head = toAnswerHead(status, hasLength ? [['Content-Length', '5']] : [], { ...question, ...more });
  expect([head.body, head.keepsAlive]).toEqual([body, keepsAlive]);
  expect(head.text.includes('Transfer-Encoding: chunked')).toBe(body === 'chunked');
  expect(/\r\nConnection: ([a-z-]+)\r\n/.exec(head.text)?.[1]).toBe(keepsAlive ? 'keep-alive' : 'close');
  expect(head.text.endsWith('\r\n\r\n')).toBe(true);
});

test('a date of ours stands where there is none, and a kept connection says how long', () => {
  expect(toAnswerHead(200, [], question).text).toMatch(
    /\r\nDate: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT\r\n.*\r\nKeep-Alive: timeout=65\r\n/,
  );
  expect(toAnswerHead(200, [['date', 'today']], question).text.match(/date:/gi)).toHaveLength(1);
});

test.each([
  ['X-A', 'b\r\nSet-Cookie: c'],
  ['X-A', 'b\n'],
  ['X-A', 'b\0'],
  ['X-A', '\u010a'],
  ['X A', 'b'],
  ['X-A:', 'b'],
  ['', 'b'],
])('%j: %j is never written', (name, value) => {
  expect(() => toAnswerHead(200, [[name, value]], question)).toThrow('cannot be written');
});
