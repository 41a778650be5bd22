import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from '../docker/engine.ts';
import { createAdminClient } from '../gateway/adminClient.ts';
import { openRelay, type Relay } from '../tunnel/relay.ts';
import { createRelayAgent } from '../tunnel/relayAgent.ts';
import { createExecEngine, type ExecEngine } from './execEngine.ts';
import { createFakeAdmin, type FakeAdmin } from './fakeAdmin.ts';
import { exchange } from './samples.ts';

let admin: FakeAdmin;
let engine: ExecEngine;
let relay: Relay;

const openEngine = () => createEngine({ kind: 'socket', path: engine.socketPath });
const open = () => {
  relay = openRelay({ openEngine, container: 'gateway', name: 'api_gateway' });
};
const until = (check: () => void, timeout = 8000) => vi.waitFor(check, { timeout, interval: 10 });
const isLive = () => expect(relay.state.current).toEqual({ kind: 'live' });

beforeEach(async () => {
  admin = createFakeAdmin('one');
  engine = createExecEngine(admin.socketPath);
  await Promise.all([admin.listen(), engine.listen()]);
});
afterEach(async () => {
  await relay?.close();
  await until(() => expect(engine.running.size).toBe(0));
  await Promise.all([admin.close(), engine.close()]);
});

test('one exec carries every call of the admin client, and its tap beside them', async () => {
  open();
  const client = createAdminClient({ agent: createRelayAgent(relay) });
  admin.backfill = [exchange(1), exchange(2)];
  const seen: unknown[] = [];
  const leaving = new AbortController();
  const tap = client.tap(10, (event) => seen.push(event), leaving.signal);
  const [routes, stats] = await Promise.all([client.routes(), client.stats(), client.breakers()]);
  expect(routes.revision).toBe('r1');
  expect(stats.gateway).toBe('one');
  await until(() => expect(seen).toHaveLength(2));
  expect(await client.exchange('no-such')).toBeUndefined();
  expect(engine.commands).toEqual([['node', '/opt/gatehouse/gateway.js', 'relay']]);
  leaving.abort();
  await tap.catch(() => {});
  await until(() => expect(admin.taps.size).toBe(0));
  client.close();
});

test('closing leaves nothing behind, and says so to who asks later', async () => {
  open();
  await until(isLive);
  expect(engine.running.size).toBe(1);
  await relay.close();
  await until(() => expect(engine.running.size).toBe(0), 2000);
  await expect(relay.connect('admin')).rejects.toThrow('not open');
});

test('closing while the engine has not answered yet does not wait for it', async () => {
  open();
  await relay.close();
  expect(relay.state.current).toEqual({ kind: 'closed' });
  await until(() => expect(engine.running.size).toBe(0));
});

test('a relay that is killed is opened again, and its connections are told', async () => {
  open();
  await until(isLive);
  const connection = await relay.connect('admin');
  const lost = once(connection, 'error');
  for (const child of engine.running) child.kill('SIGKILL');
  expect((await lost)[0].message).toContain('the relay of api_gateway has ended');
  await until(() =>
    expect(relay.state.current).toMatchObject({ kind: 'lost', reason: expect.stringContaining('137') }),
  );
  await until(isLive);
  (await relay.connect('admin')).destroy();
});

test('an engine that goes and comes back: lost with its reason, then live, and the old relay has ended', async () => {
  open();
  await until(isLive);
  await engine.die();
  await until(() => expect(relay.state.current.kind).toBe('lost'));
  await expect(relay.connect('admin')).rejects.toThrow('relay of api_gateway');
  await until(() => expect(engine.running.size).toBe(0), 2000);
  await until(() => expect(relay.state.current).toMatchObject({ reason: expect.stringContaining('does not answer') }));
  await engine.listen();
  await until(isLive);
  expect(engine.running.size).toBe(1);
});

test('a gateway that is not listening yet is a refusal of that call, and the relay stays', async () => {
  await admin.die();
  open();
  // The client gives an answer 1.5 s, in which a busy machine may not even start a relay.
  await until(isLive);
  const client = createAdminClient({ agent: createRelayAgent(relay) });
  await expect(client.routes()).rejects.toThrow(/cannot be reached: connect (ENOENT|ECONNREFUSED)/);
  isLive();
  await admin.listen();
  expect((await client.routes()).revision).toBe('r1');
});

test('tcp is refused by a relay that was not started for it', async () => {
  open();
  const [error] = await once(await relay.connect('tcp:127.0.0.1:22'), 'error');
  expect(error.message).toContain('without --allow tcp');
});

test('without a socket in its environment the relay is live and says what is missing', async () => {
  engine.environment = { PATH: process.env.PATH };
  open();
  await expect(relay.connect('admin')).rejects.toThrow('GATEHOUSE_ADMIN_SOCKET is not set');
});

const script = (code: string) => [process.execPath, '-e', code];
test.each<[string, () => void, string]>([
  [
    'no node in the image',
    () => {
      engine.runtimeError = 'OCI runtime exec failed: exec: "node": executable file not found in $PATH: unknown\r\n';
    },
    'has no Node',
  ],
  [
    'no program in the image',
    () => {
      engine.program = [process.execPath, '/nowhere/gateway.js', 'relay'];
    },
    'program where it is looked for',
  ],
  [
    'a program that knows no relay',
    () => {
      engine.program = script('console.error("Unexpected argument relay"); process.exit(2)');
    },
    'has no relay (Unexpected argument relay)',
  ],
  [
    'a program that talks of something else',
    () => {
      engine.program = script(
        'console.log(JSON.stringify({ msg: "listening" })); setInterval(() => {}, 1000); process.stdin.resume().on("end", () => process.exit())',
      );
    },
    'has no relay ({"msg":"listening"})',
  ],
  [
    'an engine that allows no exec',
    () => {
      engine.refusal = 403;
    },
    'does not allow to execute',
  ],
])('absent, with a remedy, and not tried again: %s', async (_name, prepare, message) => {
  prepare();
  open();
  await until(() => expect(relay.state.current.kind).toBe('absent'));
  expect(relay.state.current).toMatchObject({
    problem: { code: 'gateway-absent', message: expect.stringContaining(message), remedy: expect.stringMatching(/./) },
  });
  await expect(relay.connect('admin')).rejects.toMatchObject({ code: 'gateway-absent' });
});

test('a container that is paused, or gone, is tried again', async () => {
  engine.refusal = 409;
  engine.hasContainer = false;
  open();
  await until(() => expect(relay.state.current).toMatchObject({ kind: 'lost', reason: 'api_gateway is gone' }));
  engine.hasContainer = true;
  await until(() => expect(relay.state.current).toMatchObject({ reason: expect.stringContaining('409') }));
  engine.refusal = undefined;
  await until(isLive);
});

test('kill -9 of the console ends the relay within 2 s', async () => {
  const program = fileURLToPath(new URL('relayConsole.ts', import.meta.url));
  const console = spawn(process.execPath, [program, engine.socketPath], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(console.stdout, 'data');
  expect(engine.running.size).toBe(1);
  const at = Date.now();
  console.kill('SIGKILL');
  await until(() => expect(engine.running.size).toBe(0));
  expect(Date.now() - at).toBeLessThan(2000);
});
