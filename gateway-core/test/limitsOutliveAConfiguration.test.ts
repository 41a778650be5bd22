import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { startGateway, startUpstream } from './fixture.ts';
import { ask, askAs } from './request.ts';

const toLimits = (limits: string, names: string) => `
trustedProxies: [127.0.0.0/8]
defaults: { limits: [${names}] }
limits: ${limits}`;

async function start(limits: string, names: string) {
  const upstream = await startUpstream((_req, res) => res.end('reached'));
  const started = await startGateway({ upstreamPort: upstream.port, yaml: toLimits(limits, names) });
  const replace = (nextLimits: string, nextNames = names) =>
    started.gateway.replaceConfig(
      loadConfig(
        `version: 1\nupstreams: { app: { url: "http://127.0.0.1:${upstream.port}" } }\nroutes: [{ id: renamed, paths: [/app], upstream: app }]${toLimits(nextLimits, nextNames)}`,
      ),
    );
  const status = async (client = '203.0.113.1') => (await askAs(started.port, client, '/app')).status;
  return { ...started, replace, status };
}

test('what a policy of the same name has counted is still counted', async () => {
  const { replace, status } = await start('{ policies: { a: { by: [ip], rate: 2, perSeconds: 3600 } } }', 'a');
  expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
  replace('{ keys: 500, policies: { a: { by: [ip], rate: 2, perSeconds: 3600 }, b: { by: [ip], rate: 1 } } }');
  expect([await status(), await status('203.0.113.2')]).toEqual([429, 200]);
});

test('a larger burst lets in at once what it is larger by', async () => {
  const { replace, status } = await start(
    '{ policies: { a: { by: [ip], rate: 1, perSeconds: 3600, burst: 2 } } }',
    'a',
  );
  expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
  replace('{ policies: { a: { by: [ip], rate: 1, perSeconds: 3600, burst: 3 } } }');
  expect([await status(), await status()]).toEqual([200, 429]);
});

test('nobody owes a faster policy more than its own burst', async () => {
  const { port, replace, status } = await start('{ policies: { a: { by: [ip], rate: 1, perSeconds: 3600 } } }', 'a');
  expect([await status(), await status()]).toEqual([200, 429]);
  replace('{ policies: { a: { by: [ip], rate: 60, perSeconds: 60, burst: 2 } } }');
  const { headers } = await ask(port, '/app', { headers: { 'x-forwarded-for': '203.0.113.1' } });
  expect(headers['retry-after']).toBe('1');
});

test('a policy under another name begins anew', async () => {
  const { replace, status, gateway } = await start('{ policies: { a: { by: [ip], rate: 1, perSeconds: 3600 } } }', 'a');
  expect([await status(), await status()]).toEqual([200, 429]);
  replace('{ policies: { b: { by: [ip], rate: 1, perSeconds: 3600 } } }', 'b');
  expect([await status(), await status()]).toEqual([200, 429]);
  expect(gateway.viewLimits().policies.map(({ name }) => name)).toEqual(['b']);
});

test('a key that an operator resets has a whole burst again', async () => {
  const { gateway, status } = await start('{ policies: { a: { by: [ip], rate: 2, perSeconds: 3600 } } }', 'a');
  expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
  const [policy] = gateway.viewLimits().policies;
  expect(policy?.top).toEqual([{ key: 'ip=203.0.113.1', used: 2, freeInMs: expect.any(Number) }]);
  expect(await gateway.resetLimit('a', 'ip=203.0.113.1')).toEqual({ local: true, shared: null });
  expect(await gateway.resetLimit('none', 'ip=203.0.113.1')).toBeUndefined();
  expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
});
