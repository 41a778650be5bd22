import { expect, test } from 'vitest';
import { closedStack, withPart } from '../test/closedStack.ts';
import { findReach, mapReach } from './findReach.ts';

test('ways that the networks leave open are counted once, with or without a reason', () => {
  const { possible, declared, observed } = findReach(closedStack);
  // nginx ↔ api; on back: api, orders, pgbouncer, rabbitmq; data: postgres, pgbouncer; vectors: api, finder, qdrant; watch: api,
  // orders, finder, grafana. Pairs that share two networks count once.
  expect(possible).toBe(2 + 12 + 2 + 6 + 12 - 4);
  expect(declared).toBeLessThan(possible);
  expect(observed).toBe(0);
});

test('application to application is a bypass, and named by who can', () => {
  const bypasses = findReach(closedStack).findings.filter(({ kind }) => kind === 'bypass');
  expect(bypasses).toEqual([
    {
      kind: 'bypass',
      from: 'orders',
      to: ['finder'],
      count: 1,
      network: 'watch',
      why: 'watch lets it call them past the gateway',
    },
    {
      kind: 'bypass',
      from: 'finder',
      to: ['orders'],
      count: 1,
      network: 'watch',
      why: 'watch lets it call them past the gateway',
    },
  ]);
});

test('what has a reason or was seen is no unused reach', () => {
  const unused = findReach(closedStack).findings.filter(({ kind }) => kind === 'unused');
  const ways = unused.flatMap(({ from, to }) => to.map((one) => `${from} ${one}`));
  // Routes of the gateway, needs of files, and metrics that are fetched.
  for (const used of ['api orders', 'api finder', 'orders pgbouncer', 'finder qdrant', 'grafana orders'])
    expect(ways).not.toContain(used);
  expect(ways).toContain('orders rabbitmq');
  const seen = findReach({ ...closedStack, observed: [{ from: 'orders', to: 'rabbitmq', by: 'gateway' as const }] });
  expect(seen.observed).toBe(1);
  expect(seen.findings.flatMap(({ from, to }) => to.map((one) => `${from} ${one}`))).not.toContain('orders rabbitmq');
});

test('the edge on the network of an application is a bypass', () => {
  const open = withPart('nginx', { networks: ['shop_front', 'shop_vectors'] });
  expect(findReach(open).findings).toContainEqual(
    expect.objectContaining({ kind: 'bypass', from: 'nginx', to: ['finder', 'qdrant'] }),
  );
});

test('a hundred services on one network are a list that can be read', () => {
  const [part] = closedStack.parts;
  if (!part) throw new Error('no part');
  const parts = Array.from({ length: 100 }, (_, at) => ({
    ...part,
    service: `s${at}`,
    kind: 'app' as const,
    networks: ['shop_back'],
  }));
  const reach = findReach({ ...closedStack, parts });
  expect(reach.possible).toBe(9900);
  expect(reach.findings.length).toBeLessThanOrEqual(200);
  for (const { to, count } of reach.findings) expect([to.length, count]).toEqual([30, 99]);
});

test('in the sandbox nothing of this is enforced', () => {
  expect(findReach({ ...closedStack, engine: { isSandbox: true } }).isEnforced).toBe(false);
});

test('an application on the network of a pooled database could go past the pool, whatever it waits for', () => {
  const open = withPart('orders', { networks: ['shop_back', 'shop_data'] });
  expect(findReach(open).findings).toContainEqual({
    kind: 'bypass',
    from: 'orders',
    to: ['postgres'],
    count: 1,
    network: 'data',
    why: 'data lets it call them past pgbouncer',
  });
});

test('a bypass on which requests were seen says so', () => {
  const observed = [{ from: 'orders', to: 'finder', by: 'traces' as const }];
  const [first] = findReach({ ...closedStack, observed }).findings;
  expect(first).toMatchObject({
    from: 'orders',
    why: 'watch lets it call them past the gateway, and requests were seen',
  });
});

test('the map has each pair once, with all of its networks, and the bypasses first', () => {
  const observed = [{ from: 'api', to: 'orders', by: 'gateway' as const }];
  const { ways, wayCount, isWatched } = mapReach({ ...closedStack, observed });
  expect(wayCount).toBe(findReach(closedStack).possible);
  expect(isWatched).toBe(true);
  expect(ways.slice(0, 3).map(({ from, to, bypass }) => [from, to, bypass])).toEqual([
    ['orders', 'finder', 'the gateway'],
    ['finder', 'orders', 'the gateway'],
    ['api', 'orders', null],
  ]);
  expect(ways[2]).toMatchObject({ networks: ['back', 'watch'], isDeclared: true, observedBy: ['gateway'] });
});
