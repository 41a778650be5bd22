// Real processes: the command line with a running console or a host of its own, an engine, and the containers on it.
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Drift, Plan, Posture, StackStatus } from '../../contract/index.ts';
import { createRuntimeFolder, type RunningCli, runCli } from './runCli.ts';
import { openSandboxStacks } from './sandboxStacks.ts';

/** Processes of a busy machine. */
const slow = 90_000;
const stacks = openSandboxStacks();

const probe = { test: ['CMD', 'probe', 'http://localhost:8002/health'], interval: '1s', timeout: '5s', retries: 20 };
/** Never becomes healthy, and takes long to say so. */
const patient = { test: ['CMD', 'probe', 'http://localhost:8002/no'], interval: '1s', timeout: '1s', retries: 100 };
const afterDb = { depends_on: { db: { condition: 'service_healthy' } } };
const allowed = ['--unlock', 'a test', '--yes'];

/** Its progress goes to stderr. */
async function untilProgress({ process, result }: RunningCli, pattern: RegExp): Promise<void> {
  let seen = '';
  const said = new Promise<void>((resolve) => {
    process.stderr.on('data', (text: string) => {
      seen += text;
      if (pattern.test(seen)) resolve();
    });
  });
  const ended = result.then(({ code, stderr }) => Promise.reject(new Error(`ended with ${code}: ${stderr}`)));
  await Promise.race([said, ended]);
  ended.catch(() => {});
}

describe('a stack of two services, from its first plan to its end', { timeout: slow }, () => {
  const name = 'story';
  const services = { db: { volumes: ['data:/data'], healthcheck: probe }, web: afterDb };
  const open = () => {
    const stack = stacks.create(name);
    stack.write(services, { volumes: ['data'] });
    return stack;
  };
  let stack: ReturnType<typeof open>;

  test('plan says what up would do, as text and as JSON, and does nothing', async () => {
    stack = open();
    const [text, json, schema] = await Promise.all([
      stack.run('plan'),
      stack.run('plan', '--json'),
      stack.run('plan', '--schema'),
    ]);
    expect([text.code, json.code, schema.code]).toEqual([0, 0, 0]);
    expect(text.stdout).toMatch(/^story: up \(dev\): 4 to create$/m);
    expect(text.stdout).toMatch(/^ {2}\+ container story-web-1 +after db healthy$/m);
    const plan = JSON.parse(json.stdout) as Plan;
    const validate = new Ajv2020().compile(JSON.parse(schema.stdout));
    expect([validate(plan), validate({ ...plan, steps: 'none' })]).toEqual([true, false]);
    expect(plan.steps.map(({ id }) => id)).toContain('container story-db-1');
    expect(await stack.states()).toEqual({});
  });

  test('up carries it out, with its progress on stderr and the result on stdout', async () => {
    const { code, stdout, stderr } = await stack.run('up', ...allowed, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'applied', problems: [] });
    expect(stderr).toMatch(/^docker~story, by the files of .*story$/m);
    expect(stderr).toMatch(/\d s {2}\+ create container story-web-1: started$/m);
    expect(stderr.indexOf('story-db-1: started')).toBeLessThan(stderr.indexOf('story-web-1: started'));
    expect(await stack.states()).toEqual({ 'db-1': 'running', 'web-1': 'running' });
  });

  test('posture judges what runs, and passes nothing that a sandbox does not enforce', async () => {
    const { code, stdout } = await stack.run('posture', '--json');
    const { mode, basis, rules } = JSON.parse(stdout) as Posture;
    const statusOf = (id: string) => rules.find((rule) => rule.id === id)?.status;
    expect({ code, mode, basis }).toEqual({ code: 0, mode: 'dev', basis: 'engine' });
    // Only one of the two is probed.
    expect(['isolation.privileged', 'network.internal', 'runtime.health'].map(statusOf)).toEqual([
      'unknown',
      'notApplicable',
      'fail',
    ]);
  });

  test('a second up does nothing, asks nothing and needs no unlock', async () => {
    const { code, stdout } = await stack.run('up');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'story: up: nothing to do\n' });
  });

  test('one field that was changed is named by plan and by drift, which then ends with 1', async () => {
    const before = await stack.run('drift');
    expect({ code: before.code, stdout: before.stdout }).toEqual({
      code: 0,
      stdout: 'story: nothing differs from the files\n',
    });
    stack.write({ ...services, web: { ...afterDb, environment: { LEVEL: 'debug' } } }, { volumes: ['data'] });
    const [plan, drift] = await Promise.all([stack.run('plan'), stack.run('drift', 'web', '--json')]);
    stack.write(services, { volumes: ['data'] });
    expect([plan.code, drift.code]).toEqual([0, 1]);
    expect(plan.stdout).toMatch(
      /~ container story-web-1 +recreate: one field differs; after db healthy\n {6}environment\.LEVEL: \+ debug\n/,
    );
    const { services: differing } = JSON.parse(drift.stdout) as Drift;
    expect(differing).toMatchObject([{ service: 'web', kind: 'fields', changes: [{ field: 'environment.LEVEL' }] }]);
  });

  test('scale adds replicas, ps shows them, and restart goes through them one by one', async () => {
    const scaled = await stack.run('scale', 'db=2', ...allowed);
    expect([scaled.code, scaled.stdout]).toEqual([0, expect.stringMatching(/^story: scale: applied, 1 done, /)]);
    const [ps, restarted] = [await stack.run('ps', '--json'), await stack.run('restart', 'db', ...allowed)];
    const status = JSON.parse(ps.stdout) as StackStatus;
    expect(status.services.map(({ service, replicas }) => [service, replicas.length])).toEqual([
      ['db', 2],
      ['web', 1],
    ]);
    expect(status.services[0]?.replicas[0]).toMatchObject({
      startedAt: expect.any(Number),
      health: expect.any(String),
    });
    expect(restarted.code).toBe(0);
    expect(restarted.stderr.indexOf('+ restart container story-db-1')).toBeGreaterThan(0);
    expect(restarted.stderr.indexOf('+ restart container story-db-1')).toBeLessThan(
      restarted.stderr.indexOf('+ restart container story-db-2'),
    );
  });

  test('a reader of the progress that goes away does not stop it', async () => {
    const scale = stack.start('scale', 'db=1', ...allowed);
    scale.process.stderr.destroy();
    expect(await scale.result).toMatchObject({ code: 0, stdout: expect.stringContaining('applied, 1 done') });
    expect(await stack.states()).toEqual({ 'db-1': 'running', 'web-1': 'running' });
  });

  test('down --volumes wants a second yes, and without it nothing goes', async () => {
    const volume = async () => (await stacks.get('/volumes/story_data')).status;
    const once = await stack.run('down', '--volumes', ...allowed);
    expect(once.code).toBe(2);
    expect(once.stderr).toContain('say --confirm story (or --yes once more), since story_data would be removed');
    expect([await volume(), Object.keys(await stack.states()).length]).toEqual([200, 2]);
    const twice = await stack.run('down', '--volumes', ...allowed, '--yes');
    expect(twice.code).toBe(0);
    expect([await volume(), await stack.states()]).toEqual([404, {}]);
  });
});

describe('what may not be done is refused, and does nothing', { timeout: slow }, () => {
  test('under --read-only, where the environment is locked, and where nobody can be asked', async () => {
    const stack = stacks.create('refused');
    stack.write({ db: {} });
    const [readOnly, locked] = await Promise.all([
      stack.run('up', ...allowed, '--read-only'),
      stack.run('up', '--yes'),
    ]);
    // Not beside the others: while it is unlocked in the console, it is unlocked for everybody.
    const unasked = await stack.run('up', '--unlock', 'a test');
    expect([readOnly.code, locked.code, unasked.code]).toEqual([1, 1, 2]);
    expect(readOnly.stderr).toContain('read-only');
    expect(locked.stderr).toContain('On the command line: --unlock REASON.');
    expect(unasked.stderr).toContain('there is no terminal to ask on; say --yes');
    expect(await stack.states()).toEqual({});
  });

  test('what stands in the way of a plan ends with 1, with the remedy', async () => {
    const stack = stacks.create('blocked');
    stack.write({ db: { ports: ['127.0.0.1:18002:8002'] } });
    const [planned, scaled] = await Promise.all([
      stack.run('scale', 'db=2', '--plan'),
      stack.run('scale', 'db=2', ...allowed),
    ]);
    expect([planned.code, scaled.code]).toEqual([1, 1]);
    for (const text of [planned.stdout, scaled.stderr]) {
      expect(text).toMatch(/^x blocked: .*only one of 2 replicas can have/m);
      expect(text).toContain('Leave the host port out');
    }
    expect(await stack.states()).toEqual({});
  });

  test('data that would cross from one mode into the other, until it is said and the name is given', async () => {
    const stack = stacks.create('crossing');
    const write = (level: string, mode: 'dev' | 'prod') =>
      stack.write({ db: { volumes: ['data:/data'], environment: { LEVEL: level } } }, { mode, volumes: ['data'] });
    write('debug', 'dev');
    write('warn', 'prod');
    expect((await stack.run('up', ...allowed)).code).toBe(0);
    const [silent, unnamed] = await Promise.all([
      stack.run('switch', 'prod', ...allowed),
      stack.run('switch', 'prod', '--carry-data', ...allowed, '--yes'),
    ]);
    expect([silent.code, unnamed.code]).toEqual([1, 2]);
    expect(silent.stderr).toContain('--carry-data, and type "crossing"');
    expect(unnamed.stderr).toContain('say --confirm crossing, since data is carried');
    const named = await stack.run('switch', 'prod', '--carry-data', ...allowed, '--confirm', 'crossing');
    expect(named.code).toBe(0);
    expect(named.stderr).toContain('crossing: switch (dev → prod)');
  });
});

test(
  'a console for another engine than that of this shell is not asked',
  async () => {
    const stack = stacks.create('elsewhere');
    stack.write({ db: {} });
    const { code, stderr } = await stack.runWith({ DOCKER_HOST: `unix://${stack.folder}/nobody.sock` }, 'ps');
    expect(code).toBe(3);
    expect(stderr).toContain('nobody.sock does not answer');
  },
  slow,
);

describe('--engine sandbox, where the sandbox of the console is off', { timeout: slow }, () => {
  const open = (name: string) => {
    const stack = stacks.create(name);
    stack.write({ db: { ports: ['127.0.0.1:18002:8002'] } });
    return stack;
  };

  test('plan and ps are about an empty one, say so, and leave nothing of it', async () => {
    const stack = open('empty');
    const folder = createRuntimeFolder();
    const ask = (...args: string[]) => runCli([...args, '--engine', 'sandbox', '--stack', stack.folder], folder);
    const [plan, ps, down] = await Promise.all([
      stack.run('plan', '--engine', 'sandbox', '--json'),
      ask('ps', '--json'),
      ask('down', '--plan', '--read-only'),
    ]);
    expect([plan.code, ps.code, down.code]).toEqual([0, 0, 0]);
    for (const { stderr } of [plan, ps, down]) expect(stderr).toContain('this is about an empty one');
    expect((JSON.parse(plan.stdout) as Plan).steps.map(({ id }) => id)).toContain('container empty-db-1');
    expect((JSON.parse(ps.stdout) as StackStatus).services).toMatchObject([{ service: 'db', condition: 'missing' }]);
    expect(down.stdout).toContain('empty: down');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('what needs a living one ends with 3, and says what to run', async () => {
    const stack = open('living');
    const alone = ['up', '--yes', '--engine', 'sandbox', '--stack', stack.folder];
    const [asked, unasked] = await Promise.all([
      stack.run('up', '--yes', '--engine', 'sandbox'),
      runCli(alone, createRuntimeFolder()),
    ]);
    expect([asked.code, unasked.code]).toEqual([3, 3]);
    expect(asked.stderr).toContain('The sandbox is not running. Start it on the Start view');
    expect(unasked.stderr).toContain('run `gatehouse serve --engine sandbox` in another terminal');
  });
});

test(
  'the files are read with the variables of this shell, not with those of the console',
  async () => {
    const stack = stacks.create('variables');
    stack.write({ db: { environment: { LEVEL: `\${LEVEL_OF_SHELL:?set it}` } } });
    const [unset, set] = await Promise.all([
      stack.run('plan'),
      stack.runWith({ LEVEL_OF_SHELL: 'debug' }, 'plan', '--json'),
    ]);
    expect([unset.code, set.code]).toEqual([1, 0]);
    expect(unset.stderr).toContain('LEVEL_OF_SHELL');
    expect((JSON.parse(set.stdout) as Plan).blockers).toEqual([]);
  },
  slow,
);

describe('Ctrl-C', { timeout: slow }, () => {
  test('during up brings what has begun to an end, and the next up converges', async () => {
    const stack = stacks.create('cancelled');
    stack.write({ db: { healthcheck: patient }, web: afterDb });
    const up = stack.start('up', ...allowed);
    await untilProgress(up, /waits for db: healthy/);
    up.process.kill('SIGINT');
    const { code, stdout } = await up.result;
    expect(code).toBe(130);
    expect(stdout).toMatch(
      /^cancelled: up: cancelled, 2 done, 1 not done, .*\n {2}- container cancelled-web-1: cancelled\n/,
    );
    expect((await stack.states())['db-1']).toBe('running');
    stack.write({ db: { healthcheck: probe }, web: afterDb });
    expect((await stack.run('up', ...allowed)).code).toBe(0);
    expect(await stack.states()).toEqual({ 'db-1': 'running', 'web-1': 'running' });
  });

  test('twice ends at once, and says that the stack may be in between', async () => {
    const stack = stacks.create('abandoned');
    stack.write({ db: { stop_grace_period: '60s' } });
    expect((await stack.run('up', ...allowed)).code).toBe(0);
    const { body } = await stacks.get('/containers/abandoned-db-1/json');
    const { Pid } = (body as { State: { Pid: number } }).State;
    // It hears no SIGTERM, so that its removal takes the whole minute.
    process.kill(Pid, 'SIGSTOP');
    const down = stack.startAlone('down', ...allowed);
    await untilProgress(down, /> remove container abandoned-db-1/);
    down.process.kill('SIGINT');
    await untilProgress(down, /Ctrl-C again ends at once/);
    // Closer together they are one Ctrl-C, which a launcher has passed on.
    await delay(400);
    down.process.kill('SIGINT');
    const { code, stderr, stdout } = await down.result;
    process.kill(Pid, 'SIGKILL');
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('ended at once: "abandoned" may be in between');
  });
});
