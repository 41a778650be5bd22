import { expect, test } from 'vitest';
import { breaker, container, now, observed, route } from '../test/samples.ts';
import { loadText } from './compose/test/loadText.ts';
import { type TopologyFacts, toTopology } from './toTopology.ts';

const { project: declared } = await loadText(`
services:
  api: { image: shop/api:1, networks: [front, back], depends_on: [db], expose: ["8000"] }
  db: { image: postgres:16, networks: [back], ports: ["5432:5432"] }
networks: { front: , back: { internal: true } }
`);

const facts = (given: Partial<TopologyFacts> = {}): TopologyFacts => ({
  environment: 'docker~shop',
  project: 'shop',
  observed: undefined,
  isStale: false,
  declared: null,
  gateway: null,
  now,
  ...given,
});

const inNetworks = (...names: string[]) => names.map((name) => ({ name, address: '10.0.0.2', aliases: [] }));
const find = (given: Partial<TopologyFacts>, name: string) =>
  toTopology(facts(given)).services.find((service) => service.name === name);

test('a file alone: services are declared and unknown, ports are not bound', () => {
  const topology = toTopology(facts({ declared }));
  expect(topology.services.map(({ name, level, statusText }) => [name, level, statusText])).toEqual([
    ['api', 'unknown', 'declared, not created'],
    ['db', 'unknown', 'declared, not created'],
  ]);
  expect(topology.services[1]).toMatchObject({
    kind: 'store',
    ports: [{ containerPort: 5432, protocol: 'tcp', hostIp: null, hostPort: null }],
  });
  expect(topology.networks).toEqual([
    { name: 'back', internal: null, services: ['api', 'db'] },
    { name: 'front', internal: null, services: ['api'] },
  ]);
  expect(topology.edges).toEqual([{ from: 'api', to: 'db', kind: 'declared', routes: [] }]);
});

test('containers group by service, replicas in the order of their numbers', () => {
  const names = ['shop-api-10', 'shop-api-2', 'shop-api-1'];
  const seen = observed(names.map((name) => container({ id: name, name })));
  expect(find({ observed: seen }, 'api')?.containers.map(({ name }) => name)).toEqual([
    'shop-api-1',
    'shop-api-2',
    'shop-api-10',
  ]);
});

test('what compose run made, and what has no service, are no services', () => {
  const seen = observed([container({ id: '1', oneOff: true }), container({ id: '2', service: null })]);
  expect(toTopology(facts({ observed: seen })).services).toEqual([]);
});

test('networks lose the project’s prefix; an internal one is said by the engine', () => {
  const seen = observed([container({ networks: inNetworks('shop_back', 'other_net') })], {
    networks: [
      { id: '1', name: 'shop_back', internal: true, project: 'shop', composeName: 'back' },
      { id: '2', name: 'other_net', internal: false, project: 'other', composeName: 'net' },
    ],
  });
  const topology = toTopology(facts({ observed: seen }));
  expect(topology.networks).toEqual([
    { name: 'back', internal: true, services: ['api'] },
    { name: 'other_net', internal: false, services: ['api'] },
  ]);
});

test('a sandbox cannot keep networks apart: internal is not known', () => {
  const seen = observed([container({ networks: inNetworks('shop_back') })], {
    engine: { name: 'gatehouse-sandbox', version: '1', isSandbox: true },
    networks: [{ id: '1', name: 'shop_back', internal: true, project: 'shop', composeName: 'back' }],
  });
  expect(toTopology(facts({ observed: seen })).networks[0]?.internal).toBeNull();
});

test('a stand-in is one only where the engine says it is a sandbox', () => {
  const one = container({ labels: { 'gatehouse.stand-in': 'postgres' } });
  const sandbox = { name: 's', version: '1', isSandbox: true };
  expect(find({ observed: observed([one], { engine: sandbox }) }, 'api')?.standInFor).toBe('postgres');
  expect(find({ observed: observed([one]) }, 'api')?.standInFor).toBeNull();
});

test('dependencies come from the container’s label, and a dependency that is awaited is done', () => {
  const seen = observed([
    container({ labels: { 'com.docker.compose.depends_on': 'migrate:service_completed_successfully:false,gone:x:y' } }),
    container({ service: 'migrate', state: 'exited', exitCode: 0, health: 'none' }),
  ]);
  const topology = toTopology(facts({ observed: seen }));
  expect(topology.services[0]?.dependsOn).toEqual([
    { service: 'migrate', condition: 'completed' },
    { service: 'gone', condition: 'started' },
  ]);
  expect(topology.services[1]).toMatchObject({ level: 'ok', statusText: 'done' });
  expect(topology.edges).toEqual([{ from: 'api', to: 'migrate', kind: 'declared', routes: [] }]);
});

test('a lost engine leaves no level known', () => {
  const seen = observed([container()]);
  expect(find({ observed: seen, isStale: true }, 'api')).toMatchObject({
    level: 'unknown',
    statusText: 'last seen: healthy',
  });
});

test('routes and breakers come to the service that a target names', () => {
  const gateway = {
    routes: [route('api', 'http://api:8000'), route('away', 'http://elsewhere:1')],
    breakers: [
      breaker('api', { target: 'http://api:8000', state: 'half-open' }),
      breaker('api2', { target: 'http://api:8001', state: 'open' }),
    ],
  };
  const seen = observed([container(), container({ service: 'gw', image: 'gatehouse/api-gateway:1' })]);
  const topology = toTopology(facts({ observed: seen, gateway }));
  expect(topology.services[0]).toMatchObject({ name: 'api', routes: ['api'], breaker: 'open' });
  expect(topology.edges).toEqual([{ from: 'gw', to: 'api', kind: 'route', routes: ['api'] }]);
});

test('the same port published on two addresses is two ports, seen twice it is one', () => {
  const ports = [
    { containerPort: 80, protocol: 'tcp' as const, hostIp: '0.0.0.0', hostPort: 8080 },
    { containerPort: 80, protocol: 'tcp' as const, hostIp: '::', hostPort: 8080 },
  ];
  const seen = observed([container({ id: '1', ports }), container({ id: '2', ports })]);
  expect(find({ observed: seen }, 'api')?.ports).toEqual(ports);
});
