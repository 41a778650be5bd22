import { expect, test } from 'vitest';
import { createDemoAccount } from './demoAccount.ts';
import { browse, type DemoRequest, signIn } from './mix.ts';

const orders: DemoRequest = { method: 'GET', path: '/api/backend/api/orders/', body: null, caller: 'customer' };
const answer = (token: unknown, expiresInSeconds?: number) => JSON.stringify({ token, expiresInSeconds });

function start() {
  const clock = { at: 0 };
  return { clock, account: createDemoAccount(() => clock.at) };
}

test('the first request of a customer signs in, those meanwhile browse, and later ones carry the token', () => {
  const { clock, account } = start();
  expect(account.choose(orders)).toEqual({ request: signIn(), token: undefined });
  expect(account.choose(orders)).toEqual({ request: browse(), token: undefined });
  account.learn(signIn(), 200, answer('a.b.c', 300));
  expect(account.choose(orders)).toEqual({ request: orders, token: 'a.b.c' });
  clock.at = 290_000;
  expect(account.choose(orders).request).toEqual(signIn());
});

test('however fast the traffic is, it signs in once a second', () => {
  const { clock, account } = start();
  let signIns = 0;
  for (; clock.at < 10_000; clock.at += 5) if (account.choose(signIn()).request.caller === 'signing in') signIns += 1;
  expect(signIns).toBe(10);
});

test('a token that is refused is given up, and one that was not sent is not', () => {
  const { clock, account } = start();
  account.choose(orders);
  account.learn(signIn(), 200, answer('a.b.c', 300));
  account.learn({ ...orders, caller: 'anyone' }, 401, '');
  expect(account.choose(orders).token).toBe('a.b.c');
  account.learn(orders, 401, '');
  clock.at = 1_000;
  expect(account.choose(orders).request).toEqual(signIn());
});

test.each([
  ['a failed sign-in', 401, answer('a.b.c')],
  ['no JSON', 200, '<html>'],
  ['a list', 200, '[]'],
  ['null', 200, 'null'],
  ['a number', 200, answer(7)],
  ['a text that would begin another header field', 200, answer('a\r\nx-admin: 1')],
])('%s gives no token', (_, status, body) => {
  const { account } = start();
  account.choose(orders);
  account.learn(signIn(), status, body);
  expect(account.choose(orders).token).toBeUndefined();
});
