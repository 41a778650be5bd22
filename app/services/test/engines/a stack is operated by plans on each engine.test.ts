import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StackRun } from '../../../contract/index.ts';
import { IMAGE } from './engineUnderTest.ts';
import { onEachEngine } from './onEachEngine.ts';
import { call, createOperatedStack, type OperatedStack } from './operatedStack.ts';

const probe = { test: ['CMD', 'probe', 'http://localhost:8002/health'], interval: '1s', timeout: '5s', retries: 20 };
/** Never becomes healthy, and takes long to say so. */
const patient = { test: ['CMD', 'probe', 'http://localhost:8002/no'], interval: '1s', timeout: '1s', retries: 100 };
const afterHealthy = (service: string) => ({ depends_on: { [service]: { condition: 'service_healthy' } } });

async function untilRun({ handlers, environment }: OperatedStack, fits: (run: StackRun) => boolean): Promise<StackRun> {
  for await (const run of handlers.stack.run({ environment }, call)) if (run && fits(run)) return run;
  throw new Error('the stream ended');
}

const everything = (environment: string) => ({ environment, before: null, limit: 100 });

onEachEngine('operating a stack', (under) => {
  test('a plan is carried out, watched, written down with its calls, and its boot is recorded', async () => {
    const stack = createOperatedStack(under, 'up');
    const { handlers, environment } = stack;
    stack.write({ db: { healthcheck: probe }, web: afterHealthy('db') });
    const kept = await stack.plan({ verb: 'up' });
    expect(kept).toMatchObject({ guard: 'open', plan: { verb: 'up', mode: { to: 'dev' }, blockers: [] } });
    expect(kept.text).toMatch(/^ght-.*: up \(dev\): 3 to create/);
    const result = await handlers.stack.up({ environment, plan: kept.id }, call);
    expect(result).toMatchObject({ outcome: 'applied', problems: [] });
    expect(await stack.states()).toEqual({ 'db-1': 'running', 'web-1': 'running' });
    const run = await untilRun(stack, ({ result: ended }) => ended !== null);
    expect(new Set(run.steps.map(({ state }) => state))).toEqual(new Set(['done']));

    const { entries } = await handlers.audit.list(everything(environment), call);
    expect(entries).toMatchObject([{ operation: 'stack.up', outcome: 'done', caller: 'cli', guard: 'open' }]);
    const { engineCalls } = await handlers.audit.detail({ id: entries[0]?.id ?? '' }, call);
    const posted = engineCalls.filter(({ method }) => method === 'POST').map(({ path, status }) => `${path} ${status}`);
    expect(posted).toContainEqual(expect.stringMatching(/\/networks\/create 201$/));
    expect(posted).toContainEqual(expect.stringMatching(/\/containers\/create\?name=ght-.*-db-1 201$/));

    const [boot] = await handlers.timeline.boots({ environment }, call);
    expect(boot).toMatchObject({ mode: 'dev', services: [{ service: 'db' }, { service: 'web', heldBy: 'db' }] });
    const { entries: happened } = await handlers.timeline.page(
      { environment, kinds: ['boot'], limit: 10, before: null },
      call,
    );
    expect(happened[0]?.text).toMatch(/^up in \d+ s \(dev\): 2 containers, the longest wait was for db$/);

    const again = await stack.plan({ verb: 'up' });
    expect([again.plan.steps, again.plan.unchanged]).toEqual([[], ['db', 'web']]);
  });

  test('a plan is carried out once, and not when the stack has changed since', async () => {
    const stack = createOperatedStack(under, 'stale');
    const { handlers, environment } = stack;
    stack.write({ a: {} });
    const [first, second] = [await stack.plan({}), await stack.plan({})];
    await handlers.stack.up({ environment, plan: first.id }, call);
    await expect(handlers.stack.up({ environment, plan: first.id }, call)).rejects.toMatchObject({
      code: 'plan-unknown',
    });
    expect(await handlers.stack.up({ environment, plan: second.id }, call)).toMatchObject({ outcome: 'stale' });
    const { entries } = await handlers.audit.list(everything(environment), call);
    expect(entries.map(({ outcome, problem }) => [outcome, problem?.code])).toEqual([
      ['failed', 'plan-failed'],
      ['failed', 'plan-unknown'],
      ['done', undefined],
    ]);
  });

  test('one at a time; a cancel brings it to an end, and the next up converges', async () => {
    const stack = createOperatedStack(under, 'cancel');
    const { handlers, environment } = stack;
    stack.write({ db: { healthcheck: patient }, web: afterHealthy('db') });
    const [plan, other] = [await stack.plan({}), await stack.plan({})];
    const applying = handlers.stack.up({ environment, plan: plan.id }, call);
    const waiting = await untilRun(stack, ({ steps }) => steps.some(({ detail }) => /^db: healthy/.test(detail)));
    await expect(handlers.stack.up({ environment, plan: other.id }, call)).rejects.toMatchObject({
      code: 'run-in-progress',
    });
    await expect(handlers.stack.cancel({ environment, run: 'another' }, call)).rejects.toMatchObject({
      code: 'plan-unknown',
    });
    await handlers.stack.cancel({ environment, run: waiting.id }, call);
    const result = await applying;
    expect(result.outcome).toBe('cancelled');
    expect(result.steps.find(({ step }) => step.endsWith('web-1'))).toMatchObject({ state: 'skipped' });
    const { entries } = await handlers.audit.list(everything(environment), call);
    expect(entries.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual(
      expect.arrayContaining(['stack.cancel done', 'stack.up cancelled']),
    );
    stack.write({ db: { healthcheck: probe }, web: afterHealthy('db') });
    await stack.up();
    expect(await stack.states()).toEqual({ 'db-1': 'running', 'web-1': 'running' });
  });

  test('down keeps the last log of what it removes; volumes go when the name was typed and confirmed', async () => {
    const stack = createOperatedStack(under, 'down');
    const { handlers, environment, name } = stack;
    stack.write({ db: { volumes: ['data:/data'] } }, { volumes: ['data'] });
    await stack.up();
    await under.ready(`${name}-db-1`);
    const volumes = async () => (await under.call('GET', `/volumes/${name}_data`)).status;

    const untyped = await stack.plan({ verb: 'down', removeVolumes: true });
    expect(untyped.plan.blockers).toMatchObject([{ code: 'volumes-not-confirmed' }]);
    const typed = await stack.plan({ verb: 'down', removeVolumes: true, typed: name });
    await expect(handlers.stack.down({ environment, plan: typed.id }, call)).rejects.toMatchObject({
      code: 'confirmation-needed',
    });
    expect([await volumes(), await stack.states()]).toEqual([200, { 'db-1': 'running' }]);
    const result = await handlers.stack.down({ environment, plan: typed.id, confirm: name }, call);
    expect([result.outcome, await volumes(), await stack.states()]).toEqual(['applied', 404, {}]);

    const [kept] = await handlers.timeline.keptLogs({ environment, service: 'db' }, call);
    expect(kept).toMatchObject({ service: 'db', container: `${name}-db-1` });
    const { text } = await handlers.timeline.keptLog({ environment, id: kept?.id ?? '' }, call);
    expect(text).toContain('"message":"ready"');
  });

  test('its files are shown as one project without secrets, and its images beside what was made from them', async () => {
    const stack = createOperatedStack(under, 'look');
    const { handlers, environment, name, folder } = stack;
    stack.write({ web: { environment: { API_TOKEN: 'correct-horse' }, labels: {} } });
    await stack.up();
    const config = await handlers.stack.config({ environment, variables: {} }, call);
    expect(config).toMatchObject({ project: name, mode: 'dev', folder, isCut: false });
    expect(config.files).toEqual([join(folder, 'docker-compose.yaml')]);
    expect(config.text).toMatch(new RegExp(`^name: ${name}\n`));
    expect(config.text).not.toContain('correct-horse');

    const { images } = await handlers.stack.images({ environment, variables: {} }, call);
    expect(images).toMatchObject([{ reference: IMAGE, services: ['web'], used: [{ containers: [`${name}-web-1`] }] }]);
    expect(images[0]?.used[0]?.id).toBe(images[0]?.named?.id);
  });

  test('a plan for one verb is not carried out as another', async () => {
    const stack = createOperatedStack(under, 'verb');
    stack.write({ a: {} });
    const { id } = await stack.plan({ verb: 'down' });
    await expect(stack.handlers.stack.up({ environment: stack.environment, plan: id }, call)).rejects.toMatchObject({
      code: 'bad-input',
      remedy: 'Use stack.down.',
    });
  });

  test('containers of one service are stopped, started, paused and resumed, with who is hit said first', async () => {
    const stack = createOperatedStack(under, 'act');
    const { handlers, environment } = stack;
    stack.write({ db: {}, web: { depends_on: ['db'] } });
    await stack.up();
    const act = async (verb: 'stop' | 'start' | 'pause' | 'unpause' | 'kill', services: string[]) => {
      const { id, plan } = await stack.plan({ verb, services });
      const { outcome } = await handlers.stack.act({ environment, plan: id }, call);
      return [outcome, plan.warnings.map(({ message }) => message)];
    };
    expect(await act('stop', ['db'])).toEqual(['applied', ['web runs on, without what it depends on.']]);
    expect(await stack.states()).toEqual({ 'db-1': 'exited', 'web-1': 'running' });
    expect(await act('start', ['db'])).toEqual(['applied', []]);
    expect(await act('pause', ['web'])).toEqual(['applied', []]);
    expect(await stack.states()).toEqual({ 'db-1': 'running', 'web-1': 'paused' });
    expect(await act('unpause', ['web'])).toEqual(['applied', []]);
    expect(await act('kill', ['web', 'db'])).toEqual(['applied', []]);
    expect(await stack.states()).toEqual({ 'db-1': 'exited', 'web-1': 'exited' });
    await expect(stack.plan({ verb: 'stop', services: ['nobody'] })).rejects.toMatchObject({
      code: 'service-unknown',
    });
  });

  test('production is locked, asks when it is unlocked, and a switch back is held by the same guard', async () => {
    const stack = createOperatedStack(under, 'prod');
    const { handlers, environment, name } = stack;
    stack.write({ web: { environment: { LEVEL: 'debug' } } });
    stack.write({ web: { environment: { LEVEL: 'warn' } } }, { mode: 'prod' });
    await stack.up();
    await handlers.environment.configure({ environment, guard: null }, call);
    const kept = await stack.plan({ verb: 'switch', mode: 'prod' });
    expect(kept).toMatchObject({ guard: 'locked', plan: { mode: { from: 'dev', to: 'prod' } } });
    const go = (plan: string, confirm?: string) =>
      handlers.stack.switch({ environment, plan, ...(confirm ? { confirm } : {}) }, call);
    await expect(go(kept.id)).rejects.toMatchObject({ code: 'read-only' });
    await handlers.environment.unlock({ environment, reason: 'release 7', minutes: 5 }, call);
    await expect(go(kept.id)).rejects.toMatchObject({ code: 'confirmation-needed' });
    expect((await go(kept.id, name)).outcome).toBe('applied');
    // What runs is production by now: going back is a change of production.
    const back = await stack.plan({ verb: 'switch', mode: 'dev' });
    expect(back.guard).toBe('confirm');
    await expect(go(back.id)).rejects.toMatchObject({ code: 'confirmation-needed' });
    const { entries } = await handlers.audit.list(everything(environment), call);
    expect(entries.find(({ outcome }) => outcome === 'done')).toMatchObject({ unlockReason: 'release 7' });
  });

  test('status says how each service is, drift in which way it differs', async () => {
    const stack = createOperatedStack(under, 'drift');
    const { handlers, environment, name } = stack;
    stack.write({ a: {}, b: {} });
    await stack.up();
    await under.call('POST', `/containers/${name}-b-1/kill`);
    const files = { environment, variables: {} };
    const { services } = await handlers.stack.status(files, call);
    expect(services.map(({ service, condition }) => `${service} ${condition}`)).toEqual(['a running', 'b crashed']);
    stack.write({ a: { environment: { X: '1' } }, b: {}, c: {} });
    const drift = await handlers.stack.drift(files, call);
    expect(drift.services.map(({ service, kind }) => `${service} ${kind}`).toSorted()).toEqual([
      'a fields',
      'b stopped',
      'c missing',
    ]);
  });

  test('files of another project, and no files at all, are said', async () => {
    const stack = createOperatedStack(under, 'other');
    writeFileSync(join(stack.folder, 'compose.yaml'), `name: another\nservices:\n  a:\n    image: ${IMAGE}\n`);
    await expect(stack.plan({})).rejects.toMatchObject({
      code: 'stack-unknown',
      message: expect.stringContaining('of the project "another"'),
    });
    await expect(stack.handlers.stack.plan({ environment: 'docker~nowhere', verb: 'up' }, call)).rejects.toMatchObject({
      code: 'stack-unknown',
    });
  });
});
