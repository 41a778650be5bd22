import { expect, test } from 'vitest';
import { bearer, startSecuredGateway } from './securedGateway.ts';

const toYaml = (names: string) => `
trustedProxies: [127.0.0.0/8]
defaults: { limits: [${names}] }
limits:
  policies:
    per-user: { by: [user], rate: 2, perSeconds: 3600 }
    per-ip: { by: [ip], rate: 4, perSeconds: 3600 }
    all: { by: [global], rate: 3, perSeconds: 3600 }
`;

async function start(names: string) {
  const gateway = await startSecuredGateway({ more: toYaml(names) });
  const statusOf = async (token: string, client: string) => {
    const headers = { ...bearer(token).headers, 'x-forwarded-for': client };
    return (await fetch(`${gateway.base}/secure`, { headers })).status;
  };
  return { ...gateway, statusOf };
}

test('a user is one user from every address, and no other', async () => {
  const { issuer, statusOf, gateway } = await start('per-user');
  const [alice, sameAlice, bob] = [
    await issuer.sign({ sub: 'alice' }),
    await issuer.sign({ sub: 'alice', jti: 'another token' }),
    await issuer.sign({ sub: 'bob' }),
  ];
  expect([
    await statusOf(alice, '203.0.113.1'),
    await statusOf(sameAlice, '203.0.113.2'),
    await statusOf(alice, '203.0.113.3'),
    await statusOf(bob, '203.0.113.1'),
  ]).toEqual([200, 200, 429, 200]);
  expect(gateway.viewLimits().policies[0]?.top.map(({ key, used }) => [key, used])).toEqual([
    ['user=login/alice', 2],
    ['user=login/bob', 1],
  ]);
});

test('bad tokens cost their address, and nothing that belongs to users or to all', async () => {
  const { issuer, statusOf } = await start('per-ip, per-user, all');
  const forged = await issuer.sign({ sub: 'alice', aud: 'bank' });
  for (const status of [401, 401, 401, 401, 429]) expect(await statusOf(forged, '203.0.113.1')).toBe(status);
  const alice = await issuer.sign({ sub: 'alice' });
  const bob = await issuer.sign({ sub: 'bob' });
  expect([await statusOf(alice, '203.0.113.2'), await statusOf(alice, '203.0.113.2')]).toEqual([200, 200]);
  expect([await statusOf(bob, '203.0.113.3'), await statusOf(bob, '203.0.113.3')]).toEqual([200, 429]);
});
