import { describe, expect, test } from 'vitest';
import { findOrderFaults as findFaults, orderRoutes as order } from './routeOrder.ts';
import { type RouteMatchDocument, toOrderable } from './routesSection.ts';

type Paths = RouteMatchDocument['paths'];
const route = (id: string, paths: Paths, rest: Partial<RouteMatchDocument> = {}): RouteMatchDocument => ({ id, paths, upstream: 'app', ...rest }); // biome-ignore format: one line
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
