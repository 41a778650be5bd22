import { expect, test } from 'vitest';
import { IMAGE, toQuery } from './engineUnderTest.ts';
import { onEachEngine } from './onEachEngine.ts';

onEachEngine('a container', (engine) => {
  test('is created, started, stopped, restarted and removed, with the events of each in order', async () => {
    const since = Date.now();
    const id = await engine.create('a');
    expect((await engine.inspect(id)).State).toMatchObject({
      Status: 'created',
      Running: false,
      Paused: false,
      Restarting: false,
      Pid: 0,
      ExitCode: 0,
      StartedAt: '0001-01-01T00:00:00Z',
      FinishedAt: '0001-01-01T00:00:00Z',
    });
    await engine.start(id);
    expect((await engine.call('POST', `/containers/${id}/start`)).status).toBe(304);
    await engine.ready(id);
    const running = await engine.inspect(id);
    expect(running).toMatchObject({
      Id: id,
      Name: `/${engine.name('a')}`,
      RestartCount: 0,
      State: { Status: 'running', Running: true, ExitCode: 0, Error: '', FinishedAt: '0001-01-01T00:00:00Z' },
      Config: { Image: IMAGE, Cmd: ['search'], Labels: engine.labels },
    });
    expect(running.State.Pid).toBeGreaterThan(0);
    expect(Date.parse(running.State.StartedAt)).toBeGreaterThanOrEqual(since - 1_000);

    expect((await engine.call('POST', `/containers/${id}/stop?t=20`)).status).toBe(204);
    expect((await engine.call('POST', `/containers/${id}/stop`)).status).toBe(304);
    expect((await engine.inspect(id)).State).toMatchObject({ Status: 'exited', Running: false, Pid: 0, ExitCode: 0 });
    await engine.start(id);
    await engine.ready(id, 2);
    expect((await engine.call('POST', `/containers/${id}/restart?t=20`)).status).toBe(204);
    const again = await engine.inspect(id);
    expect(again.State.Status).toBe('running');
    expect(again.State.Pid).not.toBe(running.State.Pid);

    expect((await engine.call('DELETE', `/containers/${id}`)).status).toBe(409);
    expect((await engine.call('DELETE', `/containers/${id}?force=1`)).status).toBe(204);
    expect((await engine.call('GET', `/containers/${id}/json`)).status).toBe(404);
    const stopped = ['kill 15', 'die 0', 'stop'];
    const expected = [
      'create',
      'start',
      ...stopped,
      'start',
      ...stopped,
      'start',
      'restart',
      'kill 9',
      'die 137',
      'destroy',
    ];
    await expect.poll(() => engine.events(id, since), { timeout: 10_000 }).toEqual(expected);
  });

  test('that does not end when asked is killed after its grace time', async () => {
    const id = await engine.run('a');
    const since = Date.now();
    // A stopped process cannot react to SIGTERM, whatever its handlers are.
    expect((await engine.call('POST', `/containers/${id}/kill?signal=SIGSTOP`)).status).toBe(204);
    expect((await engine.call('POST', `/containers/${id}/stop?t=1`)).status).toBe(204);
    expect((await engine.inspect(id)).State).toMatchObject({ Status: 'exited', ExitCode: 137 });
    await expect
      .poll(() => engine.events(id, since), { timeout: 10_000 })
      .toEqual(['kill 19', 'kill 15', 'kill 9', 'die 137', 'stop']);
  });

  test('is killed with 137, once; a signal must be one', async () => {
    const id = await engine.run('a');
    const since = Date.now();
    expect((await engine.call('POST', `/containers/${id}/kill?signal=NOPE`)).status).toBe(400);
    expect((await engine.call('POST', `/containers/${id}/kill`)).status).toBe(204);
    await engine.until(id, ({ State }) => State.Status === 'exited' && State.ExitCode === 137);
    const again = await engine.call('POST', `/containers/${id}/kill`);
    expect(again).toMatchObject({ status: 409, body: { message: expect.stringContaining('is not running') } });
    await expect.poll(() => engine.events(id, since), { timeout: 10_000 }).toEqual(['kill 9', 'die 137']);
  });

  test('that ends by itself keeps its exit code', async () => {
    const since = Date.now();
    const id = await engine.create('a', { Cmd: ['no-such-role'] });
    await engine.start(id);
    const { State } = await engine.until(id, (one) => one.State.Status === 'exited');
    expect(State).toMatchObject({ ExitCode: 2, Error: '', OOMKilled: false, Pid: 0 });
    expect(Date.parse(State.FinishedAt)).toBeGreaterThanOrEqual(Date.parse(State.StartedAt));
    await expect.poll(() => engine.events(id, since), { timeout: 10_000 }).toEqual(['create', 'start', 'die 2']);
  });

  test('has a name of its own that can be changed', async () => {
    const id = await engine.create('a');
    await engine.create('b');
    const taken = await engine.call('POST', `/containers/create?name=${engine.name('a')}`, { Image: IMAGE });
    expect(taken.status).toBe(409);
    expect(taken.body.message).toContain(
      `Conflict. The container name "/${engine.name('a')}" is already in use by container "${id}"`,
    );
    expect((await engine.call('POST', '/containers/create?name=a%2Fb', { Image: IMAGE })).status).toBe(400);

    const rename = async (name: string) =>
      (await engine.call('POST', `/containers/${id}/rename?name=${encodeURIComponent(name)}`)).status;
    expect(await rename('')).toBe(400);
    expect(await rename('no good!')).toBe(400);
    expect(await rename(engine.name('a'))).toBe(400);
    expect(await rename(engine.name('b'))).toBe(409);
    const since = Date.now();
    expect(await rename(engine.name('c'))).toBe(204);
    expect((await engine.inspect(engine.name('c'))).Id).toBe(id);
    expect((await engine.inspect(id.slice(0, 12))).Name).toBe(`/${engine.name('c')}`);
    expect((await engine.call('GET', `/containers/${engine.name('a')}/json`)).status).toBe(404);
    const [event] = await engine.rawEvents({ container: [id], event: ['rename'] }, since);
    expect(event?.Actor.Attributes).toMatchObject({ name: engine.name('c'), oldName: `/${engine.name('a')}` });
  });

  test.each([
    ['GET', '/json'],
    ['GET', '/logs?stdout=1'],
    ['GET', '/stats?stream=0'],
    ['GET', '/top'],
    ['GET', '/archive?path=/'],
    ['POST', '/start'],
    ['POST', '/stop'],
    ['POST', '/kill'],
    ['POST', '/pause'],
    ['POST', '/unpause'],
    ['POST', '/wait'],
    ['POST', '/rename?name=x'],
    ['DELETE', ''],
  ])('that is not there is 404 for %s %s', async (method, path) => {
    const answer = await engine.call(method, `/containers/${engine.name('nobody')}${path}`);
    expect(answer).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining(`No such container: ${engine.name('nobody')}`) },
    });
  });

  test.each([
    ['a policy that is none', { RestartPolicy: { Name: 'bogus' } }, /^invalid restart policy.*'bogus'/],
    ['retries of always', { RestartPolicy: { Name: 'always', MaximumRetryCount: 3 } }, /maximum retry count can/],
    [
      'removal and restart at once',
      { RestartPolicy: { Name: 'always' }, AutoRemove: true },
      /^can't create 'AutoRemove' container/,
    ],
  ])('is refused for %s', async (_, HostConfig, message) => {
    const answer = await engine.call('POST', `/containers/create?name=${engine.name('x')}`, {
      Image: IMAGE,
      HostConfig,
    });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringMatching(message) } });
  });

  test('with AutoRemove is gone after its end, with its volume that has no name', async () => {
    const spec = { Cmd: ['no-such-role'], Volumes: { '/kept': {} }, HostConfig: { AutoRemove: true } };
    const id = await engine.create('a', spec);
    const [mount] = (await engine.inspect(id)).Mounts;
    expect(mount).toMatchObject({ Type: 'volume', Destination: '/kept', Driver: 'local', RW: true });
    const removed = engine.call('POST', `/containers/${id}/wait?condition=removed`);
    await engine.start(id);
    expect((await removed).body.StatusCode).toBe(2);
    expect((await engine.call('GET', `/containers/${id}/json`)).status).toBe(404);
    expect((await engine.call('GET', `/volumes/${mount.Name}`)).status).toBe(404);
  });

  test('is found by label, name and status, and pruned when it does not run', async () => {
    const up = await engine.run('up', { Labels: { 'gatehouse.test.part': 'x' } });
    const down = await engine.create('down', { Labels: { 'gatehouse.test.part': 'x' } });
    const list = async (filters: Record<string, string[]>, more = '') => {
      const { body } = await engine.call('GET', `/containers/json?filters=${toQuery(filters)}${more}`);
      return body.map((one: { Id: string }) => one.Id);
    };
    expect(await list({ name: [engine.prefix] })).toEqual([up]);
    expect(await list({ name: [engine.prefix] }, '&all=1')).toEqual([down, up]);
    expect(await list({ name: [engine.prefix], status: ['created'] })).toEqual([down]);
    expect(await list({ name: [engine.prefix], label: ['gatehouse.test.part=x', 'no.such'] }, '&all=1')).toEqual([]);
    expect((await engine.call('GET', `/containers/json?filters=${toQuery({ bogus: ['x'] })}`)).status).toBe(400);

    const ours = toQuery({ label: [`gatehouse.test.run=${engine.prefix}`] });
    const pruned = await engine.call('POST', `/containers/prune?filters=${ours}`);
    expect(pruned).toMatchObject({ status: 200, body: { ContainersDeleted: [down] } });
    expect(await list({ name: [engine.prefix] }, '&all=1')).toEqual([up]);
  });
});
