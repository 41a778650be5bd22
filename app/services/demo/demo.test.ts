import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { service } from '../test/samples.ts';
import { createDemoTraffic } from './demoTraffic.ts';
import { makeDemoRequest } from './mix.ts';
import { findDemoObstacle, findDemoTarget } from './target.ts';

test.each([
  ['the sandbox', { engineKind: 'sandbox', mode: 'dev', guard: 'open' }, null],
  ['an unlocked dev stack', { engineKind: 'docker', mode: 'dev', guard: 'open' }, null],
  ['a locked dev stack', { engineKind: 'docker', mode: 'dev', guard: 'locked' }, /unlock/],
  ['production, even unlocked', { engineKind: 'docker', mode: 'prod', guard: 'open' }, /sandbox and for dev/],
  ['a mode that is not known', { engineKind: 'docker', mode: 'unknown', guard: 'open' }, /unknown/],
  ['a read-only host', { engineKind: 'sandbox', mode: 'dev', guard: 'readOnly' }, /read-only/],
] as const)('%s', (_, facts, obstacle) => {
  if (obstacle === null) expect(findDemoObstacle(facts)).toBeNull();
  else expect(findDemoObstacle(facts)).toMatch(obstacle);
});

const port = (hostIp: string | null, hostPort: number | null) => ({
  containerPort: 8080,
  protocol: 'tcp' as const,
  hostIp,
  hostPort,
});
const topologyOf = (...ports: ReturnType<typeof port>[]) => ({
  environment: 'sandbox~shop',
  at: 0,
  services: [service('api_gateway', { kind: 'gateway', ports })],
  networks: [],
  edges: [],
});

test.each([
  ['loopback', [port('127.0.0.1', 9000)], { host: '127.0.0.1', port: 9000 }],
  ['every address', [port('0.0.0.0', 9000)], { host: '127.0.0.1', port: 9000 }],
  ['another address of the machine', [port('192.168.1.5', 9000)], { host: '192.168.1.5', port: 9000 }],
  ['not published', [port(null, null)], undefined],
])('the target of a gateway published on %s', (_, ports, expected) => {
  expect(findDemoTarget(topologyOf(...ports))).toEqual(expected);
});

test('the mix has reads, writes, sign-ins and some dead links', () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const paths = Array.from({ length: 2000 }, () => makeDemoRequest(random)).map(
    ({ method, path }) => `${method} ${path}`,
  );
  const share = (pattern: RegExp) => paths.filter((path) => pattern.test(path)).length / paths.length;
  expect(share(/\/api\/backend\//)).toBeGreaterThan(0.3);
  expect(share(/\/api\/ai\/recommender\//)).toBeGreaterThan(0.1);
  expect(share(/^POST \/api\/auth\/login\//)).toBeGreaterThan(0.01);
  expect(share(/^POST /)).toBeGreaterThan(0.1);
  expect(share(/\/products\/9\d{4}\//)).toBeGreaterThan(0.005);
  expect(makeDemoRequest(() => 0.999_999).path).toMatch(/^\/api\//);
});

test('it sends at about its rate, marked, and stops by itself', async () => {
  const marks = new Set<string | undefined>();
  let seen = 0;
  const server = createServer((request, answer) => {
    seen += 1;
    marks.add(request.headers['x-gatehouse-demo'] as string | undefined);
    answer.writeHead(seen % 2 === 0 ? 500 : 200).end('{}');
  }).listen(0, '127.0.0.1');
  await vi.waitFor(() => expect(server.listening).toBe(true));
  const target = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const demo = createDemoTraffic(Date.now);
  demo.start({ requestsPerSecond: 100, seconds: 1, findTarget: () => target });
  expect(demo.state.current).toMatchObject({ state: 'running', requestsPerSecond: 100 });
  await vi.waitFor(() => expect(demo.state.current.state).toBe('off'), { timeout: 5000 });
  expect(seen).toBeGreaterThan(50);
  expect(seen).toBeLessThanOrEqual(110);
  expect(demo.state.current.failed).toBeGreaterThan(10);
  expect([...marks]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  await new Promise((resolve) => server.close(resolve));
});

test('a server that never answers gets at most 50 requests at once', async () => {
  let open = 0;
  const server = createServer(() => {
    open += 1;
  }).listen(0, '127.0.0.1');
  await vi.waitFor(() => expect(server.listening).toBe(true));
  const target = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const demo = createDemoTraffic(Date.now);
  demo.start({ requestsPerSecond: 200, seconds: 60, findTarget: () => target });
  await vi.waitFor(() => expect(open).toBe(50), { timeout: 5000 });
  const { sent } = demo.state.current;
  await vi.waitFor(() => expect(demo.state.current.sent).toBeLessThanOrEqual(50));
  expect(sent).toBeLessThanOrEqual(50);
  demo.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
