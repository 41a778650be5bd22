import { Agent, createServer, get, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { EngineCall } from '../../contract/index.ts';
import { createFakeEngine } from '../test/fakeEngine.ts';
import {
  observeAgent,
  recordEngineCalls,
  recordEngineCallsOf,
  toRecordedPath,
  withoutRecording,
} from './callRecording.ts';
import { createEngine } from './engine.ts';

async function startEngine() {
  const fake = createFakeEngine();
  await fake.listen();
  const engine = createEngine({ kind: 'socket', path: fake.socketPath });
  onTestFinished(async () => {
    engine.close();
    await fake.close();
  });
  return { fake, engine };
}

test('the calls of an operation are recorded with their status, those of others beside it are not', async () => {
  const { engine } = await startEngine();
  const calls: EngineCall[] = [];
  await Promise.all([
    recordEngineCalls(
      (call) => calls.push(call),
      async () => {
        await engine.listNetworks();
        await engine.inspect('nobody');
      },
    ),
    engine.info(),
  ]);
  expect(calls.map(({ method, path, status }) => [method, path.replace(/^\/v[\d.]+/, ''), status])).toEqual([
    ['GET', '/networks', 200],
    ['GET', '/containers/nobody/json', 404],
  ]);
});

test('what outlives the operation is not recorded', async () => {
  const { engine } = await startEngine();
  const calls: EngineCall[] = [];
  await recordEngineCalls(
    (call) => calls.push(call),
    () => withoutRecording(() => engine.listNetworks()),
  );
  expect(calls).toEqual([]);
});

test('an engine that does not answer leaves a call without a status', async () => {
  const { fake, engine } = await startEngine();
  const calls: EngineCall[] = [];
  await engine.ping(5000);
  fake.hang();
  await recordEngineCalls(
    (call) => calls.push(call),
    () => engine.ping(50),
  ).catch(() => {});
  await expect.poll(() => calls.length).toBeGreaterThan(0);
  expect(calls.at(-1)).toMatchObject({ method: 'GET', status: null });
});

test('a stream that is read from another context records what its own steps ask', async () => {
  const { engine } = await startEngine();
  const calls: EngineCall[] = [];
  const stream = recordEngineCallsOf(
    (call) => calls.push(call),
    (async function* () {
      yield await engine.listNetworks();
      yield await engine.listNetworks();
    })(),
  );
  await stream.next();
  await engine.listNetworks();
  await stream.next();
  expect((await stream.next()).done).toBe(true);
  expect(calls).toHaveLength(2);
});

test('leaving such a stream ends its source', async () => {
  let ended = false;
  const stream = recordEngineCallsOf(
    () => {},
    (async function* () {
      try {
        for (;;) yield 1;
      } finally {
        ended = true;
      }
    })(),
  );
  await stream.next();
  await stream.return(undefined);
  expect(ended).toBe(true);
});

test('a connection that was upgraded is an answered call', async () => {
  const server = createServer();
  server.on('upgrade', (_, socket) => {
    socket.end('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const agent = observeAgent(new Agent());
  const calls: EngineCall[] = [];
  const { port } = server.address() as AddressInfo;
  const headers = { Connection: 'Upgrade', Upgrade: 'tcp' };
  await recordEngineCalls(
    (call) => calls.push(call),
    () =>
      new Promise((resolve, reject) => {
        const outgoing = request({ port, agent, method: 'POST', path: '/exec/a/start', headers });
        outgoing.on('upgrade', resolve).on('error', reject).end();
      }),
  );
  expect(calls).toEqual([{ method: 'POST', path: '/exec/a/start', status: 101 }]);
});

test('another agent is not observed', async () => {
  const server = createServer((_, answer) => answer.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const calls: EngineCall[] = [];
  const { port } = server.address() as AddressInfo;
  await recordEngineCalls(
    (call) => calls.push(call),
    () => new Promise((resolve) => get({ port }, resolve)),
  );
  expect(calls).toEqual([]);
});

test.each([
  ['/containers/json', '/containers/json'],
  ['/containers/create?name=shop-db-1', '/containers/create?name=shop-db-1'],
  ['/build?t=shop&buildargs=%7B%22TOKEN%22%3A%22x%22%7D', '/build?t=shop&buildargs=…'],
  ['/events?filters=%7B%7D', '/events?filters=…'],
  ['/containers/a?force&v=1', '/containers/a?force&v=1'],
])('%s is recorded as %s', (path, recorded) => {
  expect(toRecordedPath(path)).toBe(recorded);
});
