import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { startGateway, startUpstream } from './fixture.ts';

const toConfig = (port: number, routes: string) =>
  loadConfig(`version: 1\nupstreams: { app: { url: "http://127.0.0.1:${port}" } }\nroutes:\n${routes}`);

test('requests that run end by the configuration they began with, later ones go by the new one', async () => {
  const asked: ServerResponse[] = [];
  const old = await startUpstream((_req, res) => asked.push(res));
  const { gateway, port } = await startGateway({ upstreamPort: old.port });
  const running = fetch(`http://127.0.0.1:${port}/app/x`);
  await expect.poll(() => asked.length).toBe(1);

  gateway.replaceConfig(toConfig(old.port, '  - { id: other, paths: [/other], upstream: app }'));
  expect((await fetch(`http://127.0.0.1:${port}/app/x`)).status).toBe(404);
  asked[0]?.end('old');
  expect(await (await running).text()).toBe('old');
});

test('what keeps its name keeps its breaker', async () => {
  const { gateway, port, admin } = await startGateway({ upstreamPort: 1 });
  for (let count = 0; count < 5; count++) await fetch(`http://127.0.0.1:${port}/app`);
  gateway.replaceConfig(toConfig(1, '  - { id: renamed, paths: [/app], upstream: app }'));
  expect(await admin('/breakers')).toMatchObject([{ upstream: 'app', state: 'open', routes: ['renamed'] }]);
  expect((await fetch(`http://127.0.0.1:${port}/app`)).status).toBe(503);
});
