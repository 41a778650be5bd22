import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Forward } from '../../../contract/index.ts';
import { lookAtPort } from '../../forwards/lookAtPort.ts';
import { openForwardsOf, type TestForwards } from '../forwardsOfEngine.ts';
import type { EngineUnderTest } from './engineUnderTest.ts';
import { onEachEngine } from './onEachEngine.ts';

const GATEWAY = 'gatehouse/api-gateway:0.1.0';
const until = <T>(check: () => T | Promise<T>, timeout = 20_000) => vi.waitFor(check, { timeout, interval: 50 });

const service = (engine: EngineUnderTest, name: string) => ({
  Labels: { 'com.docker.compose.project': engine.prefix, 'com.docker.compose.service': name },
  HostConfig: { NetworkMode: engine.name('net') },
});

async function runStack(engine: EngineUnderTest, withGateway = true): Promise<string> {
  await engine.call('POST', '/networks/create', { Name: engine.name('net'), Internal: true });
  const search = await engine.run('search', service(engine, 'search'));
  if (withGateway) {
    const id = await engine.create('gateway', { ...service(engine, 'api_gateway'), Image: GATEWAY, Cmd: [] });
    await engine.start(id);
  }
  return search;
}

async function open(engine: EngineUnderTest, containers: number): Promise<TestForwards> {
  const { kind, socketPath, prefix } = engine;
  const opened = openForwardsOf({ kind, socketPath, project: prefix });
  onTestFinished(opened.close);
  await until(() => expect(opened.live.stack.observed.current?.containers.size).toBe(containers));
  return opened;
}

function ask(port: number, options: { host?: string; headers?: Record<string, string> } = {}) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { host = '127.0.0.1', headers = {} } = options;
    const asked = request({ host, port, path: '/health', agent: false, headers }, async (answer) => {
      let text = '';
      for await (const chunk of answer.setEncoding('utf8')) text += chunk;
      resolve({ status: answer.statusCode ?? 0, text });
    });
    asked.once('error', reject).end();
  });
}

const helpersOn = async (engine: EngineUnderTest): Promise<string[]> => {
  const filters = encodeURIComponent(JSON.stringify({ label: ['gatehouse.helper=relay'] }));
  const { body } = await engine.call('GET', `/containers/json?all=1&filters=${filters}`);
  return (body as { Labels: Record<string, string>; State: string }[])
    .filter(({ Labels }) => Labels['gatehouse.helper.for']?.includes(engine.prefix))
    .map(({ State }) => State);
};

onEachEngine('a port that nobody publishes', (engine) => {
  test('answers on the loopback of this machine, a hundred at once, until it is closed', async () => {
    await runStack(engine);
    const { forwards, live, by, request: toRequest } = await open(engine, 2);
    expect(await lookAtPort(live, { service: 'search', port: 8002 }, forwards.source)).toMatchObject({
      kind: 'relay',
      through: 'api_gateway',
    });
    const forward = await forwards.open(toRequest('search', 8002), by);
    const { localPort, addresses, through } = forward.snapshot();
    expect(through).toBe('api_gateway');
    expect(addresses[0]).toBe('127.0.0.1');
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(localPort)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    if (addresses.includes('::1')) expect((await ask(localPort, { host: '::1' })).status).toBe(200);
    await until(() => expect(forward.snapshot().connections).toMatchObject({ open: 0, failed: 0 }));
    expect(forward.snapshot()).toMatchObject({ isWeb: true, openedBy: 'test' });
    expect(forward.snapshot().traffic.receivedBytes).toBeGreaterThan(100 * 10);

    // What a page gets that has pointed its own name here.
    expect(await ask(localPort, { headers: { host: `attacker.example:${localPort}` } })).toMatchObject({
      status: 403,
      text: expect.stringContaining('no name of this machine'),
    });
    expect(forward.snapshot().connections.refused).toBe(1);

    forwards.end(live.id, forward.id, 'it was closed');
    await forward.ended;
    await expect(ask(localPort)).rejects.toThrow('ECONNREFUSED');
    expect(forwards.list(live.id).current).toMatchObject([{ state: 'ended', detail: 'it was closed' }]);
  });

  test('follows its service to another container, waits while there is none, and ends when it is gone', async () => {
    const first = await runStack(engine);
    const { forwards, live, by, request: toRequest } = await open(engine, 2);
    const forward = await forwards.open(toRequest('search', 8002), by);
    const { localPort } = forward.snapshot();
    await engine.call('DELETE', `/containers/${first}?force=1`);
    await until(() => expect(forward.snapshot()).toMatchObject({ state: 'waiting' }));
    await expect(ask(localPort)).rejects.toThrow(/ECONNRESET|socket hang up/);
    await engine.run('search', service(engine, 'search'));
    await until(() => expect(forward.snapshot()).toMatchObject({ state: 'open' }));
    expect((await ask(localPort)).status).toBe(200);
    expect(forwards.list(live.id).current).toHaveLength(1);
  });

  test('that is taken here is refused with who has it and what is free; one that nobody listens on, with the reason', async () => {
    await runStack(engine);
    const { forwards, by, request: toRequest } = await open(engine, 2);
    const mine = createServer();
    mine.listen(0, '127.0.0.1');
    await once(mine, 'listening');
    onTestFinished(() => void mine.close());
    const { port } = mine.address() as { port: number };
    await forwards.open(toRequest('search', 8002), by);
    await expect(forwards.open({ ...toRequest('search', 8002), localPort: port }, by)).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(`held by a test`),
      remedy: expect.stringMatching(/^\d+ is free/),
    });
    await expect(forwards.open(toRequest('search', 8999), by)).rejects.toMatchObject({ code: 'port-unreachable' });
    await expect(forwards.open(toRequest('nothing', 80), by)).rejects.toMatchObject({ code: 'service-unknown' });
  });

  test('is carried by a helper container where no other can, after a yes, and nothing of it is left', async () => {
    await runStack(engine, false);
    const { forwards, live, by, request: toRequest } = await open(engine, 1);
    const asked = toRequest('search', 8002);
    await expect(forwards.open(asked, by)).rejects.toMatchObject({ code: 'helper-needed' });
    const way = await lookAtPort(live, { service: 'search', port: 8002 }, forwards.source);
    if (way.kind !== 'helper') throw new Error(`there is another way: ${JSON.stringify(way)}`);
    expect(way).toMatchObject({ networks: [engine.name('net')], images: expect.arrayContaining([GATEWAY]) });
    expect(await helpersOn(engine)).toEqual([]);

    const helper = { image: GATEWAY, network: engine.name('net') };
    const forward = await forwards.open({ ...asked, helper }, by);
    const { helper: name, localPort } = forward.snapshot();
    expect(name).toMatch(/^gatehouse-relay-/);
    expect((await ask(localPort)).status).toBe(200);
    expect(await helpersOn(engine)).toEqual(['running']);
    forward.end('it was closed');
    await until(async () => expect(await helpersOn(engine)).toEqual([]));
  });

  test('leaves no helper container when its console is killed, and what one left before it ran is removed', async () => {
    await runStack(engine, false);
    const program = fileURLToPath(new URL('../forwardConsole.ts', import.meta.url));
    const argv = [program, engine.kind, engine.socketPath, engine.prefix, engine.name('net')];
    const console = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(console.stdout, 'data')) as [Buffer];
    const forward = JSON.parse(said.toString()) as Forward;
    expect((await ask(forward.localPort)).status).toBe(200);
    expect(await helpersOn(engine)).toEqual(['running']);
    console.kill('SIGKILL');
    await until(async () => expect(await helpersOn(engine)).toEqual([]));

    const { forwards, live } = await open(engine, 1);
    const Labels = {
      'gatehouse.helper': 'relay',
      'gatehouse.helper.made': String(Date.now() - 61_000),
      'gatehouse.helper.for': `${engine.prefix} search:8002`,
    };
    await engine.create('left', { Image: GATEWAY, Cmd: ['relay'], Labels });
    expect(await helpersOn(engine)).toEqual(['created']);
    await forwards.sweep(live);
    expect(await helpersOn(engine)).toEqual([]);
  });
});
