import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Exchange } from '../../../contract/index.ts';
import { createEngine } from '../../docker/engine.ts';
import type { EngineSource } from '../../environment/engines.ts';
import { type LiveEnvironment, openEnvironment } from '../../environment/liveEnvironment.ts';
import type { EngineUnderTest } from './engineUnderTest.ts';
import { onEachEngine } from './onEachEngine.ts';

const IMAGE = 'gatehouse/api-gateway:0.1.0';
const until = (check: () => void | Promise<void>, timeout = 20_000) => vi.waitFor(check, { timeout, interval: 50 });

async function runGateway(engine: EngineUnderTest, more: Record<string, unknown> = {}): Promise<string> {
  const id = await engine.create('gateway', {
    Image: IMAGE,
    Cmd: [],
    ExposedPorts: { '8080/tcp': {} },
    HostConfig: { PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
    Labels: { 'com.docker.compose.project': engine.prefix, 'com.docker.compose.service': 'api_gateway' },
    ...more,
  });
  await engine.start(id);
  return id;
}

/** The environment as the host opens it, with the gateway reached by exec on the sandbox too. */
function open({ kind, socketPath, prefix }: EngineUnderTest): LiveEnvironment {
  const address = { kind: 'socket', path: socketPath } as const;
  const engine: EngineSource = {
    id: kind === 'sandbox' ? 'sandbox' : 'docker',
    kind: kind === 'sandbox' ? 'sandbox' : 'docker',
    isAsked: () => true,
    ask() {},
    gatewayReach: 'exec',
    findOrigin: () => 'this test',
    findAddress: () => address,
    open: () => createEngine(address),
  };
  const live = openEnvironment({
    id: `${engine.id}~${prefix}`,
    project: prefix,
    engine,
    findDeclared: () => null,
    findGuard: () => ({ guard: 'locked', reason: 'a test', unlockedUntil: null }),
    findSettings: () => ({ name: null, colour: null, guard: null }),
    collectors: { find: () => undefined, onChange: () => () => {} },
    journal: { add() {}, confirmWatched() {}, loseSight() {} },
    now: Date.now,
  });
  onTestFinished(() => live.close());
  return live;
}

/** How many relays run in the container. */
async function relaysIn(engine: EngineUnderTest, id: string): Promise<number> {
  const { body } = await engine.call('GET', `/containers/${id}/top?ps_args=-eo%20pid,args`);
  if (!body.Processes) throw new Error(JSON.stringify(body));
  return (body.Processes as string[][]).filter((row) => row.some((cell) => / relay$/.test(cell))).length;
}

const isLive = (live: LiveEnvironment) =>
  expect(live.gateway.connection.current).toMatchObject({ state: 'live', detail: '1 of 1, through exec' });

onEachEngine('a gateway in a container', (engine) => {
  test('tells its routes and breakers, explains, and shows what passes, over one exec', async () => {
    const id = await runGateway(engine);
    const live = open(engine);
    await until(() => isLive(live));
    expect(live.gateway.routes.current?.routes.map((route) => route.id)).toContain('ai-search');
    expect(live.gateway.breakers.current?.map(({ upstream }) => upstream)).toContain('search');
    const explanation = await live.gateway.explain({ method: 'GET', url: '/api/ai/search/query/', headers: [] });
    expect(explanation).toMatchObject({ upstream: 'search:8002' });

    const leaving = new AbortController();
    const seen: Exchange[] = [];
    const reading = (async () => {
      for await (const { exchanges } of live.traffic.watch(100, leaving.signal)) seen.push(...exchanges);
    })();
    const { NetworkSettings } = await engine.inspect(id);
    const port = NetworkSettings.Ports['8080/tcp'][0].HostPort;
    expect((await fetch(`http://127.0.0.1:${port}/no/such/path`)).status).toBe(404);
    await until(() => expect(seen).toMatchObject([{ path: '/no/such/path', status: 404 }]));
    leaving.abort();
    await reading;
    expect(await relaysIn(engine, id)).toBe(1);
    // What was there before is told of; what the console does itself is no change.
    expect(live.changes.changes.current.filter(({ text }) => !text.endsWith('not watched'))).toEqual([]);
  });

  test('that is started anew is reached anew, and the execs are no changes of the platform', async () => {
    const id = await runGateway(engine);
    const live = open(engine);
    await until(() => isLive(live));
    await engine.call('POST', `/containers/${id}/restart?t=10`);
    await until(() => expect(live.changes.changes.current.map(({ text }) => text)).toContain('started'));
    await until(() => isLive(live));
    expect(await relaysIn(engine, id)).toBe(1);
    expect(live.changes.changes.current.filter(({ text }) => /exec|relay/.test(text))).toEqual([]);
  });

  test('that is paused is lost, and live again afterwards', async () => {
    const id = await runGateway(engine);
    const live = open(engine);
    await until(() => isLive(live));
    expect((await engine.call('POST', `/containers/${id}/pause`)).status).toBe(204);
    await until(() => expect(live.gateway.connection.current.state).toBe('lost'), 5000);
    expect((await engine.call('POST', `/containers/${id}/unpause`)).status).toBe(204);
    await until(() => isLive(live));
  });

  test('keeps nothing of a console that is closed, or killed', async () => {
    const id = await runGateway(engine);
    const live = open(engine);
    await until(() => isLive(live));
    await live.close();
    await until(async () => expect(await relaysIn(engine, id)).toBe(0), 2000);

    const program = fileURLToPath(new URL('../relayConsole.ts', import.meta.url));
    const console = spawn(process.execPath, [program, engine.socketPath, id], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(console.stdout, 'data');
    expect(await relaysIn(engine, id)).toBe(1);
    console.kill('SIGKILL');
    await until(async () => expect(await relaysIn(engine, id)).toBe(0), 2000);
  });

  test('whose image has no relay is absent, with what to do', async () => {
    await runGateway(engine, {
      Image: 'gatehouse/platform-service:0.1.0',
      Cmd: ['search'],
      Labels: {
        'com.docker.compose.project': engine.prefix,
        'com.docker.compose.service': 'own_gateway',
        'gatehouse.gateway': 'true',
      },
    });
    const live = open(engine);
    await until(() => expect(live.gateway.connection.current.state).toBe('absent'));
    expect(live.gateway.connection.current.problem).toMatchObject({
      code: 'gateway-absent',
      message: expect.stringContaining('own_gateway'),
      remedy: expect.stringContaining('Dockerfile'),
    });
  });
});
