import { expect, test } from 'vitest';
import { PUBLISHED } from './engineUnderTest.ts';
import { onEachEngine } from './onEachEngine.ts';

const failing = { Cmd: ['no-such-role'] };
const policy = (Name: string, MaximumRetryCount = 0) => ({
  HostConfig: { RestartPolicy: { Name, MaximumRetryCount } },
});

onEachEngine('an end', (engine) => {
  test('is waited for: now, at the next one, or at the removal', async () => {
    const id = await engine.create('a', failing);
    const wait = async (condition: string) => {
      const { status, body } = await engine.call('POST', `/containers/${id}/wait?condition=${condition}`);
      return [status, body.StatusCode];
    };
    expect(await wait('not-running')).toEqual([200, 0]);
    // The headers come before the end, so that one can wait first and start then.
    const next = await engine.request('POST', `/containers/${id}/wait?condition=next-exit`);
    const removed = await engine.request('POST', `/containers/${id}/wait?condition=removed`);
    expect([next.statusCode, removed.statusCode]).toEqual([200, 200]);
    await engine.start(id);
    const codeOf = async (stream: AsyncIterable<Buffer>) => {
      let text = '';
      for await (const chunk of stream) text += chunk;
      return JSON.parse(text).StatusCode;
    };
    expect(await codeOf(next)).toBe(2);
    expect(await wait('not-running')).toEqual([200, 2]);
    await engine.until(id, ({ State }) => State.Status === 'exited');
    expect((await engine.call('DELETE', `/containers/${id}`)).status).toBe(204);
    expect(await codeOf(removed)).toBe(2);
  });

  test('is followed by as many starts as on-failure allows', async () => {
    const since = Date.now();
    const id = await engine.create('a', { ...failing, ...policy('on-failure', 2) });
    await engine.start(id);
    const done = await engine.until(id, ({ State, RestartCount }) => State.Status === 'exited' && RestartCount === 2);
    expect(done.State).toMatchObject({ ExitCode: 2, Running: false, Restarting: false });
    const expected = ['create', 'start', 'die 2', 'start', 'die 2', 'start', 'die 2'];
    await expect.poll(() => engine.events(id, since), { timeout: 10_000 }).toEqual(expected);
  });

  test('from outside is undone by unless-stopped; one that was asked for is not', async () => {
    const id = await engine.run('a', policy('unless-stopped'));
    const before = (await engine.inspect(id)).State.Pid;
    const since = Date.now();
    process.kill(before, 'SIGKILL');
    const after = await engine.until(id, ({ State }) => State.Status === 'running' && State.Pid !== before);
    expect(after.RestartCount).toBe(1);
    await engine.ready(id, 2);
    expect((await engine.call('POST', `/containers/${id}/kill`)).status).toBe(204);
    await engine.until(id, ({ State }) => State.Status === 'exited' && State.ExitCode === 137);
    await engine.start(id);
    expect((await engine.inspect(id)).RestartCount).toBe(0);
    await engine.ready(id, 3);
    expect((await engine.call('POST', `/containers/${id}/stop?t=20`)).status).toBe(204);
    expect((await engine.inspect(id)).State.Status).toBe('exited');
    const expected = ['die 137', 'start', 'kill 9', 'die 137', 'start', 'kill 15', 'die 0', 'stop'];
    await expect.poll(() => engine.events(id, since), { timeout: 10_000 }).toEqual(expected);
  });

  test('again and again is a loop that a stop breaks', async () => {
    const id = await engine.create('a', { ...failing, ...policy('always') });
    await engine.start(id);
    const looping = await engine.until(id, ({ State }) => State.Status === 'restarting');
    expect(looping.State).toMatchObject({ Running: true, Restarting: true, Pid: 0, ExitCode: 2 });
    expect((await engine.call('POST', `/containers/${id}/stop?t=20`)).status).toBe(204);
    expect((await engine.inspect(id)).State).toMatchObject({ Status: 'exited', Running: false, Restarting: false });
    expect((await engine.call('DELETE', `/containers/${id}`)).status).toBe(204);
  });

  test('follows the policy that an update gave', async () => {
    const id = await engine.run('a');
    const update = (Name: string, MaximumRetryCount = 0) =>
      engine.call('POST', `/containers/${id}/update`, { RestartPolicy: { Name, MaximumRetryCount } });
    expect((await update('bogus')).status).toBe(400);
    const since = Date.now();
    expect((await update('on-failure', 5)).status).toBe(200);
    const { HostConfig, State } = await engine.inspect(id);
    expect(HostConfig.RestartPolicy).toEqual({ Name: 'on-failure', MaximumRetryCount: 5 });
    process.kill(State.Pid, 'SIGKILL');
    await engine.until(id, (one) => one.State.Status === 'running' && one.State.Pid !== State.Pid);
    await expect.poll(() => engine.events(id, since), { timeout: 10_000 }).toEqual(['update', 'die 137', 'start']);
  });
});

onEachEngine('a pause', (engine) => {
  test('holds the process, refuses what needs it, and is over at once', async () => {
    const id = await engine.run('a', PUBLISHED);
    const url = `${await engine.address(id)}/health`;
    const post = async (path: string, body?: unknown) =>
      (await engine.call('POST', `/containers/${id}/${path}`, body)).status;
    expect((await fetch(url)).status).toBe(200);
    const since = Date.now();
    expect(await post('pause')).toBe(204);
    expect((await engine.inspect(id)).State).toMatchObject({ Status: 'paused', Running: true, Paused: true });
    await expect(fetch(url, { signal: AbortSignal.timeout(500) })).rejects.toThrow();
    expect(await post('pause')).toBe(409);
    expect(await post('start')).toBe(409);
    expect(await post('exec', { Cmd: ['true'] })).toBe(409);
    expect(await post('unpause')).toBe(204);
    expect((await fetch(url)).status).toBe(200);
    expect(await post('unpause')).toBe(500);
    await expect.poll(() => engine.events(id, since), { timeout: 10_000 }).toEqual(['pause', 'unpause']);
  });

  test('is ended by a stop, and refused for what does not run', async () => {
    const id = await engine.run('a');
    const since = Date.now();
    await engine.call('POST', `/containers/${id}/pause`);
    expect((await engine.call('POST', `/containers/${id}/stop?t=20`)).status).toBe(204);
    expect((await engine.inspect(id)).State).toMatchObject({ Status: 'exited', Paused: false, ExitCode: 0 });
    const expected = ['pause', 'kill 15', 'unpause', 'die 0', 'stop'];
    await expect.poll(() => engine.events(id, since), { timeout: 10_000 }).toEqual(expected);
    expect((await engine.call('POST', `/containers/${id}/pause`)).status).toBe(409);
  });
});
