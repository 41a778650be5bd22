import { expect, test } from 'vitest';
import { type ConnectionState, nextConnection } from './connection.ts';

const live: ConnectionState = { state: 'live', since: 100 };

test('a closed connection is lost from that moment on, however often it fails to come back', () => {
  const lost = nextConnection(live, 'closed', 500);
  expect(lost).toEqual({ state: 'lost', since: 500 });
  expect(nextConnection(lost, 'closed', 900)).toEqual({ state: 'lost', since: 500 });
});

test('it comes back by itself', () => {
  expect(nextConnection({ state: 'lost', since: 500 }, 'opened', 1200)).toEqual({ state: 'live', since: 1200 });
  expect(nextConnection(live, 'opened', 1200)).toBe(live);
});

test('a host that was never seen is connecting for two seconds, then lost', () => {
  const connecting: ConnectionState = { state: 'connecting', since: 0 };
  expect(nextConnection(connecting, 'closed', 1000)).toBe(connecting);
  expect(nextConnection(connecting, 'closed', 2001)).toEqual({ state: 'lost', since: 0 });
});
