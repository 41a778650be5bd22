import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { checkTarget, describeTrials, listTargets, type RouteQuestion, type Target } from './matchRoute.ts';
import { type PathPattern, relatePatterns, toSegments } from './pathPattern.ts';
import { findRouteOrderFaults } from './routeFaults.ts';
import { createRouteIndex, type RouteFinding } from './routeIndex.ts';
import type { RouteMatchDocument } from './routesSection.ts';

const ask = (path: string, rest: Partial<RouteQuestion> = {}): RouteQuestion => ({
  method: 'GET',
  hostName: 'shop.example',
  headers: [],
  path,
  ...rest,
});

function toTargets(routes: readonly RouteMatchDocument[]): Target[] {
  return listTargets(loadConfig(JSON.stringify({ version: 1, upstreams: { app: { url: 'http://app:1' } }, routes })));
}

/** One after the other, as describeTrials does it, and what a 405 needs besides. */
function findOneByOne(targets: readonly Target[], question: RouteQuestion): RouteFinding {
  const allowed = new Set<string>();
  for (const target of targets) {
    const check = checkTarget(target, question);
    if (check.fits) return { kind: 'found', target, pattern: check.pattern };
    if (check.miss === 'method') for (const method of target.methods ?? []) allowed.add(method);
  }
  return allowed.size > 0 ? { kind: 'wrongMethod', allowed: [...allowed] } : { kind: 'none' };
}

const segment = fc.constantFrom('a', 'b', 'c', 'aa');
const segments = fc.array(segment, { maxLength: 3 });
const path = fc.oneof(
  segments.map((list) => `/${list.join('/')}`),
  segments.map((list) => ({ exact: `/${list.join('/')}` })),
  fc
    .array(fc.oneof(segment, fc.constant(null)), { minLength: 1, maxLength: 3 })
    .filter((list) => list.includes(null))
    .map((list) => ({ template: `/${list.map((one, index) => one ?? `{v${index}}`).join('/')}` })),
);
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const few = <T>(...values: T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const condition = fc.oneof(
  fc.boolean().map((present) => ({ present })),
  few('1', '2', '3').map((oneOf) => ({ oneOf })),
  fc.constantFrom('1', '2').map((equals) => ({ equals })),
);
const route = fc
  .record({
    paths: fc.array(path, { minLength: 1, maxLength: 3 }),
    methods: optional(few('GET', 'POST', 'PUT')),
    hosts: optional(few('shop.example', '*.example', '*.shop.example', 'api.shop.example')),
    matchHeaders: optional(fc.dictionary(fc.constantFrom('x-a', 'x-b'), condition, { minKeys: 1, maxKeys: 2 })),
    redirects: fc.boolean(),
  })
  .map(({ redirects, ...rest }) => ({
    ...(JSON.parse(JSON.stringify(rest)) as typeof rest),
    ...(redirects ? { redirect: { to: 'https://elsewhere.example/' } } : { upstream: 'app' }),
  }));

/** As many of the given routes as stand together without a conflict. */
const routes = fc
  .array(route, { minLength: 1, maxLength: 12 })
  .map(keepConsistent)
  .filter((kept) => kept.length > 0);

function keepConsistent(given: readonly object[]): RouteMatchDocument[] {
  const kept: RouteMatchDocument[] = [];
  given.forEach((one, index) => {
    const next = { id: `r${index}`, ...one } as RouteMatchDocument;
    if (findRouteOrderFaults([...kept, next]).length === 0) kept.push(next);
  });
  return kept;
}

const question = fc.record({
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  hostName: fc.constantFrom('', 'shop.example', 'api.shop.example', 'other'),
  path: fc
    .tuple(fc.array(segment, { maxLength: 4 }), fc.boolean())
    .map(([list, slash]) => `/${list.join('/')}${slash && list.length > 0 ? '/' : ''}`),
  headers: fc.array(fc.tuple(fc.constantFrom('x-a', 'X-B'), fc.constantFrom('1', '2', '3')), { maxLength: 3 }),
});

test('the index finds what asking one route after the other finds, and what explain says', () => {
  fc.assert(
    fc.property(routes, fc.array(question, { minLength: 5, maxLength: 20 }), (documents, questions) => {
      const targets = toTargets(documents);
      const index = createRouteIndex(targets);
      for (const asked of questions) {
        const found = index.find(asked);
        expect(found).toEqual(findOneByOne(targets, asked));
        const matched = describeTrials(targets, asked).find(({ result }) => result === 'matched')?.route;
        expect(matched).toBe(found.kind === 'found' ? found.target.id : undefined);
      }
    }),
    { numRuns: 100 },
  );
});

test('of all routes that fit, none has a path that is more specific than the one that is found', () => {
  const know = (pattern: PathPattern) => ({ pattern, segments: toSegments(pattern) });
  fc.assert(
    fc.property(routes, question, (documents, asked) => {
      const targets = toTargets(documents);
      const found = createRouteIndex(targets).find(asked);
      if (found.kind !== 'found') return;
      for (const target of targets) {
        const check = checkTarget(target, asked);
        if (check.fits) expect(relatePatterns(know(found.pattern), know(check.pattern)).kind).not.toBe('after');
      }
    }),
    { numRuns: 100 },
  );
});

test.each<[path: string, id: string | null]>([
  ['/', 'root'],
  ['/users', 'users'],
  ['/users/', 'users'],
  ['/users/me', 'me'],
  ['/users/me/', 'users'],
  ['/users/7', 'user'],
  ['/users/7/', 'users'],
  ['/users/7/orders', 'orders'],
  ['/users/7/orders/', 'users'],
  ['/users/me/orders', 'mine'],
  ['/users/7/basket', 'users'],
  ['/usersx', null],
  ['/__proto__', null],
  ['/constructor/x', null],
])('%s goes by %s', (asked, id) => {
  const found = createRouteIndex(
    toTargets([
      { id: 'users', paths: ['/users'], upstream: 'app' },
      { id: 'user', paths: [{ template: '/users/{id}' }], upstream: 'app' },
      { id: 'orders', paths: [{ template: '/users/{id}/orders' }], upstream: 'app' },
      { id: 'mine', paths: [{ exact: '/users/me/orders' }], upstream: 'app' },
      { id: 'me', paths: [{ exact: '/users/me' }], upstream: 'app' },
      { id: 'root', paths: [{ exact: '/' }], upstream: 'app' },
    ]),
  ).find(ask(asked));
  expect(found.kind === 'found' ? found.target.id : null).toBe(id);
});

test('of a thousand routes a request is held against those alone whose path it has', () => {
  const many = toTargets(
    Array.from({ length: 1_000 }, (_, index) => ({
      id: `r${index}`,
      paths: [`/v1/area${index}/things`, { template: `/v2/area${index}/{id}/parts` }],
      upstream: 'app',
    })),
  );
  let looked = 0;
  const watched = many.map((target) => ({
    ...target,
    // Asked of each route whose path fits, and of no other.
    get hosts() {
      looked += 1;
      return null;
    },
  }));
  const index = createRouteIndex(watched);
  expect(index.find(ask('/v2/area999/7/parts'))).toMatchObject({ kind: 'found', target: { id: 'r999' } });
  expect(index.find(ask('/v2/area999/7'))).toEqual({ kind: 'none' });
  expect(looked).toBe(1);
});
