// What holds for every project: a plan leads to where there is nothing to do, and never starts a service before its time.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanStep } from '../../../contract/index.ts';
import { simulate, toEmptyStack, toProject } from '../../test/simulatedStack.ts';
import type { Dependency, Project, Service } from '../compose/project.ts';
import { toDependencies } from './dependencies.ts';
import type { ObservedStack } from './observedStack.ts';
import { planDown } from './planDown.ts';
import { planUp } from './planUp.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const networks = ['front', 'back'];

const dependency: fc.Arbitrary<Dependency> = fc.record({
  condition: fc.constantFrom('service_started', 'service_healthy', 'service_completed_successfully'),
  required: fc.constant(true),
  restart: fc.boolean(),
});

/** Depends on earlier ones only, so that there is no circle. */
const serviceAt = (index: number): fc.Arbitrary<Partial<Service>> =>
  fc.record(
    {
      command: fc.option(fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 2 })),
      environment: fc.dictionary(fc.constantFrom('A', 'B'), fc.constantFrom('1', '2', '')),
      networks: fc
        .subarray(networks, { minLength: 1 })
        .map((keys) => Object.fromEntries(keys.map((key) => [key, null]))),
      depends_on: fc
        .tuple(fc.subarray(names.slice(0, index)), fc.array(dependency, { minLength: index, maxLength: index }))
        .map(([keys, list]) => Object.fromEntries(keys.map((key, at) => [key, list[at] as Dependency]))),
      scale: fc.integer({ min: 0, max: 3 }),
      volumes: fc.constantFrom(
        [],
        [{ type: 'volume', source: 'data', target: '/data' }],
        [{ type: 'volume', target: '/x' }],
      ),
      healthcheck: fc.constantFrom({ test: ['CMD', 'x'], interval: '5s' }, { disable: true }),
    },
    { requiredKeys: ['networks', 'scale'] },
  ) as fc.Arbitrary<Partial<Service>>;

const sharing = fc.boolean();

const project: fc.Arbitrary<Project> = fc
  .tuple(fc.tuple(...names.map((_, index) => serviceAt(index))), sharing, fc.boolean())
  .map(([services, shares, internal]) => {
    const all = Object.fromEntries(services.map((service, index) => [names[index] ?? '', service]));
    if (shares) all.side = { network_mode: 'service:a', networks: {}, scale: (all.a?.scale ?? 1) > 0 ? 1 : 0 };
    return toProject(all, {
      networks: { front: { name: 'shop_front', internal }, back: { name: 'shop_back' } },
      volumes: { data: { name: 'shop_data' } },
    });
  });

/** A stack in whatever state: as another project left it, with containers stopped, removed or in the way. */
const observed = (wanted: Project): fc.Arbitrary<ObservedStack> =>
  fc
    .tuple(project, fc.infiniteStream(fc.constantFrom('as it is', 'exited', 'paused', 'gone', 'dead')), fc.boolean())
    .map(([before, fates, isFresh]) => {
      const empty = toEmptyStack(wanted);
      if (isFresh) return empty;
      const stack = simulate(planUp(before, empty));
      const containers = stack.containers.flatMap((one) => {
        const fate = fates.next().value;
        if (fate === 'gone') return [];
        return [fate === 'as it is' ? one : { ...one, state: fate as typeof one.state }];
      });
      return { ...stack, containers };
    });

const pair = project.chain((wanted) => observed(wanted).map((stack) => ({ wanted, stack })));
const options = { removeOrphans: true };

test('after a plan there is nothing to do', () => {
  fc.assert(
    fc.property(pair, ({ wanted, stack }) => {
      const again = planUp(wanted, simulate(planUp(wanted, stack, options)), options).plan;
      // What nobody waits for may have ended by itself; the simulation lets nothing end but jobs that are waited for.
      expect(again.steps).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('the same project and stack give the same plan', () => {
  fc.assert(
    fc.property(pair, ({ wanted, stack }) => {
      const shuffled = { ...stack, containers: [...stack.containers].reverse() };
      expect(planUp(wanted, shuffled, options).plan).toEqual(planUp(wanted, stack, options).plan);
    }),
    { numRuns: 100 },
  );
});

const starts = ({ resource, action }: PlanStep) => resource === 'container' && !['stop', 'remove'].includes(action);

test('no wave holds a service before what it depends on, nor a step before what it needs', () => {
  fc.assert(
    fc.property(pair, ({ wanted, stack }) => {
      const { steps } = planUp(wanted, stack, options).plan;
      const waveOf = new Map(steps.map(({ id, wave }) => [id, wave]));
      for (const step of steps) {
        for (const need of step.needs) expect(waveOf.get(need)).toBeLessThan(step.wave);
        if (!starts(step) || step.key === null) continue;
        const dependencies = toDependencies(wanted, step.key).map(({ service }) => service);
        const earlier = steps.filter((one) => starts(one) && dependencies.includes(one.key ?? ''));
        for (const one of earlier) expect(one.wave).toBeLessThan(step.wave);
      }
    }),
    { numRuns: 300 },
  );
});

test('a gate stands for every dependency that has containers', () => {
  fc.assert(
    fc.property(pair, ({ wanted, stack }) => {
      for (const step of planUp(wanted, stack, options).plan.steps.filter(starts)) {
        const gated = step.gates.map(({ service }) => service);
        const expected = toDependencies(wanted, step.key ?? '').filter(
          ({ service }) => wanted.services[service]?.scale !== 0,
        );
        expect(gated).toEqual(expect.arrayContaining(expected.map(({ service }) => service)));
      }
    }),
    { numRuns: 100 },
  );
});

test('down leaves nothing but volumes, and removes no container before those that depend on it', () => {
  fc.assert(
    fc.property(pair, ({ wanted, stack }) => {
      const prepared = planDown(wanted, stack, options);
      const after = simulate(prepared);
      expect([after.containers, Object.keys(after.networks), after.volumes]).toEqual([[], [], stack.volumes]);
      const waveOf = (service: string) =>
        prepared.plan.steps
          .filter(({ key, resource }) => resource === 'container' && key === service)
          .map(({ wave }) => wave);
      for (const name of Object.keys(wanted.services)) {
        for (const { service } of toDependencies(wanted, name)) {
          for (const dependent of waveOf(name)) {
            for (const wave of waveOf(service)) expect(dependent).toBeLessThan(wave);
          }
        }
      }
    }),
    { numRuns: 200 },
  );
});
