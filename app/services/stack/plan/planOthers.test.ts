import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../contract/index.ts';
import { simulate, toEmptyStack, toProject } from '../../test/simulatedStack.ts';
import type { Project, Service } from '../compose/project.ts';
import type { ObservedStack } from './observedStack.ts';
import { planDown } from './planDown.ts';
import { planRestart } from './planRestart.ts';
import { planScale } from './planScale.ts';
import { planSwitch } from './planSwitch.ts';
import { planUp } from './planUp.ts';
import type { SwitchOptions } from './preparedPlan.ts';

const once = (condition: string) => ({ condition, required: true }) as never;
const up = (project: Project, mode: string | null = null, observed = toEmptyStack(project)) =>
  simulate(planUp(project, observed, { mode }));
const waves = ({ steps }: Plan) => steps.map(({ wave, action, name }) => `${wave} ${action} ${name}`);
const codes = (notes: Plan['blockers']) => notes.map(({ code, subject }) => `${code} ${subject}`);

const data: Partial<Service> = { volumes: [{ type: 'volume', source: 'data', target: '/data' }] };
const shop = toProject(
  {
    db: data,
    api: { depends_on: { db: once('service_started') } },
    web: { depends_on: { api: once('service_started') } },
  },
  { volumes: { data: { name: 'shop_data' } } },
);

describe('down', () => {
  const removal = ['0 remove shop-web-1', '1 remove shop-api-1', '2 remove shop-db-1'];

  test('takes dependents first, then networks, and keeps volumes', () => {
    const { plan } = planDown(shop, up(shop));
    expect(waves(plan)).toEqual([...removal, '3 remove shop_default']);
    expect(plan.volumes).toMatchObject([{ name: 'shop_data', fate: 'kept' }]);
  });

  test('volumes go only when that was asked twice', () => {
    const once = planDown(shop, up(shop), { removeVolumes: true }).plan;
    expect([codes(once.blockers), waves(once).length]).toEqual([['volumes-not-confirmed shop'], 4]);
    const wrong = planDown(shop, up(shop), { removeVolumes: true, confirmVolumes: 'shopp' }).plan;
    expect(codes(wrong.blockers)).toEqual(['volumes-not-confirmed shop']);
    const twice = planDown(shop, up(shop), { removeVolumes: true, confirmVolumes: 'shop' }).plan;
    expect([codes(twice.blockers), waves(twice)]).toEqual([
      [],
      [...removal, '3 remove shop_default', '3 remove shop_data'],
    ]);
  });

  test('without files, the labels say the order', () => {
    expect(waves(planDown(null, up(shop)).plan)).toEqual([...removal, '3 remove shop_default']);
  });

  test('labels that go in a circle are no trap', () => {
    const seen = up(shop);
    const containers = seen.containers.map((one) => ({
      ...one,
      labels: { ...one.labels, 'com.docker.compose.depends_on': 'db:a:b,api:a:b,web:a:b' },
    }));
    expect(waves(planDown(null, { ...seen, containers }).plan)).toHaveLength(4);
  });

  test('one service alone leaves the networks', () => {
    expect(waves(planDown(shop, up(shop), { services: ['web'] }).plan)).toEqual(['0 remove shop-web-1']);
  });

  test('a second network of the same name goes too', () => {
    const seen = up(shop);
    const double = { ...seen.networks.shop_default, doubles: ['e'.repeat(64)] };
    const { plan } = planDown(shop, { ...seen, networks: { shop_default: double } as ObservedStack['networks'] });
    expect(waves(plan).sort()).toEqual(
      [...removal, '3 remove shop_default', '0 remove shop_default (eeeeeeeeeeee)'].sort(),
    );
  });

  test('a network with somebody else on it stays, and that is said', () => {
    const seen = up(shop);
    const guest = { ...seen.networks.shop_default, members: [{ id: 'x', name: 'guest' }] };
    const { plan } = planDown(shop, { ...seen, networks: { shop_default: guest } as ObservedStack['networks'] });
    expect([waves(plan), codes(plan.warnings)]).toEqual([removal, ['network-in-use shop_default']]);
  });

  test('leftovers stay unless they are asked for', () => {
    const seen = up(toProject({ a: {}, old: {} }));
    const project = toProject({ a: {} });
    expect(codes(planDown(project, seen).plan.warnings)).toEqual(['orphans shop']);
    expect(waves(planDown(project, seen, { removeOrphans: true }).plan)).toContain('0 remove shop-old-1');
  });
});

describe('restart', () => {
  test('goes in the order of dependencies', () => {
    expect(waves(planRestart(shop, up(shop)).plan)).toEqual([
      '0 restart shop-db-1',
      '1 restart shop-api-1',
      '2 restart shop-web-1',
    ]);
  });

  test('takes replicas one at a time', () => {
    const project = toProject({ a: { scale: 2, healthcheck: { test: ['CMD', 'x'] } } });
    const { plan } = planRestart(project, up(project));
    expect(waves(plan)).toEqual(['0 restart shop-a-1', '1 restart shop-a-2']);
    expect(plan.steps[1]?.gates).toEqual([{ service: 'a', replica: 1, condition: 'healthy', required: true }]);
  });

  test('leaves jobs that are done, unless they are named', () => {
    const project = toProject({ job: {}, a: { depends_on: { job: once('service_completed_successfully') } } });
    expect(waves(planRestart(project, up(project)).plan)).toEqual(['0 restart shop-a-1']);
    expect(waves(planRestart(project, up(project), { services: ['job'] }).plan)).toEqual(['0 restart shop-job-1']);
  });

  test('names what it does not know', () => {
    expect(() => planRestart(null, up(shop), { services: ['nope'] })).toThrow(
      expect.objectContaining({ code: 'service-unknown', remedy: 'It has api, db, web.' }),
    );
  });
});

describe('scale', () => {
  test('changes the number, and nothing that differs besides', () => {
    const changed = toProject({ a: { command: ['new'] }, b: { command: ['new'] } });
    const { plan } = planScale(changed, up(toProject({ a: {}, b: {} })), { scale: { a: 2 } });
    expect(waves(plan)).toEqual(['0 create shop-a-2']);
  });

  test('a service with a fixed port is refused', () => {
    const project = toProject({ a: { ports: [{ target: 80, published: '80' }] } });
    expect(codes(planScale(project, up(project), { scale: { a: 2 } }).plan.blockers)).toEqual(['scaled-port a']);
  });
});

describe('switch', () => {
  const ports = [{ target: 80, published: '8080' }];
  const dev = toProject(
    { db: { ...data, ports }, tool: {} },
    { volumes: { data: { name: 'shop_data_dev' } }, networks: { default: { name: 'shop_default' } } },
  );
  const prod = toProject(
    { db: { ...data, restart: 'always' } },
    { volumes: { data: { name: 'shop_data_prod' } }, networks: { default: { name: 'shop_default', internal: true } } },
  );
  const to = (project: Project, observed: ObservedStack, mode: string, given: Partial<SwitchOptions> = {}) =>
    planSwitch(observed, project, { mode, ...given });

  test('is one plan: what only the old mode has goes, ports close, networks change', () => {
    const { plan } = to(prod, up(dev, 'dev'), 'prod');
    expect(plan.mode).toEqual({ from: 'dev', to: 'prod' });
    expect(waves(plan)).toEqual([
      '0 stop shop-db-1',
      '0 stop shop-tool-1',
      '0 create shop_data_prod',
      '1 remove shop-tool-1',
      '1 recreate shop_default',
      '2 recreate shop-db-1',
    ]);
    expect(plan.ports.closed).toMatchObject([{ service: 'db', hostPort: 8080 }]);
    expect(plan.blockers).toEqual([]);
  });

  test('there and back crosses no volume', () => {
    const first = up(dev, 'dev');
    const second = simulate(to(prod, first, 'prod'));
    const third = to(dev, second, 'dev');
    expect(third.plan.blockers).toEqual([]);
    const written = (stack: ObservedStack, mode: string) =>
      stack.containers
        .filter(({ labels }) => labels['gatehouse.mode'] === mode)
        .flatMap(({ inspected }) => inspected.mounts.flatMap(({ name }) => name ?? []));
    expect(written(second, 'prod')).toEqual(['shop_data_prod']);
    expect(written(simulate(third), 'dev')).toEqual(['shop_data_dev']);
    expect(Object.keys(simulate(third).volumes).sort()).toEqual(['shop_data_dev', 'shop_data_prod']);
  });

  const sharing = toProject({ db: { ...data, restart: 'always' } }, { volumes: { data: { name: 'shop_data_dev' } } });

  test('data of another mode is refused, with its writer', () => {
    const [blocker] = to(sharing, up(dev, 'dev'), 'prod').plan.blockers;
    expect(blocker).toMatchObject({ code: 'data-crosses-modes', subject: 'shop_data_dev' });
    expect(blocker?.message).toContain('"dev" wrote it last');
  });

  test.each([
    ['the flag alone', { carryData: true }, ['data-crosses-modes shop_data_dev']],
    ['the name alone', { confirmCarry: 'shop' }, ['data-crosses-modes shop_data_dev']],
    ['another name', { carryData: true, confirmCarry: 'bank' }, ['data-crosses-modes shop_data_dev']],
    ['both', { carryData: true, confirmCarry: 'shop' }, []],
  ])('carrying it over takes flag and name: %s', (_, given, blockers) => {
    expect(codes(to(sharing, up(dev, 'dev'), 'prod', given).plan.blockers)).toEqual(blockers);
  });

  test('without containers, the volume says who created it, then its name', () => {
    const labelled = toEmptyStack(sharing, { volumes: up(dev, 'test').volumes });
    expect(to(sharing, labelled, 'prod').plan.volumes[0]).toMatchObject({ lastMode: 'test', lastModeFrom: 'volume' });
    const named = toEmptyStack(sharing, { volumes: up(dev).volumes });
    expect(to(sharing, named, 'prod').plan.volumes[0]).toMatchObject({ lastMode: 'dev', lastModeFrom: 'name' });
  });

  test('a volume that nobody knows is refused, too', () => {
    const plain = toProject({ db: data }, { volumes: { data: { name: 'shop_data' } } });
    const seen = toEmptyStack(plain, { volumes: up(plain).volumes });
    const [blocker] = to(plain, seen, 'prod').plan.blockers;
    expect(blocker?.message).toContain('nobody knows which mode wrote it last');
  });
});
