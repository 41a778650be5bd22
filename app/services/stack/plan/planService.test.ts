import { expect, test } from 'vitest';
import { simulate, toEmptyStack, toProject } from '../../test/simulatedStack.ts';
import type { ObservedStack } from './observedStack.ts';
import { planService, type ServiceVerb } from './planService.ts';
import { planUp } from './planUp.ts';

const started = { condition: 'service_started', required: true } as const;
const shop = toProject({
  db: {},
  api: { depends_on: { db: started } },
  web: { depends_on: { api: started }, scale: 2 },
});
const up = simulate(planUp(shop, toEmptyStack(shop)));

function withState(state: string, services: readonly string[], observed = up): ObservedStack {
  const containers = observed.containers.map((one) =>
    services.includes(one.service ?? '') ? { ...one, state: state as never } : one,
  );
  return { ...observed, containers };
}

const plan = (verb: ServiceVerb, services: string[], observed = up, project: typeof shop | null = shop) =>
  planService(project, observed, { verb, services }).plan;
const steps = (...given: Parameters<typeof plan>) =>
  plan(...given).steps.map(({ wave, action, name }) => `${wave} ${action} ${name}`);
const notes = (...given: Parameters<typeof plan>) =>
  plan(...given).warnings.map(({ code, message }) => `${code}: ${message}`);

test('what others depend on is stopped last', () => {
  expect(steps('stop', ['db', 'web', 'api'])).toEqual([
    '0 stop shop-web-1',
    '0 stop shop-web-2',
    '1 stop shop-api-1',
    '2 stop shop-db-1',
  ]);
});

test('and started first', () => {
  const observed = withState('exited', ['db', 'api', 'web']);
  expect(steps('start', ['web', 'db', 'api'], observed)).toEqual([
    '0 start shop-db-1',
    '1 start shop-api-1',
    '2 start shop-web-1',
    '2 start shop-web-2',
  ]);
});

test.each<[ServiceVerb, string, boolean]>([
  ['start', 'running', false],
  ['start', 'created', true],
  ['start', 'exited', true],
  ['start', 'paused', false],
  ['stop', 'exited', false],
  ['stop', 'paused', true],
  ['stop', 'restarting', true],
  ['pause', 'running', true],
  ['pause', 'paused', false],
  ['unpause', 'paused', true],
  ['unpause', 'running', false],
  ['kill', 'running', true],
  ['kill', 'exited', false],
])('%s has something to do with what is %s: %s', (verb, state, has) => {
  expect(steps(verb, ['db'], withState(state, ['db'])).length > 0).toBe(has);
});

test('who is left without what it depends on is said, over all steps of the way', () => {
  expect(notes('stop', ['db'])).toEqual(['dependents-affected: api, web run on, without what they depend on.']);
  expect(notes('kill', ['db', 'api'])).toEqual(['dependents-affected: web runs on, without what it depends on.']);
  expect(notes('stop', ['db', 'api', 'web'])).toEqual([]);
  expect(notes('stop', ['db'], withState('exited', ['api', 'web']))).toEqual([]);
});

test('what is started without its dependency is said', () => {
  expect(notes('start', ['api'], withState('exited', ['db', 'api']))).toEqual([
    'dependencies-not-running: db, which api depends on, does not run.',
  ]);
  expect(notes('start', ['api'], withState('exited', ['api']))).toEqual([]);
});

test('without files the labels say the order, and only what is there has a name', () => {
  expect(steps('stop', ['db', 'api'], up, null)).toEqual(['0 stop shop-api-1', '1 stop shop-db-1']);
  expect(() => plan('stop', ['cache'], up, null)).toThrow(
    expect.objectContaining({ code: 'service-unknown', remedy: 'It has api, db, web.' }),
  );
});

test('stopping says that it lasts until somebody starts it', () => {
  expect(plan('stop', ['db']).downtime).toMatchObject([{ service: 'db', basis: 'until it is started again' }]);
});
