import { expect, test } from 'vitest';
import type { LimitsView } from '../limits/limitsView.ts';
import { startGateway, startUpstream, type TestGateway } from './fixture.ts';
import { ask, askAs, askExplain } from './request.ts';

const toYaml = (limits: string) => `
trustedProxies: [127.0.0.0/8]
defaults: { limits: [${limits}] }
limits:
  policies:
    per-ip: { by: [ip], rate: 2, perSeconds: 3600 }
    per-key: { by: [header:X-Api-Key], rate: 3, perSeconds: 3600 }
    all: { by: [global], rate: 3, perSeconds: 3600 }
`;

async function start(limits: string): Promise<TestGateway> {
  const upstream = await startUpstream((_req, res) => res.end('reached'));
  return startGateway({ upstreamPort: upstream.port, yaml: toYaml(limits) });
}

test('what one policy refuses is charged to none', async () => {
  const { port, gateway } = await start('per-key, per-ip');
  const from = (client: string) =>
    ask(port, '/app', { headers: { 'x-forwarded-for': client, 'x-api-key': 'k' } }).then(({ status }) => status);
  expect([await from('203.0.113.1'), await from('203.0.113.1')]).toEqual([200, 200]);
  // Refused by address, so the key of the caller still has one left.
  expect([await from('203.0.113.1'), await from('203.0.113.1')]).toEqual([429, 429]);
  expect([await from('203.0.113.2'), await from('203.0.113.2')]).toEqual([200, 429]);
  expect(gateway.viewLimits().policies.map(({ name, admitted, refused }) => [name, admitted, refused])).toEqual([
    ['per-ip', 3, 2],
    ['per-key', 3, 1],
    ['all', 0, 0],
  ]);
});

test('what belongs to all is charged after what belongs to one', async () => {
  const { port } = await start('all, per-ip');
  const from = async (client: string) => (await askAs(port, client, '/app')).status;
  for (let count = 0; count < 10; count++) await from('203.0.113.1');
  expect([await from('203.0.113.2'), await from('203.0.113.3')]).toEqual([200, 429]);
});

test('explain says what would be answered, and takes nothing', async () => {
  const { port, adminSocket, gateway } = await start('per-ip');
  const explained = async () => {
    const { stages, answer } = await askExplain(adminSocket, '/app');
    return [stages.find(({ stage }) => stage === 'ip-limit')?.sentence, answer?.status];
  };
  for (let count = 0; count < 5; count++)
    expect(await explained()).toEqual(['Admitted: per-ip has 1 of 2 left.', undefined]);
  await ask(port, '/app');
  await ask(port, '/app');
  expect((await explained())[1]).toBe(429);
  expect(gateway.viewLimits().policies[0]).toMatchObject({ name: 'per-ip', admitted: 2, refused: 0 });
});

test('a caller without the header that a policy counts by is counted by its address', async () => {
  const { port, gateway } = await start('per-key');
  for (const status of [200, 200, 200, 429]) expect((await askAs(port, '203.0.113.1', '/app')).status).toBe(status);
  expect((await askAs(port, '203.0.113.2', '/app')).status).toBe(200);
  // Two of them are as good as none: upstreams disagree on which counts.
  const two = { 'x-forwarded-for': '203.0.113.1', 'x-api-key': ['a', 'b'] };
  expect((await ask(port, '/app', { headers: two })).status).toBe(429);
  expect((await ask(port, '/app', { headers: { ...two, 'x-api-key': 'secret-key' } })).status).toBe(200);
  const view: LimitsView = gateway.viewLimits();
  expect(view.policies[1]?.top.map(({ key }) => key).sort()).toEqual([
    expect.stringMatching(/^header:x-api-key=sha256:[\w-]{22}$/),
    'no-x-api-key=203.0.113.1',
    'no-x-api-key=203.0.113.2',
  ]);
  expect(JSON.stringify(view)).not.toContain('secret-key');
});
