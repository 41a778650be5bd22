import { describe, expect, test } from 'vitest';
import { findOrderFaults as findFaults, orderRoutes as order } from './routeOrder.ts';
import { type RouteMatchDocument, toOrderable } from './routesSection.ts';

type Paths = RouteMatchDocument['paths'];
const route = (id: string, paths: Paths, rest: Partial<RouteMatchDocument> = {}): RouteMatchDocument => ({
  id,
  paths,
  upstream: 'app',
  ...rest,
});
const orderRoutes = (routes: RouteMatchDocument[]) => order(routes.map(toOrderable));
const findOrderFaults = (routes: RouteMatchDocument[]) => findFaults(routes.map(toOrderable));
const idsOf = (routes: RouteMatchDocument[]) => orderRoutes(routes).map((ordered) => ordered.route.id);

describe('orderRoutes', () => {
  test('puts a path below another path first, wherever it stands', () => {
    expect(idsOf([route('all', ['/']), route('b', ['/b']), route('bc', ['/b/c'])])).toEqual(['bc', 'b', 'all']);
  });

  test('keeps the order of the document where nothing overlaps', () => {
    expect(idsOf([route('z', ['/z']), route('ab', ['/ab']), route('a', ['/a'])])).toEqual(['z', 'ab', 'a']);
  });

  test('puts what asks for a host or method first on the same path', () => {
    const routes = [
      route('any', ['/a']),
      route('post', ['/a'], { methods: ['POST'] }),
      route('host', ['/a'], { hosts: ['x.example'] }),
    ];
    expect(idsOf(routes)).toEqual(['host', 'post', 'any']);
  });

  test('gives the reason', () => {
    const [first, second, third] = orderRoutes([route('b', ['/b']), route('bc', ['/b/c']), route('z', ['/z'])]);
    expect(first?.reason).toBe('before b: its /b/c lies under /b');
    expect(second?.reason).toBe('after bc, which is more specific');
    expect(third?.reason).toBe("in the document's order: it overlaps with no other route");
  });

  test('takes a thousand routes in reasonable time', () => {
    const routes = Array.from({ length: 1_000 }, (_, index) => route(`r${index}`, [`/r${index}`, `/api/r${index}`]));
    const began = performance.now();
    expect(orderRoutes(routes)).toHaveLength(1_000);
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe('findOrderFaults', () => {
  test('names both routes that take the same path', () => {
    const [fault] = findOrderFaults([route('a', ['/x', '/y']), route('b', ['/z', '/y/'])]);
    expect(fault?.path).toEqual(['routes', 1, 'paths', 1]);
    expect(fault?.message).toContain('the path "/y" of "b" is taken by route "a"');
  });

  test('allows the same path for other methods or hosts', () => {
    const routes = [route('a', ['/x'], { methods: ['GET'] }), route('b', ['/x'], { methods: ['POST'] })];
    expect(findOrderFaults(routes)).toEqual([]);
  });

  test('finds routes that would each have to stand before the other', () => {
    const [fault] = findOrderFaults([route('a', ['/a/x', '/b']), route('b', ['/a', '/b/y'])]);
    expect(fault?.message).toContain('"a", "b"');
  });

  test('finds a path that stands twice in one route', () => {
    expect(findOrderFaults([route('a', ['/x', '/x/'])])[0]?.path).toEqual(['routes', 0, 'paths', 1]);
  });
});

describe('more than prefixes', () => {
  test('exact comes before template, template before prefix', () => {
    const routes = [
      route('users', ['/users']),
      route('one', [{ template: '/users/{id}' }]),
      route('me', [{ exact: '/users/me' }]),
    ];
    expect(idsOf(routes)).toEqual(['me', 'one', 'users']);
    expect(orderRoutes(routes)[0]?.reason).toBe(
      'before one: its /users/me is one path of /users/{id}; before users: its /users/me lies under /users',
    );
  });

  test('on one path a narrower host comes first, then more header fields, then a method', () => {
    const routes = [
      route('any', ['/a']),
      route('method', ['/a'], { methods: ['GET'] }),
      route('header', ['/a'], { matchHeaders: { 'X-Version': { equals: '2' } } }),
      route('wild', ['/a'], { hosts: ['*.example'] }),
      route('narrow', ['/a'], { hosts: ['*.shop.example'] }),
      route('host', ['/a'], { hosts: ['www.shop.example'] }),
    ];
    expect(idsOf(routes)).toEqual(['host', 'narrow', 'wild', 'header', 'method', 'any']);
  });

  test('what asks for a value comes before what asks for the field', () => {
    const routes = [
      route('there', ['/a'], { matchHeaders: { 'x-v': { present: true } } }),
      route('few', ['/a'], { matchHeaders: { 'x-v': { oneOf: ['1', '2'] } } }),
      route('one', ['/a'], { matchHeaders: { 'x-v': { equals: '1' } } }),
    ];
    expect(idsOf(routes)).toEqual(['one', 'few', 'there']);
  });

  test.each<[what: string, a: Partial<RouteMatchDocument>, b: Partial<RouteMatchDocument>]>([
    ['other hosts', { hosts: ['a.example'] }, { hosts: ['b.example'] }],
    ['other methods', { methods: ['GET'] }, { methods: ['POST'] }],
    ['other values', { matchHeaders: { 'x-v': { equals: '1' } } }, { matchHeaders: { 'X-V': { equals: '2' } } }],
    [
      'there and not there',
      { matchHeaders: { 'x-v': { equals: '1' } } },
      { matchHeaders: { 'x-v': { present: false } } },
    ],
  ])('%s on one path are no conflict', (_what, a, b) => {
    expect(findOrderFaults([route('a', ['/x'], a), route('b', ['/x'], b)])).toEqual([]);
  });

  test.each<[what: string, a: Partial<RouteMatchDocument>, b: Partial<RouteMatchDocument>]>([
    ['hosts that overlap', { hosts: ['a.example', 'b.example'] }, { hosts: ['b.example', 'c.example'] }],
    ['methods that overlap', { methods: ['GET', 'PUT'] }, { methods: ['GET'] }],
    [
      'other header fields',
      { matchHeaders: { 'x-v': { equals: '1' } } },
      { matchHeaders: { 'x-t': { present: true } } },
    ],
  ])('%s on one path are a conflict, with the remedy', (_what, a, b) => {
    const [fault] = findOrderFaults([route('a', ['/x'], a), route('b', ['/x'], b)]);
    expect(fault?.path).toEqual(['routes', 1, 'paths', 0]);
    expect(fault?.message).toMatch(/the path "\/x" of "b" is taken by route "a"; .*(hosts, methods or matchHeaders)/);
  });

  test('two templates that differ in names alone are a conflict', () => {
    const [fault] = findOrderFaults([route('a', [{ template: '/u/{a}' }]), route('b', [{ template: '/u/{b}' }])]);
    expect(fault?.message).toContain('is taken by route "a"');
  });

  test('hosts that each would have to go first are refused', () => {
    const routes = [
      route('a', ['/x'], { hosts: ['a.one.example', '*.two.example'] }),
      route('b', ['/x'], { hosts: ['*.one.example', 'b.two.example'] }),
    ];
    expect(findOrderFaults(routes)[0]?.message).toContain('more specific than one of the other');
  });

  test('a route behind a thousand others names some of them', () => {
    const routes = [
      ...Array.from({ length: 1_000 }, (_, index) => route(`r${index}`, [`/r${index}`])),
      route('all', ['/']),
    ];
    expect(orderRoutes(routes).at(-1)?.reason).toMatch(/^after r0, which is more specific; .*; and 992 more$/);
  });
});
