import { describe, expect, test } from 'vitest';
import type { StackContainer } from '../../docker/stackContainer.ts';
import { at, simulate, toEmptyStack, toProject } from '../../test/simulatedStack.ts';
import type { Project, Service } from '../compose/project.ts';
import { planUp } from '../plan/planUp.ts';
import { toBootWaterfall } from './bootWaterfall.ts';
import { toExitReason } from './exitReason.ts';
import { toStackStatus } from './stackStatus.ts';

const up = (project: Project) => simulate(planUp(project, toEmptyStack(project)));
const probe: Partial<Service> = { healthcheck: { test: ['CMD', 'x'] } };

function statusOf(
  service: Partial<Service>,
  given: Partial<StackContainer>,
  others: Record<string, Partial<Service>> = {},
) {
  const project = toProject({ a: service, ...others });
  const seen = up(project);
  const containers = seen.containers.map((one) => (one.service === 'a' ? { ...one, ...given } : one));
  const status = toStackStatus(project, { ...seen, containers });
  return status.services.find((one) => one.service === 'a');
}

describe('one container', () => {
  const waiting = {
    b: { depends_on: { a: { condition: 'service_completed_successfully', required: true } } },
  } as const;
  const cases: [string, Partial<Service>, Partial<StackContainer>, string, string][] = [
    ['runs without a check', {}, {}, 'running', 'running, no health check'],
    ['is healthy', probe, {}, 'healthy', 'healthy'],
    ['is not decided yet', probe, { health: 'starting' }, 'starting', 'no health check has passed yet'],
    ['is unhealthy', probe, { health: 'unhealthy', probeOutput: 'refused\nmore' }, 'unhealthy', 'unhealthy: refused'],
    ['is paused', probe, { state: 'paused' }, 'paused', 'paused'],
    ['was never started', {}, { state: 'created', startedAt: null }, 'stopped', 'created, not started'],
    [
      'could not be started',
      {},
      { state: 'created', error: 'port is already allocated' },
      'crashed',
      'it could not be started: port is already allocated',
    ],
    ['ended well and is no server', {}, { state: 'exited' }, 'done', 'done'],
    ['is a server that ended well', { restart: 'always' }, { state: 'exited' }, 'stopped', 'stopped, exit 0'],
    ['is a server with a port', { ports: [{ target: 80 }] }, { state: 'exited' }, 'stopped', 'stopped, exit 0'],
    ['failed', {}, { state: 'exited', exitCode: 1 }, 'crashed', 'exit 1'],
    ['was asked to end', {}, { state: 'exited', exitCode: 143 }, 'stopped', 'exit 143: asked to end (SIGTERM)'],
    [
      'would be restarted, had nobody stopped it',
      { restart: 'unless-stopped' },
      { state: 'exited', exitCode: 137 },
      'stopped',
      'exit 137: killed (SIGKILL)',
    ],
    [
      'had no memory',
      { restart: 'unless-stopped' },
      { state: 'exited', exitCode: 137, outOfMemory: true },
      'crashed',
      'exit 137: killed by the kernel, out of memory',
    ],
    [
      'crashes again and again',
      { restart: 'always' },
      { state: 'restarting', exitCode: 2, restarts: 7 },
      'crashed',
      'exit 2; restarted 7 times',
    ],
  ];
  test.each(cases)('%s', (_, service, given, condition, detail) => {
    expect(statusOf(service, given)).toMatchObject({ condition, detail });
  });

  test('is a job that somebody waits for, whatever its policy', () => {
    expect(statusOf({ restart: 'on-failure' }, { state: 'exited' }, waiting)).toMatchObject({ condition: 'done' });
  });
});

describe('a service', () => {
  const scaled = toProject({ a: { scale: 3, ...probe } });
  const seen = up(scaled);
  const conditionOf = (project: Project, containers: readonly StackContainer[]) => {
    const [service] = toStackStatus(project, { ...seen, containers }).services;
    return [service?.condition, service?.detail];
  };

  test('is as its worst replica, and says how many are so', () => {
    const containers = seen.containers.map((one) =>
      one.replica === 2 ? { ...one, health: 'unhealthy' as const } : one,
    );
    expect(conditionOf(scaled, containers)).toEqual(['unhealthy', '1 of 3: unhealthy']);
  });

  test('misses replicas', () => {
    expect(conditionOf(scaled, seen.containers.slice(1))).toEqual(['missing', '1 of 3 not created']);
    expect(conditionOf(scaled, [])).toEqual(['missing', 'not created']);
  });

  test('that is scaled to none misses nothing', () => {
    expect(conditionOf(toProject({ a: { scale: 0 } }), [])).toEqual(['done', 'scaled to none']);
  });

  test('that no file has is an orphan, unless it is behind a profile or there are no files', () => {
    const project = toProject({});
    const { services } = toStackStatus(project, seen);
    expect(services).toMatchObject([{ service: 'a', condition: 'orphan' }]);
    expect(toStackStatus(project, seen, { inactive: ['a'] }).services).toMatchObject([{ condition: 'healthy' }]);
    expect(toStackStatus(null, seen).services).toMatchObject([{ condition: 'healthy', wanted: 3 }]);
  });
});

test('only what crashed shows the end of its log', () => {
  const project = toProject({ a: {}, b: {} });
  const seen = up(project);
  const containers = seen.containers.map((one) =>
    one.service === 'a' ? { ...one, state: 'exited' as const, exitCode: 1 } : one,
  );
  const lastLines = new Map(containers.map(({ id }) => [id, ['the end']]));
  const { services } = toStackStatus(project, { ...seen, containers }, { lastLines });
  expect(services.map(({ replicas }) => replicas.map((one) => one.lastLines))).toEqual([[['the end']], [[]]]);
});

test.each([
  [1, 'exit 1'],
  [126, 'exit 126: the command cannot be executed'],
  [127, 'exit 127: the command was not found'],
  [139, 'exit 139: crashed (SIGSEGV)'],
  [255, 'exit 255'],
])('exit code %i', (code, words) => {
  expect(toExitReason(code, false)).toBe(words);
});

test('the waterfall says who was ready when, and what held it up', () => {
  const when = (condition: string) => ({ condition, required: true }) as never;
  const project = toProject({
    db: probe,
    job: { depends_on: { db: when('service_healthy') } },
    a: { depends_on: { db: when('service_healthy'), job: when('service_completed_successfully') } },
  });
  const seen = up(project);
  const times: Record<string, Partial<StackContainer>> = {
    db: { createdAt: at, startedAt: at + 1, healthyAt: at + 500 },
    job: { createdAt: at, startedAt: at + 510, state: 'exited', finishedAt: at + 900 },
    a: { createdAt: at, startedAt: at + 910 },
  };
  const containers = seen.containers.map((one) => ({ ...one, ...times[one.service ?? ''] }));
  const steps = toBootWaterfall(project, { ...seen, containers });
  expect(steps.map(({ service, startedAt, readyAt, heldBy }) => [service, startedAt, readyAt, heldBy])).toEqual([
    ['db', at + 1, at + 500, null],
    ['job', at + 510, at + 900, 'db'],
    ['a', at + 910, at + 910, 'job'],
  ]);
});
