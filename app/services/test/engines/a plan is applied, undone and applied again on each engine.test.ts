import { expect, test } from 'vitest';
import type { ApplyProgress, ApplyResult } from '../../../contract/index.ts';
import { createEngine, type Engine } from '../../docker/engine.ts';
import { type ApplyOptions, applyPlan } from '../../stack/apply/applyPlan.ts';
import type { Project, Service } from '../../stack/compose/project.ts';
import { observeStack } from '../../stack/plan/observeStack.ts';
import { planDown } from '../../stack/plan/planDown.ts';
import { planRestart } from '../../stack/plan/planRestart.ts';
import { planScale } from '../../stack/plan/planScale.ts';
import { planUp } from '../../stack/plan/planUp.ts';
import type { PlanOptions, PreparedPlan } from '../../stack/plan/preparedPlan.ts';
import { readStackStatus } from '../../stack/status/readStackStatus.ts';
import { type EngineUnderTest, IMAGE } from './engineUnderTest.ts';
import { onEachEngine } from './onEachEngine.ts';

const once = (condition: 'service_started' | 'service_healthy') => ({ condition, required: true });
const probe = { test: ['CMD', 'probe', 'http://localhost:8002/health'], interval: '1s', timeout: '5s', retries: 20 };
/** Nothing answers there, and the check says so soon. */
const badProbe = {
  test: ['CMD', 'probe', 'http://localhost:8002/no-such-path'],
  interval: '1s',
  timeout: '1s',
  retries: 2,
};

class Stack {
  readonly name: string;
  readonly #under: EngineUnderTest;
  readonly engine: Engine;

  constructor(under: EngineUnderTest, kind: string) {
    this.#under = under;
    this.name = under.name(kind).toLowerCase();
    this.engine = createEngine({ kind: 'socket', path: under.socketPath });
  }

  project(services: Record<string, Partial<Service>>, given: Partial<Project> = {}): Project {
    const complete = (service: Partial<Service>): Service => ({
      image: IMAGE,
      command: ['search'],
      entrypoint: null,
      networks: { default: null },
      init: true,
      stop_grace_period: '2s',
      ...service,
      labels: { ...this.#under.labels, ...service.labels },
    });
    return {
      name: this.name,
      services: Object.fromEntries(Object.entries(services).map(([key, service]) => [key, complete(service)])),
      networks: { default: { name: `${this.name}_default` } },
      ...given,
    };
  }

  observe(project: Project | null) {
    return observeStack(this.engine, this.name, { project });
  }

  async plan(project: Project, options: PlanOptions = {}): Promise<PreparedPlan> {
    return planUp(project, await this.observe(project), options);
  }

  apply(prepared: PreparedPlan, options: Partial<ApplyOptions> = {}): Promise<ApplyResult> {
    return applyPlan(prepared, this.engine, { signal: new AbortController().signal, ...options });
  }

  /** Rejects with the result when not everything was done. */
  async up(project: Project, options: PlanOptions = {}): Promise<ApplyResult> {
    const result = await this.apply(await this.plan(project, options));
    if (result.outcome !== 'applied') throw new Error(JSON.stringify(result, null, 1));
    return result;
  }

  async ids(): Promise<Record<string, string>> {
    const { containers } = await this.observe(null);
    return Object.fromEntries(containers.map(({ name, id }) => [name.slice(this.name.length + 1), id]));
  }

  async states(): Promise<Record<string, string>> {
    const { containers } = await this.observe(null);
    return Object.fromEntries(containers.map(({ name, state }) => [name.slice(this.name.length + 1), state]));
  }
}

const words = ({ plan }: PreparedPlan) => plan.steps.map(({ action, name }) => `${action} ${name}`);

onEachEngine('a plan', (under) => {
  test('brings up what is declared, in order, and then there is nothing to do', async () => {
    const stack = new Stack(under, 'up');
    const data = [{ type: 'volume' as const, source: 'data', target: '/data' }];
    const project = stack.project(
      { db: { healthcheck: probe, volumes: data }, web: { depends_on: { db: once('service_healthy') } } },
      { volumes: { data: { name: `${stack.name}_data` } } },
    );
    const told: ApplyProgress[] = [];
    const result = await stack.apply(await stack.plan(project), { onProgress: (one) => told.push(one) });
    expect(result).toMatchObject({ outcome: 'applied', problems: [] });
    const { containers } = await stack.observe(project);
    const of = (service: string) => containers.find((one) => one.service === service);
    expect(of('web')?.startedAt).toBeGreaterThanOrEqual(of('db')?.healthyAt ?? Number.POSITIVE_INFINITY);
    const waited = told.filter(({ step, state }) => step === `container ${stack.name}-web-1` && state === 'waiting');
    expect(waited[0]?.detail).toMatch(/^db: healthy, \d+ s$/);
    expect(words(await stack.plan(project))).toEqual([]);
    const status = await readStackStatus(stack.engine, project, await stack.observe(project));
    expect(status.services.map(({ service, condition }) => `${service} ${condition}`)).toEqual([
      'db healthy',
      'web running',
    ]);
  });

  test('changes what differs, and leaves the rest alone', async () => {
    const stack = new Stack(under, 'change');
    await stack.up(stack.project({ a: {}, b: {} }));
    const before = await stack.ids();
    const changed = stack.project({ a: { environment: { X: '1' } }, b: {} });
    const prepared = await stack.plan(changed);
    expect(prepared.plan.steps).toMatchObject([{ action: 'recreate', changes: [{ field: 'environment.X', to: '1' }] }]);
    expect((await stack.apply(prepared)).outcome).toBe('applied');
    const after = await stack.ids();
    expect([after['a-1'] === before['a-1'], after['b-1'] === before['b-1']]).toEqual([false, true]);
    expect(await stack.states()).toEqual({ 'a-1': 'running', 'b-1': 'running' });
    expect(words(await stack.plan(changed))).toEqual([]);
  });

  test('takes an anonymous volume over to the new container', async () => {
    const stack = new Stack(under, 'keep');
    const volumes = [{ type: 'volume' as const, target: '/cache' }];
    const volumeOf = async () => {
      const { containers } = await stack.observe(null);
      return containers[0]?.inspected.mounts.find(({ target }) => target === '/cache')?.name;
    };
    await stack.up(stack.project({ a: { volumes } }));
    const before = await volumeOf();
    await stack.up(stack.project({ a: { volumes, environment: { X: '1' } } }));
    expect([before?.length, await volumeOf()]).toEqual([64, before]);
  });

  test('scales, restarts, and takes down', async () => {
    const stack = new Stack(under, 'scale');
    const project = stack.project({ a: { healthcheck: probe } });
    await stack.up(project);
    const scale = async (count: number) =>
      stack.apply(planScale(project, await stack.observe(project), { scale: { a: count } }));
    expect((await scale(3)).outcome).toBe('applied');
    expect(await stack.states()).toEqual({ 'a-1': 'running', 'a-2': 'running', 'a-3': 'running' });
    expect((await scale(2)).outcome).toBe('applied');
    const { containers } = await stack.observe(project);
    // Looked at when the second's turn begins: later the engine may not remember any more since when the first is well.
    let between: ReturnType<Stack['observe']> | undefined;
    const onProgress = ({ step, detail }: ApplyProgress) => {
      if (step.endsWith('-a-2') && detail === 'restarting') between ??= stack.observe(project);
    };
    const restart = planRestart(project, await stack.observe(project));
    expect((await stack.apply(restart, { onProgress })).outcome).toBe('applied');
    const after = (await stack.observe(project)).containers;
    expect(after.map(({ id }) => id)).toEqual(containers.map(({ id }) => id));
    expect(after[0]?.startedAt).toBeGreaterThan(containers[0]?.startedAt ?? 0);
    // One at a time: the second only after the first was well again.
    const first = (await between)?.containers[0];
    expect(first?.startedAt).toBe(after[0]?.startedAt);
    expect(after[1]?.startedAt).toBeGreaterThanOrEqual(first?.healthyAt ?? Number.POSITIVE_INFINITY);

    expect((await stack.apply(planDown(project, await stack.observe(project)))).outcome).toBe('applied');
    const left = await stack.observe(project);
    expect([left.containers, left.networks]).toEqual([[], {}]);
  });

  test('is stale when somebody has changed the stack since, and then does nothing', async () => {
    const stack = new Stack(under, 'stale');
    const project = stack.project({ a: {} });
    await stack.up(project);
    const prepared = await stack.plan(stack.project({ a: { environment: { X: '1' } } }));
    const before = await stack.ids();
    await stack.engine.stack.containers.stop(before['a-1'] ?? '');
    const result = await stack.apply(prepared);
    expect(result).toMatchObject({ outcome: 'stale', steps: [], problems: [{ code: 'plan-stale' }] });
    expect([await stack.ids(), await stack.states()]).toEqual([before, { 'a-1': 'exited' }]);
  });

  test('with a blocker is refused', async () => {
    const stack = new Stack(under, 'block');
    const project = stack.project({ a: { scale: 2, container_name: under.name('fixed') } });
    await expect(stack.apply(await stack.plan(project))).rejects.toMatchObject({ code: 'plan-blocked' });
    expect(await stack.ids()).toEqual({});
  });

  test('that cannot start the new container brings the old one back', async () => {
    const stack = new Stack(under, 'back');
    await stack.up(stack.project({ a: {} }));
    const before = await stack.ids();
    // A port that a container of somebody else takes after the plan was made.
    const holder = await under.run('holder', {
      ExposedPorts: { '8002/tcp': {} },
      HostConfig: { PortBindings: { '8002/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
    });
    const port = new URL(await under.address(holder)).port;
    const project = stack.project({
      a: { ports: [{ target: 8002, published: port, host_ip: '127.0.0.1', protocol: 'tcp' }] },
    });
    const observed = { ...(await stack.observe(project)), takenPorts: [] };
    const result = await stack.apply(planUp(project, observed));
    expect(result.outcome).toBe('failed');
    expect(result.problems[0]?.message).toMatch(/^service "a": .*; the old container runs again\.$/s);
    expect([await stack.ids(), await stack.states()]).toEqual([before, { 'a-1': 'running' }]);
  });

  test('stops at a dependency that never gets healthy, and says what it said', async () => {
    const stack = new Stack(under, 'ill');
    const project = stack.project({
      db: { healthcheck: badProbe },
      web: { depends_on: { db: once('service_healthy') } },
      other: {},
    });
    const result = await stack.apply(await stack.plan(project));
    expect(result.outcome).toBe('failed');
    expect(result.problems).toMatchObject([{ code: 'dependency-failed', subject: 'db' }]);
    expect(result.problems[0]?.message).toMatch(/^service "web" waits for "db" to be healthy: \S+-db-1 is unhealthy/);
    expect(result.steps.find(({ step }) => step.endsWith('-web-1'))?.state).toBe('skipped');
    expect(await stack.states()).toEqual({ 'db-1': 'running', 'web-1': 'created', 'other-1': 'running' });
    // What was done stays, and the next plan goes on from there.
    const healed = stack.project({
      db: { healthcheck: probe },
      web: { depends_on: { db: once('service_healthy') } },
      other: {},
    });
    expect(words(await stack.plan(healed))).toEqual([`recreate ${stack.name}-db-1`, `start ${stack.name}-web-1`]);
    await stack.up(healed);
    expect(words(await stack.plan(healed))).toEqual([]);
  });

  test('that is cancelled ends in a state from which the next one goes on', async () => {
    const stack = new Stack(under, 'cancel');
    const project = stack.project({
      db: { healthcheck: probe },
      mid: { depends_on: { db: once('service_healthy') }, healthcheck: probe },
      web: { depends_on: { mid: once('service_healthy') } },
    });
    const cancelling = new AbortController();
    const result = await stack.apply(await stack.plan(project), {
      signal: cancelling.signal,
      onProgress: ({ step, state }) => {
        if (state === 'waiting' && step.endsWith('-mid-1')) cancelling.abort();
      },
    });
    expect(result).toMatchObject({ outcome: 'cancelled', problems: [] });
    expect(await stack.states()).toMatchObject({ 'db-1': 'running', 'mid-1': 'created' });
    await stack.up(project);
    expect(await stack.states()).toEqual({ 'db-1': 'running', 'mid-1': 'running', 'web-1': 'running' });
    expect(words(await stack.plan(project))).toEqual([]);
  });

  test('hands over the end of a log before its container is removed', async () => {
    const stack = new Stack(under, 'log');
    await stack.up(stack.project({ a: { healthcheck: probe }, b: { depends_on: { a: once('service_healthy') } } }));
    const logs = new Map<string | null, string>();
    const keepLog: ApplyOptions['keepLog'] = async ({ service }, log) => void logs.set(service, log.toString());
    const result = await stack.apply(planDown(null, await stack.observe(null)), { keepLog });
    expect([result.outcome, result.remarks]).toEqual(['applied', []]);
    expect(logs.get('a')).toMatch(/^\d{4}-\S+Z stdout .*"message":"ready"/m);
  });
});
