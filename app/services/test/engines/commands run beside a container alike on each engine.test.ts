import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { hijack, openHijacked, parseFrames, readAnswer, textOf } from './engineHttp.ts';
import type { EngineUnderTest } from './engineUnderTest.ts';
import { onEachEngine } from './onEachEngine.ts';

interface ExecOptions {
  Tty?: boolean;
  Env?: string[];
  AttachStdin?: boolean;
  AttachStdout?: boolean;
}

const ATTACHED = { AttachStdout: true, AttachStderr: true };

async function make(engine: EngineUnderTest, id: string, Cmd: string[], more: object = ATTACHED): Promise<string> {
  const created = await engine.call('POST', `/containers/${id}/exec`, { Cmd, ...more });
  expect(created.status).toBe(201);
  return created.body.Id;
}

/** Runs to the end; answers what came on the connection, and the exit code. */
async function run(
  engine: EngineUnderTest,
  id: string,
  Cmd: string[],
  more: { spec?: ExecOptions; input?: Buffer } = {},
) {
  const exec = await make(engine, id, Cmd, { ...ATTACHED, ...more.spec });
  const { bytes, statusLine } = await hijack(engine.socketPath, `/exec/${exec}/start`, {
    body: { Detach: false, Tty: more.spec?.Tty ?? false },
    ...(more.input === undefined ? {} : { input: more.input }),
  });
  expect(statusLine).toBe('HTTP/1.1 101 UPGRADED');
  await expect.poll(async () => (await inspect(engine, exec)).Running).toBe(false);
  return { exec, bytes, exitCode: (await inspect(engine, exec)).ExitCode };
}

const inspect = async (engine: EngineUnderTest, exec: string) => (await engine.call('GET', `/exec/${exec}/json`)).body;

onEachEngine('an exec', (engine) => {
  test('has the exit code of its command, and can be looked at before and after', async () => {
    const id = await engine.run('a');
    const exec = await make(engine, id, ['false', 'with words']);
    expect(await inspect(engine, exec)).toMatchObject({
      ID: exec,
      ContainerID: id,
      Running: false,
      ExitCode: null,
      Pid: 0,
      OpenStdin: false,
      OpenStdout: true,
      ProcessConfig: { tty: false, entrypoint: 'false', arguments: ['with words'], privileged: false },
    });
    await hijack(engine.socketPath, `/exec/${exec}/start`, { body: {} });
    await expect.poll(() => inspect(engine, exec)).toMatchObject({ Running: false, ExitCode: 1 });
    expect((await inspect(engine, exec)).Pid).toBeGreaterThan(0);
    expect(await run(engine, id, ['true'])).toMatchObject({ exitCode: 0, bytes: Buffer.alloc(0) });
  });

  test('frames its output, errors apart; without a frame where a terminal is asked for', async () => {
    const id = await engine.run('a');
    const echo = await run(engine, id, ['echo', 'one', 'two']);
    expect(parseFrames(echo.bytes)).toEqual([{ channel: 1, text: 'one two\n' }]);
    const cat = await run(engine, id, ['cat', '/no/such/file']);
    expect(cat.exitCode).toBe(1);
    expect(textOf(parseFrames(cat.bytes), 2)).toMatch(/^cat: \/no\/such\/file: No such file or directory/);
    expect(textOf(parseFrames(cat.bytes), 1)).toBe('');
    const terminal = await run(engine, id, ['echo', 'one'], { spec: { Tty: true } });
    expect(terminal.bytes.toString()).toBe('one\r\n');
    const unheard = await run(engine, id, ['echo', 'one'], { spec: { AttachStdout: false } });
    expect(unheard.bytes).toHaveLength(0);
  });

  test('is given its input to the end, and gives it back whole', async () => {
    const id = await engine.run('a');
    const input = Buffer.from(randomBytes(512 * 1024).toString('hex'));
    const { bytes, exitCode } = await run(engine, id, ['cat'], { spec: { AttachStdin: true }, input });
    expect(exitCode).toBe(0);
    expect(textOf(parseFrames(bytes), 1) === input.toString()).toBe(true);
  });

  test('with a terminal is told its size, then and later, and is typed into', async () => {
    const id = await engine.run('a');
    const exec = await make(engine, id, ['sh'], { ...ATTACHED, AttachStdin: true, Tty: true });
    const terminal = await openHijacked(engine.socketPath, `/exec/${exec}/start`, { Tty: true });
    for (const [rows, columns] of [
      [24, 80],
      [41, 133],
    ]) {
      const resized = () => engine.call('POST', `/exec/${exec}/resize?h=${rows}&w=${columns}`);
      await expect.poll(async () => (await resized()).status).toBe(200);
      terminal.type('stty size\r');
      await expect.poll(terminal.text).toMatch(new RegExp(`\\b${rows} ${columns}\r\n`));
    }
    terminal.type('exit 7\r');
    await terminal.ended;
    await expect.poll(() => inspect(engine, exec)).toMatchObject({ Running: false, ExitCode: 7 });
  });

  test('has the environment of its container and its own', async () => {
    const id = await engine.run('a', { Env: ['OF_CONTAINER=yes', 'OF_BOTH=container'] });
    const { bytes } = await run(engine, id, ['env'], { spec: { Env: ['OF_EXEC=too', 'OF_BOTH=exec'] } });
    const lines = textOf(parseFrames(bytes), 1).split('\n');
    expect(lines).toEqual(expect.arrayContaining(['OF_CONTAINER=yes', 'OF_EXEC=too', 'OF_BOTH=exec']));
    expect(lines).toContain(`HOSTNAME=${id.slice(0, 12)}`);
  });

  test('of what is not there says so, and ends with 126 or, in newer engines of Docker, 127', async () => {
    const id = await engine.run('a');
    const { bytes, exitCode } = await run(engine, id, ['no-such-command']);
    expect([126, 127]).toContain(exitCode);
    expect(bytes.toString()).toContain('no-such-command');
  });

  test('goes on without its client, is listed, is started once, and ends with its container', async () => {
    const id = await engine.run('a');
    const exec = await make(engine, id, ['sleep', '300'], {});
    const start = () => engine.call('POST', `/exec/${exec}/start`, { Detach: true });
    expect((await start()).status).toBe(200);
    const running = await inspect(engine, exec);
    expect(running).toMatchObject({ Running: true, ExitCode: null });
    expect(running.Pid).toBeGreaterThan(0);
    expect((await engine.inspect(id)).ExecIDs).toEqual([exec]);
    expect((await engine.call('POST', `/exec/${exec}/resize?h=24&w=80`)).status).toBe(200);
    expect(await start()).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('is already running') },
    });
    await engine.call('POST', `/containers/${id}/kill`);
    await expect.poll(() => isAlive(running.Pid), { timeout: 10_000 }).toBe(false);
    expect((await start()).status).toBeGreaterThanOrEqual(400);
  });

  test('without an upgrade is a plain stream', async () => {
    const id = await engine.run('a');
    const exec = await make(engine, id, ['echo', 'plain']);
    const answer = await readAnswer(await engine.request('POST', `/exec/${exec}/start`, { body: { Detach: false } }));
    expect(answer.status).toBe(200);
    expect(parseFrames(answer.bytes)).toEqual([{ channel: 1, text: 'plain\n' }]);
  });

  test('tells its three events', async () => {
    const id = await engine.run('a');
    const since = Date.now();
    const { exec } = await run(engine, id, ['echo', 'seen', 'twice']);
    const seen = async () =>
      (await engine.rawEvents({ container: [id] }, since))
        .filter(({ Actor }) => Actor.Attributes.execID === exec)
        .map(({ Action, Actor }) => [Action, Actor.Attributes.exitCode]);
    await expect.poll(seen, { timeout: 10_000 }).toEqual([
      ['exec_create: echo seen twice', undefined],
      ['exec_start: echo seen twice', undefined],
      ['exec_die', '0'],
    ]);
  });

  test('is refused for nothing to run, for what does not run, and is 404 when it is not known', async () => {
    const id = await engine.create('a');
    const post = async (path: string, body: object) => (await engine.call('POST', path, body)).status;
    expect(await post(`/containers/${id}/exec`, { Cmd: ['true'] })).toBe(409);
    await engine.start(id);
    expect(await post(`/containers/${id}/exec`, { Cmd: [] })).toBe(400);
    expect(await post('/exec/nope/start', { Detach: false })).toBe(404);
    expect((await engine.call('GET', '/exec/nope/json')).status).toBe(404);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
