import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../contract/index.ts';
import { planSchema } from '../../../contract/index.ts';
import { at, simulate, toEmptyStack, toImage, toNetwork, toProject } from '../../test/simulatedStack.ts';
import type { Project, Service } from '../compose/project.ts';
import type { ObservedStack } from './observedStack.ts';
import { planUp } from './planUp.ts';
import type { PlanOptions } from './preparedPlan.ts';

const port = (published: string, host_ip?: string) => ({
  target: 80,
  published,
  protocol: 'tcp',
  ...(host_ip ? { host_ip } : {}),
});
const once = (condition: string, more = {}) => ({ condition, required: true, ...more }) as never;

/** The stack as `project` leaves it. */
const up = (project: Project, options: PlanOptions = {}) => simulate(planUp(project, toEmptyStack(project), options));
const steps = ({ steps: all }: Plan) => all.map(({ action, name }) => `${action} ${name}`);
const plan = (project: Project, observed: ObservedStack = toEmptyStack(project), options: PlanOptions = {}) =>
  planUp(project, observed, options).plan;
const codes = (notes: Plan['blockers']) => notes.map(({ code, subject }) => `${code} ${subject}`);

const shop = toProject(
  {
    db: { volumes: [{ type: 'volume', source: 'data', target: '/data' }], networks: { back: null } },
    migrate: { depends_on: { db: once('service_healthy') }, networks: { back: null } },
    api: {
      networks: { back: null, front: null },
      depends_on: { db: once('service_healthy'), migrate: once('service_completed_successfully') },
    },
    web: { networks: { front: null }, ports: [port('8080')], depends_on: { api: once('service_started') } },
  },
  {
    networks: { front: { name: 'shop_front' }, back: { name: 'shop_back', internal: true } },
    volumes: { data: { name: 'shop_data' } },
  },
);

describe('from nothing', () => {
  const fresh = plan(shop);

  test('everything is created, in waves by what it needs and waits for', () => {
    expect(fresh.steps.map(({ wave, resource, name }) => `${wave} ${resource} ${name}`)).toEqual([
      '0 network shop_back',
      '0 network shop_front',
      '0 volume shop_data',
      '1 container shop-db-1',
      '2 container shop-migrate-1',
      '3 container shop-api-1',
      '4 container shop-web-1',
    ]);
  });

  test('gates say the conditions', () => {
    expect(fresh.steps.find(({ key }) => key === 'api')?.gates).toEqual([
      { service: 'db', replica: null, condition: 'healthy', required: true },
      { service: 'migrate', replica: null, condition: 'completed', required: true },
    ]);
  });

  test('it has the published shape', () => {
    expect(planSchema.parse(JSON.parse(JSON.stringify(fresh)))).toEqual(fresh);
  });

  test('ports are opened and volumes made', () => {
    expect(fresh.ports).toEqual({
      opened: [{ service: 'web', hostIp: '', hostPort: 8080, containerPort: 80, protocol: 'tcp' }],
      closed: [],
    });
    expect(fresh.volumes).toMatchObject([{ name: 'shop_data', fate: 'created', services: ['db'] }]);
  });
});

test('what is as it should be is left alone, and a job that is done stays done', () => {
  const again = plan(shop, up(shop));
  expect(again.steps).toEqual([]);
  expect(again.unchanged).toEqual(['api', 'db', 'migrate', 'web']);
});

test('one changed field recreates one service, and says the field', () => {
  const changed = toProject({ a: { environment: { X: '2' } }, b: {} });
  const seen = up(toProject({ a: { environment: { X: '1' } }, b: {} }));
  const { steps: all, unchanged } = plan(changed, seen);
  expect(all).toMatchObject([
    { action: 'recreate', name: 'shop-a-1', changes: [{ field: 'environment.X', from: '1', to: '2' }] },
  ]);
  expect(unchanged).toEqual(['b']);
});

describe('the life of a container whose spec is right', () => {
  const project = toProject({ a: {} });
  const cases: [ObservedStack['containers'][number]['state'], string[]][] = [
    ['running', []],
    ['restarting', []],
    ['exited', ['start shop-a-1']],
    ['created', ['start shop-a-1']],
    ['paused', ['unpause shop-a-1']],
    ['dead', ['recreate shop-a-1']],
  ];
  test.each(cases)('%s', (state, expected) => {
    const seen = up(project);
    const containers = seen.containers.map((one) => ({ ...one, state }));
    expect(steps(plan(project, { ...seen, containers }))).toEqual(expected);
  });

  test('a job that failed is run again', () => {
    const seen = up(shop);
    const containers = seen.containers.map((one) => (one.service === 'migrate' ? { ...one, exitCode: 1 } : one));
    expect(steps(plan(shop, { ...seen, containers }))).toEqual(['start shop-migrate-1']);
  });
});

describe('replicas', () => {
  const scaled = (scale: number) => toProject({ a: { scale } });

  test('fewer: the highest numbers go', () => {
    expect(steps(plan(scaled(1), up(scaled(3))))).toEqual(['remove shop-a-2', 'remove shop-a-3']);
  });

  test('more: the numbers go on', () => {
    expect(steps(plan(scaled(3), up(scaled(1))))).toEqual(['create shop-a-2', 'create shop-a-3']);
  });

  test('a change goes through them one at a time, each after the one before is well', () => {
    const probe = { healthcheck: { test: ['CMD', 'probe'] } };
    const before = toProject({ a: { scale: 3, ...probe } });
    const { steps: all, downtime } = plan(toProject({ a: { scale: 3, command: ['new'], ...probe } }), up(before));
    expect(
      all.map(({ wave, name, gates }) => [wave, name, gates.map((gate) => `${gate.replica} ${gate.condition}`)]),
    ).toEqual([
      [0, 'shop-a-1', []],
      [1, 'shop-a-2', ['1 healthy']],
      [2, 'shop-a-3', ['2 healthy']],
    ]);
    expect(downtime).toMatchObject([{ service: 'a', leastMs: 0, mostMs: 0 }]);
  });

  test('what a broken-off exchange left over is removed, and the right one kept', () => {
    const project = toProject({ a: {} });
    const seen = up(project);
    const [real] = seen.containers;
    if (!real) throw new Error('no container');
    const copy = { ...real, id: 'f'.repeat(64), name: `${real.id.slice(0, 12)}_shop-a-1`, state: 'created' as const };
    expect(steps(plan(project, { ...seen, containers: [copy, real] }))).toEqual([`remove ${copy.name}`]);
  });
});

describe('who depends on what is made anew', () => {
  test('is restarted only where depends_on says so', () => {
    const of = (command: string) =>
      toProject({
        db: { command: [command] },
        a: { depends_on: { db: once('service_started', { restart: true }) } },
        b: { depends_on: { db: once('service_started') } },
      });
    expect(steps(plan(of('new'), up(of('old'))))).toEqual(['recreate shop-db-1', 'restart shop-a-1']);
  });

  test('is made anew when it uses its namespaces', () => {
    const of = (command: string) => toProject({ db: { command: [command] }, side: { network_mode: 'service:db' } });
    expect(plan(of('same'), up(of('same'))).steps).toEqual([]);
    expect(steps(plan(of('new'), up(of('old'))))).toEqual(['recreate shop-db-1', 'recreate shop-side-1']);
  });
});

test('a network that must change is made anew, with a stop before and its containers after', () => {
  const of = (internal: boolean) => toProject({ a: {} }, { networks: { default: { name: 'shop_default', internal } } });
  const { steps: all } = plan(of(true), up(of(false)));
  expect(all.map(({ wave, action, resource, name }) => `${wave} ${action} ${resource} ${name}`)).toEqual([
    '0 stop container shop-a-1',
    '1 recreate network shop_default',
    '2 recreate container shop-a-1',
  ]);
  expect(all[1]?.changes).toEqual([{ field: 'internal', from: 'false', to: 'true', masked: false }]);
});

test('of two networks of one name the idle one goes before any container starts: the engine knows them apart no more', () => {
  const project = toProject({ a: {}, b: {} });
  const seen = up(project);
  const double = { ...seen.networks.shop_default, doubles: ['f'.repeat(64)] } as ObservedStack['networks'][string];
  const containers = seen.containers.map((one) => ({ ...one, state: 'exited' as const }));
  const { steps: all } = plan(project, { ...seen, containers, networks: { shop_default: double } });
  expect(all.map(({ wave, action, name }) => `${wave} ${action} ${name}`)).toEqual([
    '0 remove shop_default (ffffffffffff)',
    '1 start shop-a-1',
    '1 start shop-b-1',
  ]);
  expect(all[0]?.target).toBe('f'.repeat(64));
});

test('a network that somebody made anew under the same name takes its containers along', () => {
  const project = toProject({ a: {} });
  const seen = up(project);
  const moved = { ...seen.networks.shop_default, id: 'another' } as ObservedStack['networks'][string];
  expect(steps(plan(project, { ...seen, networks: { shop_default: moved } }))).toEqual(['recreate shop-a-1']);
});

describe('images', () => {
  const project = (pull_policy?: string) => toProject({ a: pull_policy ? { pull_policy } : {} });
  const withImages = (given: Project, images: ObservedStack['images']) => toEmptyStack(given, { images });
  const image = 'shop/app:1';

  test.each([
    ['missing', undefined, ['pull shop/app:1', 'create shop_default', 'create shop-a-1'], 'toPull'],
    ['missing, and never pulled', 'never', ['create shop_default', 'create shop-a-1'], 'missing'],
  ] as const)('%s', (_, policy, expected, state) => {
    const made = plan(project(policy), withImages(project(policy), { [image]: null }));
    expect(steps(made)).toEqual(expected);
    expect(made.images).toMatchObject([{ reference: image, state }]);
    expect(codes(made.blockers)).toEqual(state === 'missing' ? [`image-missing ${image}`] : []);
  });

  test('one that is always pulled makes containers anew only when it is another one', () => {
    const made = plan(project('always'), up(project()));
    expect(made.steps).toMatchObject([
      { action: 'pull', name: image },
      { action: 'recreate', name: 'shop-a-1', onlyIfNewImage: image, needs: ['image shop/app:1'] },
    ]);
  });

  test('one that is built is named after project and service', () => {
    const built = toProject({ a: { image: '', build: { context: '/srv' } } });
    const made = plan(built, withImages(built, { 'shop-a': null }));
    expect(steps(made)).toEqual(['build shop-a', 'create shop_default', 'create shop-a-1']);
  });
});

describe('what cannot be applied says why', () => {
  const seen = (project: Project, given: Partial<ObservedStack>) => plan(project, toEmptyStack(project, given));
  const published = toProject({ web: { ports: [port('8080', '127.0.0.1')] } });
  const holder = (hostIp: string) => ({
    takenPorts: [{ hostIp, hostPort: 8080, protocol: 'tcp', container: 'other-web-1', project: 'other' }],
  });

  test.each([
    ['0.0.0.0', ['port-taken web']],
    ['127.0.0.1', ['port-taken web']],
    ['192.168.0.1', []],
  ])('a port that another container has on %s', (hostIp, expected) => {
    expect(codes(seen(published, holder(hostIp)).blockers)).toEqual(expected);
  });

  test('the message names who has it', () => {
    const [blocker] = seen(published, holder('0.0.0.0')).blockers;
    expect(blocker?.message).toBe(
      'service "web" publishes port 127.0.0.1:8080, which the container other-web-1 of the project "other" has.',
    );
  });

  test.each<[string, Project, Partial<ObservedStack>, string[], PlanOptions?]>([
    [
      'two services with one port',
      toProject({ a: { ports: [port('80')] }, b: { ports: [port('80')] } }),
      {},
      ['port-twice b'],
    ],
    ['replicas with a fixed port', toProject({ a: { scale: 2, ports: [port('80')] } }), {}, ['scaled-port a']],
    [
      'replicas with a range that is too small',
      toProject({ a: { scale: 3, ports: [port('80-81')] } }),
      {},
      ['scaled-port a'],
    ],
    ['replicas with a range', toProject({ a: { scale: 2, ports: [port('80-81')] } }), {}, []],
    ['replicas with a name', toProject({ a: { scale: 2, container_name: 'box' } }), {}, ['scaled-name a']],
    [
      'a name that is taken',
      toProject({ a: {} }),
      { neighbours: { 'shop-a-1': { id: 'x', project: null } } },
      ['name-taken a'],
    ],
    [
      'an external network that is not there',
      toProject({ a: {} }, { networks: { default: { name: 'ext', external: true } } }),
      {},
      ['network-missing ext'],
    ],
    [
      'an external volume that is not there',
      toProject(
        { a: { volumes: [{ type: 'volume', source: 'v', target: '/v' }] } },
        { volumes: { v: { name: 'ext', external: true } } },
      ),
      {},
      ['volume-missing ext'],
    ],
    [
      'a secret without its file',
      toProject({ a: { secrets: [{ source: 's' }] } }, { secrets: { s: { name: 's', file: '/gone' } } }),
      { files: { '/gone': 'missing' } },
      ['secret-missing a'],
    ],
    [
      'a secret without its variable',
      toProject({ a: { secrets: [{ source: 's' }] } }, { secrets: { s: { name: 's', environment: 'TOKEN' } } }),
      {},
      ['secret-missing a'],
      { variableValues: { secrets: {}, configs: {} } },
    ],
    [
      'a secret that cannot be copied in',
      toProject(
        { a: { read_only: true, secrets: [{ source: 's' }] } },
        { secrets: { s: { name: 's', environment: 'T' } } },
      ),
      {},
      ['secret-read-only a'],
      { variableValues: { secrets: { s: 'value' }, configs: {} } },
    ],
    ['a key that is not supported', toProject({ a: { post_start: [] } as Partial<Service> }), {}, ['unsupported a']],
    [
      'a probe that the engine is too old for',
      toProject({ a: { healthcheck: { test: ['CMD', 'x'], start_interval: '1s' } } }),
      { defaults: { loggingDriver: '', runtime: '', cgroupVersion: '1', apiVersion: '1.41' } },
      ['unsupported a'],
    ],
  ])('%s', (_, project, given, expected, options) => {
    expect(codes(plan(project, toEmptyStack(project, given), options).blockers)).toEqual(expected);
  });

  test('a network of somebody else', () => {
    const project = toProject({ a: {} });
    const prepared = planUp(project, toEmptyStack(project));
    const foreign = { ...toNetwork({ name: 'shop_default', key: 'default' }, prepared), labels: {} };
    expect(codes(seen(project, { networks: { shop_default: foreign } }).blockers)).toEqual([
      'network-foreign shop_default',
    ]);
  });
});

describe('warnings', () => {
  test('a port of a service that is only on internal networks', () => {
    const project = toProject({ a: { ports: [port('80')] } }, { networks: { default: { name: 'n', internal: true } } });
    expect(codes(plan(project).warnings)).toEqual(['port-listens-nowhere a']);
  });

  test('what the loader has to say of the files', () => {
    const project = toProject({ a: {} });
    const message = 'services.a.ports: [] takes nothing away from an earlier file; write !reset []';
    const made = plan(project, toEmptyStack(project), { fileWarnings: [{ place: 'prod.yaml:3:5', message }] });
    expect(made.warnings).toMatchObject([{ code: 'compose-file', message: `prod.yaml:3:5: ${message}` }]);
  });

  test('a folder that the engine would make up', () => {
    const volumes = [{ type: 'bind' as const, source: '/gone', target: '/x', bind: { create_host_path: true } }];
    const project = toProject({ a: { volumes } });
    expect(codes(plan(project, toEmptyStack(project, { files: { '/gone': 'missing' } })).warnings)).toEqual([
      'file-missing a',
    ]);
  });
});

describe('leftovers', () => {
  const before = up(toProject({ a: {}, old: { ports: [port('80')] } }));
  const project = toProject({ a: {}, young: { ports: [port('80')] } });

  test('are said, and stay', () => {
    const made = plan(toProject({ a: {} }), before);
    expect([steps(made), codes(made.warnings), made.orphans]).toEqual([
      [],
      ['orphans shop'],
      [{ container: 'shop-old-1', service: 'old' }],
    ]);
  });

  test('whose port is needed are a blocker while they stay', () => {
    expect(codes(plan(project, before).blockers)).toEqual(['port-taken young']);
  });

  test('are removed before what needs their port', () => {
    const made = plan(project, before, { removeOrphans: true });
    expect(made.steps.map(({ wave, action, name }) => `${wave} ${action} ${name}`)).toEqual([
      '0 remove shop-old-1',
      '1 create shop-young-1',
    ]);
    expect(made.blockers).toEqual([]);
  });

  test('behind a profile that is off are none', () => {
    expect(plan(toProject({ a: {} }), before, { inactive: ['old'] }).orphans).toEqual([]);
  });
});

test('a port that moves from one service to another is closed before it is opened', () => {
  const of = (a: string, b: string) => toProject({ a: { ports: [port(a)] }, b: { ports: [port(b)] } });
  const made = plan(of('81', '80'), up(of('80', '82')));
  expect(made.steps.map(({ wave, name }) => `${wave} ${name}`)).toEqual(['0 shop-a-1', '1 shop-b-1']);
  expect(made.ports.closed.map(({ hostPort }) => hostPort)).toEqual([80, 82]);
});

describe('chosen services', () => {
  test('come with what they depend on', () => {
    expect(steps(plan(shop, toEmptyStack(shop), { services: ['migrate'] }))).toEqual([
      'create shop_back',
      'create shop_data',
      'create shop-db-1',
      'create shop-migrate-1',
    ]);
  });

  test('or alone', () => {
    const made = plan(shop, toEmptyStack(shop), { services: ['api'], withDependencies: false });
    expect(made.steps.find(({ key }) => key === 'api')?.gates).toEqual([]);
    expect(made.steps.filter(({ resource }) => resource === 'container')).toHaveLength(1);
  });

  test('that are not there are an error', () => {
    expect(() => plan(shop, toEmptyStack(shop), { services: ['nope'] })).toThrow(/has no service "nope"/);
  });
});

test('a circle is named', () => {
  const depends = (name: string) => ({ depends_on: { [name]: once('service_started') } });
  expect(() => plan(toProject({ a: depends('b'), b: depends('c'), c: depends('a') }))).toThrow('a → b → c → a');
});

test('a dependency that is not there is an error, unless it is not required', () => {
  const of = (required: boolean) => toProject({ a: { depends_on: { x: once('service_started', { required }) } } });
  expect(() => plan(of(true))).toThrow('service "a" depends on "x"');
  expect(steps(plan(of(false)))).toContain('create shop-a-1');
});

test('the fingerprint knows what somebody did, and not what happens by itself', () => {
  const seen = up(shop);
  const of = (observed: ObservedStack) => plan(shop, observed).fingerprint;
  const alter = (given: object) => ({ ...seen, containers: seen.containers.map((one) => ({ ...one, ...given })) });
  expect(of(alter({ health: 'unhealthy', restarts: 7, startedAt: at }))).toBe(of(seen));
  expect(of(alter({ state: 'exited' }))).not.toBe(of(seen));
  expect(of({ ...seen, containers: seen.containers.slice(1) })).not.toBe(of(seen));
  expect(of({ ...seen, images: { 'shop/app:1': toImage({}, 'sha256:b') } })).not.toBe(of(seen));
});
