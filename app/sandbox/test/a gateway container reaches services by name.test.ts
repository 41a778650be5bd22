import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_SOCKET_LABEL } from '../containers/create.ts';
import { serviceSpec, startTestEngine, type TestEngine } from './engineClient.ts';
import { testPrograms } from './programs.ts';

let engine: TestEngine;
let gateway: { id: string; address: string; adminSocket: string };

beforeAll(async () => {
  engine = await startTestEngine();
  await engine.call('POST', '/networks/create', { Name: 'p_ai' });
  const joined = (alias: string) => ({
    HostConfig: { NetworkMode: 'p_ai', Binds: [`${testPrograms.gatewayConfig}:/etc/gatehouse/gateway.yaml:ro`] },
    NetworkingConfig: { EndpointsConfig: { p_ai: { Aliases: [alias] } } },
  });
  await engine.run('p-search-1', serviceSpec('search', 'http://localhost:8002/health', joined('search')));
  const id = await engine.run('p-api_gateway-1', {
    Image: 'gatehouse/api-gateway:0.1.0',
    Env: ['GATEHOUSE_CONFIG=/etc/gatehouse/gateway.yaml', 'GATEHOUSE_ADMIN_SOCKET=/run/gatehouse/admin.sock'],
    Healthcheck: { Test: ['CMD', 'curl', '-f', 'http://localhost:8080/health'] },
    ...joined('api_gateway'),
  });
  const inspection = await engine.until(id, (one) => one.State.Health.Status === 'healthy');
  await engine.until('p-search-1', (one) => one.State.Health.Status === 'healthy');
  const hosts = JSON.parse(readFileSync(join(engine.stateFolder, 'hosts.json'), 'utf8'));
  gateway = { id, address: hosts['api_gateway:8080'], adminSocket: inspection.Config.Labels[ADMIN_SOCKET_LABEL] };
});
afterAll(() => engine.close());

test('a request goes through the gateway to the service and back', async () => {
  const answer = await fetch(`http://${gateway.address}/api/ai/search/query/?q=red+tent`);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('"red tent"');
});

test('its admin API is a socket in the state folder that the label names', async () => {
  expect(gateway.adminSocket).toBe(join(engine.stateFolder, `${gateway.id.slice(0, 12)}.sock`));
  expect(statSync(gateway.adminSocket).isSocket()).toBe(true);
  const status = await new Promise((resolve, reject) => {
    request({ socketPath: gateway.adminSocket, path: '/routes' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
  expect(status).toBe(200);
});

test('a stopped service is refused at once, and reached again after its start', async () => {
  const url = `http://${gateway.address}/ai/search/query/?q=tent`;
  await engine.call('POST', '/containers/p-search-1/stop');
  const startedAt = performance.now();
  expect((await fetch(url)).status).toBeGreaterThanOrEqual(500);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  await engine.call('POST', '/containers/p-search-1/start');
  await engine.until('p-search-1', (one) => one.State.Health.Status === 'healthy');
  await expect.poll(async () => (await fetch(url)).status, { timeout: 12_000, interval: 100 }).toBe(200);
});
