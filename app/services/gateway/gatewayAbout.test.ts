import { expect, test } from 'vitest';
import { type KnownReplica, toGatewayAbout } from './gatewayAbout.ts';
import type { GatewayPlace } from './gatewayPlace.ts';

const place: GatewayPlace = { kind: 'present', service: 'api_gateway', replicas: 2, addresses: [] };
const exec = { kind: 'exec' as const, container: 'abcdef0123456789', startedAt: 1 };
const replica = (given: Partial<KnownReplica> = {}): KnownReplica => ({
  address: exec,
  view: undefined,
  failure: undefined,
  absence: undefined,
  lastSeenAt: null,
  ...given,
});

test.each([
  ['not answered yet', {}, { state: 'connecting', why: null, name: 'abcdef012345' }],
  ['refused', { failure: 'its admin socket refuses' }, { state: 'lost', why: 'its admin socket refuses' }],
  [
    'without a way',
    { absence: { code: 'gateway-absent', message: 'no relay', remedy: 'none' } },
    { state: 'absent', why: 'no relay' },
  ],
] as const)('a replica that has %s is said to', (_, given, expected) => {
  expect(toGatewayAbout(place, [replica(given as Partial<KnownReplica>)], 'live').replicas).toMatchObject([expected]);
});

test('what can be asked is what the catalogue lists, and nothing where there is no gateway', () => {
  const { can, service } = toGatewayAbout(place, [], 'live');
  expect(service).toBe('api_gateway');
  expect(can.map(({ operation }) => operation)).toEqual(expect.arrayContaining(['gateway.explain', 'traffic.watch']));
  const absent: GatewayPlace = { kind: 'absent', problem: { code: 'gateway-absent', message: '', remedy: '' } };
  expect(toGatewayAbout(absent, [], 'absent')).toEqual({ service: null, replicas: [], can: [] });
});
