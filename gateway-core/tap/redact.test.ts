import { expect, test } from 'vitest';
import { createRedaction, redactAllValues } from './redact.ts';

const redaction = createRedaction({ headers: ['X-Own'], query: ['token', 'sig'], fields: ['password'] });
const JWT = `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxIn0'}.c2lnbmF0dXJl`;

test.each([
  ['/x', '/x'],
  ['/x?', '/x?'],
  ['/x?a=1&token=abc&b=2', '/x?a=1&token=[redacted]&b=2'],
  ['/x?TOKEN=abc', '/x?TOKEN=[redacted]'],
  ['/x?t%6Fken=abc', '/x?t%6Fken=[redacted]'],
  ['/x?user[token]=abc&user.sig=d&token[]=e', '/x?user[token]=[redacted]&user.sig=[redacted]&token[]=e'],
  ['/x?token=a=b?c', '/x?token=[redacted]'],
  ['/x?token=', '/x?token='],
  ['/x?tokens=1&%=2', '/x?tokens=1&%=2'],
  [`/reset/${JWT}?x=1`, '/reset/[redacted]?x=1'],
  ['http://me:pass@shop/x?q=a@b', 'http://shop/x?q=a@b'],
  ['/x@y', '/x@y'],
])('%s is kept as %s', (target, kept) => {
  expect(redaction.target(target)).toBe(kept);
});

test('all values go where only the names are wanted', () => {
  expect(redactAllValues('/x?q=blue&empty=&flag&token=1')).toBe('/x?q=[redacted]&empty=&flag&token=[redacted]');
});

test('headers lose secret values, and secrets within addresses', () => {
  expect(
    redaction.headers([
      ['Authorization', 'Bearer x'],
      ['X-OWN', 'x'],
      ['Referer', 'https://me:pw@shop/?token=x&q=1'],
      ['X-Note', `see ${JWT} now`],
      ['Accept', '*/*'],
    ]),
  ).toEqual([
    ['Authorization', '[redacted]'],
    ['X-OWN', '[redacted]'],
    ['Referer', 'https://shop/?token=[redacted]&q=1'],
    ['X-Note', 'see [redacted] now'],
    ['Accept', '*/*'],
  ]);
});
