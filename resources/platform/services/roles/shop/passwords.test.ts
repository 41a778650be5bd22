import { expect, test } from 'vitest';
import { createPasswords } from './passwords.ts';
import { RefusedRequest } from './refusal.ts';

const passwords = createPasswords();

test('the right password is right, another is not, and neither is any where there is no account', async () => {
  const kept = await passwords.hash('correct horse');
  expect(await passwords.isRight('correct horse', kept)).toBe(true);
  expect(await passwords.isRight('Correct horse', kept)).toBe(false);
  expect(await passwords.isRight('correct horse', null)).toBe(false);
});

test('two hashes of one password differ, and say how they were made', async () => {
  const [one = '', other] = await Promise.all([passwords.hash('a'), passwords.hash('a')]);
  expect(one).not.toBe(other);
  expect(one).toMatch(/^scrypt\$14\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
});

test('a password may be typed as composed or as decomposed characters', async () => {
  expect(await passwords.isRight('e\u0301a', await passwords.hash('\u00e9a'))).toBe(true);
});

test('what is kept of another algorithm is no password', async () => {
  await expect(passwords.isRight('a', 'md5$aa')).rejects.toThrow('not of the form scrypt$');
});

test('more than twenty who wait are told to come again', async () => {
  const cheap = createPasswords({ logN: 4, r: 8, p: 1 });
  const asked = await Promise.allSettled(Array.from({ length: 25 }, () => cheap.isRight('a', null)));
  const refused = asked.filter((result) => result.status === 'rejected' && result.reason instanceof RefusedRequest);
  expect(refused).toHaveLength(3);
});
