// Faults as they come into files in practice, planted into the production files of the platform.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Posture } from '../../../contract/index.ts';
import { judgeFiles } from '../judgeFiles.ts';

const platform = join(import.meta.dirname, '../../../../resources/platform');
const root = mkdtempSync(join(tmpdir(), 'gh-posture-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Fault {
  /** An override of the production file. */
  compose?: object;
  /** A change of the gateway's configuration. */
  gateway?: (config: { routes: Record<string, unknown>[]; trustedProxies: string[] }) => void;
}

const service = (name: string, change: object): Fault => ({ compose: { services: { [name]: change } } });

/** A copy of the platform's files, in which the production mode has the fault as its last file. */
function plant({ compose = {}, gateway }: Fault): string {
  const folder = mkdtempSync(join(root, 'stack-'));
  for (const name of ['docker-compose.prod.yaml', 'gatehouse.waivers.yaml'])
    copyFileSync(join(platform, name), join(folder, name));
  const config = parse(readFileSync(join(platform, 'gateway.yaml'), 'utf8'));
  gateway?.(config);
  writeFileSync(join(folder, 'gateway.yaml'), stringify(config));
  writeFileSync(join(folder, 'fault.yaml'), stringify(compose));
  const modes = { prod: { files: ['docker-compose.prod.yaml', 'fault.yaml'] } };
  writeFileSync(join(folder, 'docker-compose.yaml'), stringify({ 'x-gatehouse': { modes }, services: {} }));
  mkdirSync(join(folder, 'secrets'));
  return folder;
}

const judge = (fault: Fault) =>
  judgeFiles({ folder: plant(fault), mode: 'prod', environment: {}, now: () => Date.UTC(2026, 10, 28) });

const toFailures = ({ rules }: Posture) =>
  rules.flatMap(({ id, evidence }) =>
    evidence
      .filter(({ status }) => status === 'fail')
      .flatMap(({ subjects }) => subjects.map((subject) => `${id} ${subject}`)),
  );

const before = judge({}).then((posture) => new Set(toFailures(posture)));

const faults: readonly (readonly [what: string, fault: Fault, ...failures: string[]])[] = [
  ['postgres is published', service('postgres', { ports: ['5432:5432'] }), 'exposure.edge-only postgres'],
  [
    'the gateway is published past the edge',
    service('api_gateway', { ports: ['0.0.0.0:8080:8080'] }),
    'exposure.edge-only api_gateway',
  ],
  [
    'Grafana is published on loopback',
    service('grafana', { ports: ['127.0.0.1:3000:3000'] }),
    'exposure.loopback grafana',
  ],
  ['the edge publishes its status', service('nginx', { ports: ['8081:8081'] }), 'exposure.edge-ports nginx'],
  [
    'the backend network is not internal',
    { compose: { networks: { backend_network: { internal: false } } } },
    'network.internal backend_network',
  ],
  [
    'the engine’s socket is mounted',
    service('prometheus', { volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro'] }),
    'exposure.docker-socket prometheus',
  ],
  ['elasticsearch is privileged', service('elasticsearch', { privileged: true }), 'isolation.privileged elasticsearch'],
  [
    'Grafana has its default password',
    service('grafana', { environment: { GF_SECURITY_ADMIN_PASSWORD__FILE: '' } }),
    'secrets.default-password grafana',
  ],
  [
    'RabbitMQ has a common password',
    service('rabbitmq', { environment: { RABBITMQ_DEFAULT_PASS: 'guest' } }),
    'secrets.default-password rabbitmq',
    'secrets.environment rabbitmq',
  ],
  ['the edge is on the backend network', service('nginx', { networks: ['backend_network'] }), 'reach.edge nginx'],
  [
    'a service is on the other network',
    service('recommender', { networks: ['backend_network'] }),
    'reach.foreign-store recommender',
  ],
  [
    'redis is on the network of monitoring',
    service('redis', { networks: ['monitoring_network'] }),
    'reach.monitored-store redis',
  ],
  [
    'a key is in the environment',
    service('chatbot', { environment: { OPENAI_API_KEY: 'kX9vQ2mW7pLr' } }),
    'secrets.environment chatbot',
  ],
  [
    'a password is an argument',
    service('pricing', { command: ['pricing', '--db-password', 'kX9vQ2mW7pLr'] }),
    'secrets.arguments pricing',
  ],
  [
    'a service is in the host’s processes',
    service('celery_beat', { pid: 'host' }),
    'isolation.host-namespaces celery_beat',
  ],
  [
    'a service may change the network',
    service('search', { cap_add: ['NET_ADMIN'] }),
    'isolation.capabilities-added search',
  ],
  [
    'no filter of system calls',
    service('vision', { security_opt: ['seccomp:unconfined'] }),
    'isolation.seccomp vision',
  ],
  [
    'a folder of the host is mounted',
    service('jaeger', { volumes: ['/etc:/host/etc:ro'] }),
    'isolation.host-folders jaeger',
  ],
  ['faults can be asked for', service('fraud', { environment: { GATEHOUSE_FAULTS: '1' } }), 'runtime.debug fraud'],
  [
    'the gateway believes everybody',
    { gateway: (config) => config.trustedProxies.push('0.0.0.0/0') },
    'gateway.trusted-proxies gateway',
  ],
  ['root is forced', service('redis', { user: 'root' }), 'isolation.said-root redis'],
  ['the root can be written', service('forecasting', { read_only: false }), 'isolation.read-only forecasting'],
  ['an image is the newest', service('qdrant', { image: 'qdrant/qdrant:latest' }), 'image.version qdrant'],
  ['a service stays down', service('celery_worker', { restart: 'on-failure' }), 'runtime.restart celery_worker'],
  ['nobody probes', service('pgbouncer', { healthcheck: { disable: true } }), 'runtime.health pgbouncer'],
  [
    'a service logs everything',
    service('backend', { environment: { LOG_LEVEL: 'DEBUG' } }),
    'runtime.log-level backend',
  ],
  [
    'bodies of 2 GiB are taken',
    { gateway: ({ routes }) => Object.assign(routes[0] ?? {}, { bodyLimitBytes: 2 ** 31 }) },
    'gateway.sizes auth',
  ],
];

/** What it touches: two faults in one place, or two that move networks, would hide each other. */
function toPlaces({ compose = {}, gateway }: Fault): string[] {
  const { services = {}, networks } = compose as { services?: Record<string, object>; networks?: object };
  const movesNetworks = networks !== undefined || Object.values(services).some((change) => 'networks' in change);
  return [...Object.keys(services), ...(movesNetworks ? ['networks'] : []), ...(gateway ? ['gateway'] : [])];
}

type Planted = (typeof faults)[number];

/** As few stacks as can be, each with faults that have nothing to do with each other: reading one takes its time. */
const batches = faults.reduce<Planted[][]>((all, fault) => {
  const isFree = (batch: readonly Planted[]) => {
    const taken = batch.flatMap(([, one]) => toPlaces(one));
    return !toPlaces(fault[1]).some((place) => taken.includes(place));
  };
  const batch = all.find(isFree);
  if (batch) batch.push(fault);
  else all.push([fault]);
  return all;
}, []);

const together = (batch: readonly Planted[]): Fault => ({
  compose: {
    services: Object.assign({}, ...batch.map(([, { compose }]) => (compose as { services?: object })?.services)),
    ...Object.assign({}, ...batch.map(([, { compose }]) => compose && 'networks' in compose && compose)),
  },
  gateway: (config) => {
    for (const [, { gateway }] of batch) gateway?.(config);
  },
});

test('there are 25 and more', () => {
  expect(faults.length).toBeGreaterThanOrEqual(25);
});

test.each(batches.map((batch) => [batch.map(([what]) => what).join('; '), batch] as const))('%s', async (_, batch) => {
  const posture = await judge(together(batch));
  const known = await before;
  const expected = batch.flatMap(([, , ...failures]) => failures);
  const found = toFailures(posture).filter((failure) => !known.has(failure));
  expect(found.sort()).toEqual(expected.sort());
  // The critical ones stand first.
  const severities = posture.rules.filter(({ status }) => status === 'fail').map(({ severity }) => severity);
  const order = ['critical', 'high', 'medium', 'low', 'info'];
  expect(severities).toEqual(severities.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  expect(posture.verdict.headline).toMatch(/^Production is not closed: \d/);
});

test('the platform’s own production files are clean: what fails is waived with a reason, and no waiver is idle', async () => {
  const posture = await judge({});
  expect(toFailures(posture)).toEqual([]);
  expect(posture.waivers).toEqual({ file: 'gatehouse.waivers.yaml', problem: null, notes: [] });
  // By its files alone: only what a running stack shows is not known.
  const unknown = posture.rules.filter(({ status }) => status === 'unknown').map(({ id }) => id.split('.')[0]);
  expect([...new Set(unknown)].sort()).toEqual(['edge', 'image', 'isolation', 'secrets', 'tls']);
});
