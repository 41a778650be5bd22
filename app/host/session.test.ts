import { expect, test } from 'vitest';
import { createSessions } from './session.ts';

const MINUTE_MS = 60_000;

function createClock() {
  let time = 1_000_000;
  return { now: () => time, pass: (ms: number) => (time += ms) };
}

test('a code has the form XXXX-XXXX without characters that look alike', () => {
  const sessions = createSessions();
  for (let i = 0; i < 200; i++) expect(sessions.issueCode()).toMatch(/^[A-HJKMNP-TV-Z2-9]{4}-[A-HJKMNP-TV-Z2-9]{4}$/);
});

test('a code gives a token of 256 bits, once', () => {
  const sessions = createSessions();
  const code = sessions.issueCode();
  const first = sessions.exchangeCode(code);
  expect(first).toMatchObject({ outcome: 'token' });
  const token = first.outcome === 'token' ? first.token : '';
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(sessions.findCaller(token)).toBe('console');
  expect(sessions.exchangeCode(code)).toEqual({ outcome: 'wrong' });
});

test('a code that was typed in lower case and without the dash is taken', () => {
  const sessions = createSessions();
  const code = sessions.issueCode();
  expect(sessions.exchangeCode(` ${code.toLowerCase().replace('-', '')} `)).toMatchObject({ outcome: 'token' });
});

test('a code ends after ten minutes', () => {
  const clock = createClock();
  const sessions = createSessions(clock.now);
  const [early, late] = [sessions.issueCode(), sessions.issueCode()];
  clock.pass(10 * MINUTE_MS - 1);
  expect(sessions.exchangeCode(early)).toMatchObject({ outcome: 'token' });
  clock.pass(1);
  expect(sessions.exchangeCode(late)).toEqual({ outcome: 'wrong' });
});

test('after five wrong tries in a minute even the right code waits', () => {
  const clock = createClock();
  const sessions = createSessions(clock.now);
  const code = sessions.issueCode();
  for (let i = 0; i < 5; i++) expect(sessions.exchangeCode('AAAA-AAAA')).toEqual({ outcome: 'wrong' });
  clock.pass(15_000);
  expect(sessions.exchangeCode(code)).toEqual({ outcome: 'limited', retryAfterSeconds: 45 });
  clock.pass(45_000);
  expect(sessions.exchangeCode(code)).toMatchObject({ outcome: 'token' });
});

test('tries that were refused do not prolong the wait', () => {
  const clock = createClock();
  const sessions = createSessions(clock.now);
  for (let i = 0; i < 5; i++) sessions.exchangeCode('AAAA-AAAA');
  for (let i = 0; i < 50; i++) sessions.exchangeCode('BBBB-BBBB');
  clock.pass(MINUTE_MS);
  expect(sessions.exchangeCode('CCCC-CCCC')).toEqual({ outcome: 'wrong' });
});

test('the hundred windows that were used last keep their tokens, and the command line always', () => {
  const sessions = createSessions();
  const cli = sessions.issueCliToken();
  const open = () => {
    const exchange = sessions.exchangeCode(sessions.issueCode());
    return exchange.outcome === 'token' ? exchange.token : '';
  };
  const [used, forgotten] = [open(), open()];
  for (let i = 0; i < 98; i++) open();
  expect(sessions.findCaller(used)).toBe('console');
  open();
  expect(sessions.findCaller(forgotten)).toBeUndefined();
  expect(sessions.findCaller(used)).toBe('console');
  expect(sessions.findCaller(cli)).toBe('cli');
});

test.each(['', 'x', 'A'.repeat(43), '\u0000', 'A'.repeat(100_000)])('an unknown token is nobody (%#)', (token) => {
  const sessions = createSessions();
  sessions.issueCliToken();
  expect(sessions.findCaller(token)).toBeUndefined();
});
