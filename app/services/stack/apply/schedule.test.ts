import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanStep } from '../../../contract/index.ts';
import { StepEnd } from './run.ts';
import { runSteps } from './schedule.ts';

function toStep(key: string, given: Partial<PlanStep> = {}): PlanStep {
  return {
    id: key,
    resource: 'container',
    action: 'create',
    name: `shop-${key}-1`,
    key,
    replica: 1,
    target: null,
    reason: '',
    changes: [],
    onlyIfNewImage: null,
    wave: 0,
    needs: [],
    gates: [],
    ...given,
  };
}

const gate = (service: string, required = true) => ({
  service,
  replica: null,
  condition: 'started' as const,
  required,
});

/** What happened, in order; `fails` end badly, `cancelAt` aborts when it begins. */
async function run(steps: PlanStep[], { fails = [], cancelAt = '' }: { fails?: string[]; cancelAt?: string } = {}) {
  const log: string[] = [];
  const cancelling = new AbortController();
  const outcomes = await runSteps(
    steps,
    {
      begun: ({ id }) => void log.push(`prepare ${id}`),
      ended: ({ id }, { state }) => void log.push(`${state} ${id}`),
      async perform({ id }, whenGated) {
        if (id === cancelAt) cancelling.abort();
        await Promise.resolve();
        await whenGated();
        log.push(`start ${id}`);
        if (fails.includes(id)) throw new StepEnd('failed', 'on purpose');
        return '';
      },
    },
    cancelling.signal,
  );
  return {
    log,
    states: Object.fromEntries([...outcomes].map(([id, { state, detail }]) => [id, `${state} ${detail}`])),
  };
}

test('what waits is prepared at once, and started when its gates have passed', async () => {
  const { log } = await run([toStep('web', { gates: [gate('db')] }), toStep('db', { needs: ['net'] }), toStep('net')]);
  expect(log).toEqual([
    'prepare web',
    'prepare net',
    'start net',
    'done net',
    'prepare db',
    'start db',
    'done db',
    'start web',
    'done web',
  ]);
});

test('what a failed step was needed for is skipped with its name, and the rest goes on', async () => {
  const steps = [
    toStep('db'),
    toStep('api', { gates: [gate('db')] }),
    toStep('web', { gates: [gate('api')] }),
    toStep('other'),
  ];
  const { states } = await run(steps, { fails: ['db'] });
  expect(states).toEqual({
    db: 'failed on purpose',
    api: 'skipped shop-db-1: failed',
    web: 'skipped shop-api-1: shop-db-1: failed',
    other: 'done ',
  });
});

test('a gate that is not required is waited for, and not insisted on', async () => {
  const { log, states } = await run([toStep('web', { gates: [gate('db', false)] }), toStep('db')], { fails: ['db'] });
  expect(states.web).toBe('done ');
  expect(log.indexOf('start web')).toBeGreaterThan(log.indexOf('failed db'));
});

test('after a cancel nothing new begins', async () => {
  const steps = [toStep('db'), toStep('api', { needs: ['db'] }), toStep('web', { gates: [gate('api')] })];
  const { log, states } = await run(steps, { cancelAt: 'db' });
  expect(states).toMatchObject({ db: 'skipped cancelled', api: 'skipped shop-db-1: cancelled' });
  expect(log.filter((line) => line.startsWith('start'))).toEqual([]);
});

test('whatever depends on what, no step starts before those it needs or waits for have ended', async () => {
  const graph = fc.array(
    fc.tuple(fc.array(fc.nat(20), { maxLength: 3 }), fc.array(fc.nat(20), { maxLength: 3 }), fc.boolean()),
    {
      minLength: 1,
      maxLength: 20,
    },
  );
  await fc.assert(
    fc.asyncProperty(graph, async (nodes) => {
      // Only earlier ones, so that there is no circle.
      const steps = nodes.map(([needs, gates], index) =>
        toStep(`s${index}`, {
          needs: needs.filter((one) => one < index).map((one) => `s${one}`),
          gates: gates.filter((one) => one < index).map((one) => gate(`s${one}`)),
        }),
      );
      const fails = nodes.flatMap(([, , isGood], index) => (isGood || index % 3 > 0 ? [] : [`s${index}`]));
      const { log, states } = await run(steps, { fails });
      expect(Object.keys(states)).toHaveLength(steps.length);
      for (const { id, needs, gates } of steps) {
        const before = [...needs, ...gates.map(({ service }) => service)];
        const at = log.indexOf(`start ${id}`);
        if (at === -1) expect(before.some((one) => !states[one]?.startsWith('done'))).toBe(true);
        else for (const one of before) expect(log.indexOf(`done ${one}`)).toBeLessThan(at);
      }
    }),
    { numRuns: 100 },
  );
});
