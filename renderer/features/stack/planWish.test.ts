import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planRequestSchema, planVerbSchema } from '../../../app/contract/index.ts';
import {
  isComplete,
  optionWords,
  parseWish,
  sayWish,
  toPlanRequest,
  toWishLink,
  toWishSearch,
  type WishOption,
  wishFor,
  wishOptions,
} from './planWish.ts';

const serviceName = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/);
const wish = fc.constantFrom(...planVerbSchema.options).chain((verb) =>
  fc.record({
    verb: fc.constant(verb),
    mode: fc.constantFrom(null, 'dev' as const, 'prod' as const),
    services: fc.uniqueArray(serviceName, { maxLength: 4 }),
    scale: fc.dictionary(serviceName, fc.integer({ min: 0, max: 100 }), { maxKeys: 3, noNullPrototype: true }),
    options: fc.subarray<WishOption>([...(wishOptions[verb] ?? [])]),
  }),
);

test('what an address is made of is read from it again', () => {
  fc.assert(
    fc.property(wish, (wanted) => {
      expect(parseWish(toWishLink(wanted))).toEqual(wanted);
    }),
  );
});

test('every wish is a request that the host understands', () => {
  const isUnderstood = (wanted: Parameters<typeof toPlanRequest>[0]) =>
    planRequestSchema.safeParse(toPlanRequest(wanted, 'sandbox~shop')).success;
  fc.assert(fc.property(wish, isUnderstood));
});

test.each([
  ['no plan', {}],
  ['a verb that there is not', { plan: 'explode' }],
])('%s is no wish', (_, search) => {
  expect(parseWish(search)).toBeNull();
});

test('what makes no sense in an address is left out', () => {
  expect(parseWish({ plan: 'up', to: 'mars', with: 'carry,build,nonsense', scale: 'a:1000,:2,b', on: ',,' })).toEqual(
    wishFor('up', { options: ['build'] }),
  );
});

test('no wish clears the address', () => {
  expect(Object.values(toWishSearch(null)).every((value) => value === null)).toBe(true);
});

test.each([
  [wishFor('up'), true],
  [wishFor('stop'), false],
  [wishFor('stop', { services: ['a'] }), true],
  [wishFor('scale'), false],
  [wishFor('switch'), false],
  [wishFor('switch', { mode: 'prod' }), true],
])('%j is complete: %s', (wanted, complete) => {
  expect(isComplete(wanted)).toBe(complete);
});

test('what is about data is planned with the name, so that the plan shows it', () => {
  expect(toPlanRequest(wishFor('down', { options: ['volumes'] }), 'docker~shop')).toEqual({
    environment: 'docker~shop',
    verb: 'down',
    removeVolumes: true,
    typed: 'shop',
  });
  expect(toPlanRequest(wishFor('up', { options: ['pull'] }), 'docker~shop')).not.toHaveProperty('typed');
});

test.each([
  [wishFor('switch', { mode: 'prod' }), 'Switch to prod'],
  [wishFor('stop', { services: ['search', 'pricing'] }), 'Stop search, pricing'],
  [wishFor('stop', { services: ['a', 'b', 'c', 'd', 'e'] }), 'Stop 5 services'],
  [wishFor('up', { mode: 'dev' }), 'Bring up the stack in dev'],
  [wishFor('scale', { scale: { search: 3 } }), 'Scale search to 3'],
])('%j is said as "%s"', (wanted, said) => {
  expect(sayWish(wanted)).toBe(said);
});

test('every option has words', () => {
  expect(Object.values(optionWords).every((words) => words !== '')).toBe(true);
});
