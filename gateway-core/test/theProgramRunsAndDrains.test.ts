import { once } from 'node:events';
import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callAdmin } from './adminCalls.ts';
import { eventually, startUpstream } from './fixture.ts';
import { PROGRAM_TEST_MS, portOf, startProgram, toYaml } from './program.ts';

test(
  'SIGTERM finishes what runs, takes nothing new, and ends with 0',
  async () => {
    let finish: () => void = () => undefined;
    const upstream = await startUpstream((_req, res) => {
      finish = () => res.end('done');
      res.writeHead(200).write('begun ');
    });
    const program = startProgram(toYaml(`http://127.0.0.1:${upstream.port}`), ['--admin-socket', 'FOLDER/admin.sock'], {
      GATEHOUSE_PORTS: '{"8080":"127.0.0.1:0"}',
    });
    const port = await portOf(program);
    const socket = join(program.folder, 'admin.sock');
    expect(statSync(socket).mode & 0o777).toBe(0o600);

    const running = await fetch(`http://127.0.0.1:${port}/app`);
    // A connection that is open before the drain begins, kept busy so that it is not closed as idle.
    const exit = once(program.child, 'exit');
    program.child.kill('SIGTERM');
    await eventually(() => program.output().includes('"msg":"draining"'));
    await expect(fetch(`http://127.0.0.1:${port}/app`)).rejects.toThrow();
    expect((await callAdmin(socket, '/health')).json()).toEqual({ status: 'draining' });
    finish();
    expect(await running.text()).toBe('begun done');
    expect(await exit).toEqual([0, null]);
    expect(program.output()).toContain('"whole":true');
    expect(existsSync(socket)).toBe(false);
  },
  PROGRAM_TEST_MS,
);

test(
  'a socket that a killed gateway left behind is taken over, a living one and other files are not',
  async () => {
    const yaml = toYaml('http://127.0.0.1:9');
    const env = { GATEHOUSE_PORTS: '{"8080":"127.0.0.1:0"}' };
    const first = startProgram(yaml, ['--admin-socket', 'FOLDER/admin.sock'], env);
    await portOf(first);
    const socket = join(first.folder, 'admin.sock');
    const second = startProgram(yaml, ['--admin-socket', socket], env);
    expect(await once(second.child, 'exit')).toEqual([1, null]);
    expect(second.errors()).toContain('another gateway answers');

    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    expect(existsSync(socket)).toBe(true);
    const third = startProgram(yaml, ['--admin-socket', socket], env);
    await portOf(third);
    expect((await callAdmin(socket, '/health')).json()).toEqual({ status: 'ok' });

    const file = join(third.folder, 'gateway.yaml');
    const fourth = startProgram(yaml, ['--admin-socket', file], env);
    expect(await once(fourth.child, 'exit')).toEqual([1, null]);
    expect(fourth.errors()).toContain('is not a socket');
    expect(statSync(file).isFile()).toBe(true);
  },
  PROGRAM_TEST_MS,
);

test(
  'a new address in the hosts file is used by the next requests',
  async () => {
    const one = await startUpstream((_req, res) => res.end('one'));
    const two = await startUpstream((_req, res) => res.end('two'));
    const program = startProgram(toYaml('http://app.internal:8000'), [
      '--listen',
      '127.0.0.1:0',
      '--hosts',
      'FOLDER/hosts.json',
    ]);
    const hosts = join(program.folder, 'hosts.json');
    const point = (port: number) => {
      writeFileSync(`${hosts}.new`, JSON.stringify({ 'app.internal:8000': `127.0.0.1:${port}` }));
      renameSync(`${hosts}.new`, hosts);
    };
    point(one.port);
    const port = await portOf(program);
    const ask = async () => (await fetch(`http://127.0.0.1:${port}/app`)).text();
    expect(await ask()).toBe('one');
    point(two.port);
    const began = performance.now();
    await eventually(async () => (await ask()) === 'two');
    expect(performance.now() - began).toBeLessThan(1_000);
  },
  PROGRAM_TEST_MS,
);

test(
  '--check says what is wrong and where, without listening',
  async () => {
    const bad = startProgram(toYaml('http://app:1').replace('upstream: app', 'upstream: ap'), ['--check']);
    expect(await once(bad.child, 'exit')).toEqual([1, null]);
    expect(bad.errors()).toMatch(/gateway\.yaml:5:\d+: routes\[0\]\.upstream: route "app" names the upstream "ap"/);
    const good = startProgram(toYaml('http://app:1'), ['--check']);
    expect(await once(good.child, 'exit')).toEqual([0, null]);
    expect(good.output()).toContain('fine, 1 routes');
    const wrong = startProgram('', ['--nonsense']);
    expect(await once(wrong.child, 'exit')).toEqual([2, null]);
  },
  PROGRAM_TEST_MS,
);

test(
  'for the delay it serves on while readiness is off, then refuses, cuts what is left at the deadline, and ends with 0',
  async () => {
    const upstream = await startUpstream(
      (req, res) => void (req.url === '/stream' ? res.write('begun') : res.end('ok')),
    );
    const yaml = `${toYaml(`http://127.0.0.1:${upstream.port}`)}drain: { delayMs: 3000, deadlineMs: 300 }\n`;
    const program = startProgram(yaml, ['--listen', '127.0.0.1:0']);
    const port = await portOf(program);
    const statusOf = async (path: string) =>
      (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })).status;
    const stream = await fetch(`http://127.0.0.1:${port}/app/stream`);
    expect(await statusOf('/health/ready')).toBe(200);

    const exit = once(program.child, 'exit');
    program.child.kill('SIGTERM');
    await eventually(() => program.output().includes('still serving'));
    expect(await statusOf('/health/ready')).toBe(503);
    expect(await statusOf('/health')).toBe(503);
    expect(await statusOf('/health/live')).toBe(200);
    expect(await statusOf('/app')).toBe(200);

    await expect(stream.text()).rejects.toThrow();
    await expect(statusOf('/app')).rejects.toThrow();
    expect(await exit).toEqual([0, null]);
    expect(program.output()).toContain('"whole":false');
  },
  PROGRAM_TEST_MS,
);

test(
  'a second signal ends it at once, one that repeats the first does not',
  async () => {
    const upstream = await startUpstream((_req, res) => void res.write('begun'));
    const yaml = `${toYaml(`http://127.0.0.1:${upstream.port}`)}drain: { deadlineMs: 600000 }\n`;
    const program = startProgram(yaml, ['--listen', '127.0.0.1:0']);
    const port = await portOf(program);
    const stream = await fetch(`http://127.0.0.1:${port}/app`);
    const exit = once(program.child, 'exit');
    const began = performance.now();
    program.child.kill('SIGINT');
    program.child.kill('SIGINT');
    const again = setInterval(() => program.child.kill('SIGINT'), 200);
    expect(await exit).toEqual([130, null]);
    clearInterval(again);
    expect(performance.now() - began).toBeGreaterThan(900);
    await expect(stream.text()).rejects.toThrow();
  },
  PROGRAM_TEST_MS,
);

test(
  '--access-log writes where the configuration says nothing of it, and --schema prints the schema',
  async () => {
    const upstream = await startUpstream((_req, res) => res.end('ok'));
    const program = startProgram(toYaml(`http://127.0.0.1:${upstream.port}`), [
      '--listen',
      '127.0.0.1:0',
      '--access-log',
      'stdout',
    ]);
    const port = await portOf(program);
    await (await fetch(`http://127.0.0.1:${port}/app/x`)).text();
    await eventually(() => program.output().includes('"log":"access"'));
    expect(program.output()).toMatch(/"path":"\/app\/x"/);
    const schema = startProgram('', ['--schema']);
    expect(await once(schema.child, 'exit')).toEqual([0, null]);
    expect(JSON.parse(schema.output())).toMatchObject({ title: 'Gatehouse gateway configuration' });
    const unwritable = startProgram(toYaml('http://app:1'), ['--access-log', '/nowhere/access.log']);
    expect(await once(unwritable.child, 'exit')).toEqual([1, null]);
    expect(unwritable.errors()).toContain('/nowhere is not there');
  },
  PROGRAM_TEST_MS,
);
