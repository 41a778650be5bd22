import { readFileSync, statSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_SOCKET_LABEL } from '../containers/create.ts';
import { serviceSpec, startTestEngine, type TestEngine } from './engineClient.ts';
import { testPrograms } from './programs.ts';

/** Takes spans, as the host does: trace id and service of each. */
const spans: { traceId: string; service: string }[] = [];
const collector = createServer((incoming, response) => {
  let text = '';
  incoming.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  incoming.on('end', () => {
    spans.push(...readSpans(text));
    response.end('{}');
  });
});

let engine: TestEngine;
let gateway: { id: string; address: string; adminSocket: string };

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  engine = await startTestEngine({ spansTo: `127.0.0.1:${(collector.address() as AddressInfo).port}` });
  await engine.call('POST', '/networks/create', { Name: 'p_ai' });
  const joined = (alias: string) => ({
    HostConfig: { NetworkMode: 'p_ai', Binds: [`${testPrograms.gatewayConfig}:/etc/gatehouse/gateway.yaml:ro`] },
    NetworkingConfig: { EndpointsConfig: { p_ai: { Aliases: [alias] } } },
  });
  await engine.run('p-jaeger-1', { Image: 'jaegertracing/jaeger:2.10.0', ...joined('jaeger') });
  const traced = { Env: ['OTEL_EXPORTER_OTLP_ENDPOINT=http://jaeger:4318'], ...joined('search') };
  await engine.run('p-search-1', serviceSpec('search', 'http://localhost:8002/health', traced));
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
afterAll(async () => {
  await engine.close();
  collector.closeAllConnections();
  collector.close();
});

interface ExportedSpans {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue: string } }[] };
    scopeSpans: { spans: { traceId: string }[] }[];
  }[];
}

function readSpans(text: string): { traceId: string; service: string }[] {
  const { resourceSpans } = JSON.parse(text) as ExportedSpans;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return scopeSpans.flatMap((scope) => scope.spans.map(({ traceId }) => ({ traceId, service })));
  });
}

test('a request goes through the gateway to the service and back', async () => {
  const answer = await fetch(`http://${gateway.address}/api/ai/search/query/?q=red+tent`);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('"red tent"');
});

test('spans of the gateway and of the service come to who takes them in place of Jaeger, as one trace', async () => {
  await fetch(`http://${gateway.address}/api/ai/search/query/?q=tent`);
  const traces = () => [...Map.groupBy(spans, ({ traceId }) => traceId).values()];
  const servicesOf = (trace: typeof spans) => new Set(trace.map(({ service }) => service)).size;
  await expect.poll(() => Math.max(0, ...traces().map(servicesOf))).toBeGreaterThan(1);
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
