import { expect, test } from 'vitest';
import { connection } from '../test/samples.ts';
import { toAbilities } from './abilities.ts';

test.each([
  ['a gateway that answers', 'live', 'nginx', 'gatehouse', true, true],
  ['a gateway that is lost', 'lost', 'nginx', 'gatehouse', false, false],
  ['nginx alone', 'absent', 'nginx', 'edge', false, true],
  ['neither', 'absent', undefined, 'none', false, false],
] as const)('%s', (_, state, edge, kind, hasRoutes, hasTraffic) => {
  const abilities = toAbilities({ gateway: connection('gateway', state), gatewayService: 'gateway', edge });
  expect(abilities.kind).toBe(kind);
  expect(abilities.traffic.isThere).toBe(hasTraffic);
  for (const { isThere, why } of Object.values(abilities.capabilities)) {
    expect(isThere).toBe(hasRoutes);
    // What is not there is said with its reason, and nothing else is.
    expect(why === null).toBe(isThere);
  }
});
