import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type RequestListener, request } from 'node:http';
import type { Duplex, Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { programs } from '../../scripts/programs.mjs';
import { createRelayMux, type RelayMux } from '../relay/mux.ts';
import { eventually, startGateway, startUpstream } from './fixture.ts';

interface Relay {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly mux: RelayMux;
  readonly errors: () => string;
}

function startRelay(adminSocket: string | undefined, args: string[] = []): Relay {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, ...(adminSocket ? { GATEHOUSE_ADMIN_SOCKET: adminSocket } : {}) };
  const child = spawn(process.execPath, [programs.gateway, 'relay', ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdin.on('error', () => {});
  const mux = createRelayMux({ output: child.stdin, onFailure: (error) => expect.unreachable(error.message) });
  child.stdout.on('data', (chunk: Buffer) => mux.receive(chunk));
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return { child, mux, errors: () => errors };
}

async function opened(stream: Duplex): Promise<Duplex> {
  await once(stream, 'connect');
  return stream;
}

async function refusalOf(stream: Duplex): Promise<string> {
  const [error] = (await once(stream, 'error')) as [Error];
  return error.message;
}

/** GET over a connection of its own, as the console's admin client does it. */
async function get(stream: Duplex, path: string): Promise<{ status: number | undefined; body: Buffer }> {
  const agent = new Agent();
  agent.createConnection = () => stream;
  const outgoing = request({ agent, path, headers: { host: 'gateway' } }).end();
  const [answer] = await once(outgoing, 'response');
  return { status: answer.statusCode, body: await buffer(answer) };
}

const listen = async (listener: RequestListener) => (await startUpstream(listener)).port;

test('the admin API of a gateway answers through it', async () => {
  const { adminSocket } = await startGateway({ upstreamPort: 1 });
  const { mux } = startRelay(adminSocket);
  const stream = await opened(mux.connect(`unix:${adminSocket}`));
  const { status, body } = await get(stream, '/routes');
  expect(status).toBe(200);
  expect(JSON.parse(body.toString())).toMatchObject({ routes: [{ id: 'app' }] });
  await eventually(() => mux.streamCount === 0);
});

test('it refuses, by name, whatever else it is asked for', async () => {
  const { adminSocket } = await startGateway({ upstreamPort: 1 });
  const { mux } = startRelay(adminSocket);
  expect(await refusalOf(mux.connect('tcp:127.0.0.1:22'))).toBe(
    '"tcp:127.0.0.1:22" is not allowed; this relay was started without --allow tcp',
  );
  expect(await refusalOf(mux.connect('unix:/var/run/docker.sock'))).toContain(`reaches ${adminSocket} alone`);
});

test('an admin socket that nobody listens on is refused with the reason', async () => {
  const { mux } = startRelay('/nowhere/admin.sock');
  expect(await refusalOf(mux.connect('unix:/nowhere/admin.sock'))).toContain('ENOENT');
});

test('with --allow tcp: 60 MB on one connection while another one is not read, both whole', async () => {
  const size = 60_000_000;
  const port = await listen((req, res) => {
    const count = Number(new URL(req.url ?? '/', 'http://x').searchParams.get('bytes'));
    res.writeHead(200, { 'content-length': count }).end(Buffer.alloc(count, 7));
  });
  const { mux } = startRelay(undefined, ['--allow', 'tcp']);
  const slow = await opened(mux.connect(`tcp:127.0.0.1:${port}`));
  slow.write(`GET /?bytes=${size} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  await once(slow, 'readable');
  const fast = await get(await opened(mux.connect(`tcp:127.0.0.1:${port}`)), `/?bytes=${size}`);
  expect(fast.body.length).toBe(size);
  expect((await buffer(slow)).length).toBeGreaterThan(size);
});

test('it ends with its stdin, though connections are open', async () => {
  const port = await listen(() => {});
  const { child, mux } = startRelay(undefined, ['--allow', 'tcp']);
  await opened(mux.connect(`tcp:127.0.0.1:${port}`));
  const at = Date.now();
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(Date.now() - at).toBeLessThan(2000);
});

test('kill -9 of the one who started it leaves nothing behind', async () => {
  // A console in between. Both hold stderr, so that its end says that both are gone.
  const script = `
    const child = require('node:child_process').spawn(process.execPath, [${JSON.stringify(programs.gateway)}, 'relay'], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdout.once('data', () => console.log('started'));
    setInterval(() => {}, 1000);`;
  const between = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = once(between.stderr.resume(), 'end');
  await once(between.stdout, 'data');
  const at = Date.now();
  between.kill('SIGKILL');
  await gone;
  expect(Date.now() - at).toBeLessThan(2000);
});

test('what is not the protocol ends it with a reason', async () => {
  const { child, errors } = startRelay(undefined);
  child.stdin.write(Buffer.alloc(100, 0xff));
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(errors()).toContain('relay protocol: ');
});

test.each([
  [['--allow', 'everything'], '--allow everything is not known'],
  [['--admin-socket', '/x'], 'Unknown option'],
])('wrong use ends with 2 and the usage: relay %s', async (args, message) => {
  const { child, errors } = startRelay(undefined, args);
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([2, null]);
  expect(errors()).toContain(message);
  expect(errors()).toContain('gateway relay [--allow tcp]');
});
