// Made from the catalogue, so that an operation which is added tomorrow is attacked tomorrow.
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { operations } from '../../contract/index.ts';
import { openSession, startTestHost, type TestHost } from './startTestHost.ts';
import { createTickingHandlers } from './tickingHandlers.ts';

const ALL = Object.entries(operations).flatMap(([domain, verbs]) =>
  Object.entries(verbs).map(([verb, { kind }]) => ({ path: `${domain}.${verb}`, kind })),
);
/** Sockets that are open at a time; the host takes 64. */
const AT_ONCE = 16;

/** A host that notes which operations got as far as their handler. */
async function startNoting() {
  const reached: string[] = [];
  const overrides = Object.fromEntries(
    Object.entries(operations).map(([domain, verbs]) => [
      domain,
      Object.fromEntries(
        Object.entries(verbs).map(([verb, { kind }]) => {
          const note = () => void reached.push(`${domain}.${verb}`);
          const stream = async function* () {
            yield note();
          };
          return [verb, kind === 'subscription' ? stream : async () => note()];
        }),
      ),
    ]),
  );
  const host = await startTestHost(createTickingHandlers(overrides as never).handlers);
  return { host, reached };
}

async function forEveryOperation(act: (operation: (typeof ALL)[number]) => Promise<void>): Promise<void> {
  for (let from = 0; from < ALL.length; from += AT_ONCE) await Promise.all(ALL.slice(from, from + AT_ONCE).map(act));
}

function open({ port, url }: TestHost, origin = url): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api?connectionParams=1`, { headers: { Origin: origin } });
  onTestFinished(() => socket.terminate());
  return socket;
}

const call = ({ path, kind }: (typeof ALL)[number]) => JSON.stringify({ id: 1, method: kind, params: { path } });
const hello = (token: string) => JSON.stringify({ method: 'connectionParams', data: { token } });

test('with a session every operation is there, so that what follows can fail', async () => {
  const { host } = await startNoting();
  const token = openSession(host);
  const answers: string[] = [];
  await forEveryOperation(async (operation) => {
    const socket = open(host);
    await once(socket, 'open');
    socket.send(hello(token));
    socket.send(call(operation));
    const [data] = (await once(socket, 'message')) as [Buffer];
    answers.push(String(data));
    socket.terminate();
  });
  // Most inputs are missing here and refused by their schema, which is past the session; none is unknown.
  expect(answers).toHaveLength(ALL.length);
  expect(answers.filter((answer) => answer.includes('No procedure found') || answer.includes('UNAUTHORIZED'))).toEqual(
    [],
  );
});

test.each<[name: string, messages: (operation: (typeof ALL)[number]) => string[]]>([
  ['without a word before', (operation) => [call(operation)]],
  ['with an empty token', (operation) => [hello(''), call(operation)]],
  ['with a token that was never given', (operation) => [hello('A'.repeat(43)), call(operation)]],
  ['with a list for a token', (operation) => ['{"method":"connectionParams","data":{"token":["x"]}}', call(operation)]],
])('no operation answers a socket %s', async (_name, messages) => {
  const { host, reached } = await startNoting();
  await forEveryOperation(async (operation) => {
    const socket = open(host);
    const received: string[] = [];
    socket.on('message', (data) => received.push(String(data)));
    await once(socket, 'open');
    const closed = once(socket, 'close');
    for (const message of messages(operation)) socket.send(message);
    await closed;
    expect(received, operation.path).toEqual([]);
  });
  expect(reached).toEqual([]);
});

test.each(['http://evil.example', 'null', 'http://127.0.0.1:1'])(
  'no operation answers a page of %s, even with a token that is right',
  async (origin) => {
    const { host, reached } = await startNoting();
    const token = openSession(host);
    await forEveryOperation(async (operation) => {
      const socket = open(host, origin);
      socket.on('open', () => {
        socket.send(hello(token));
        socket.send(call(operation));
      });
      const [error] = (await once(socket, 'error')) as [Error];
      expect(error.message, operation.path).toContain('403');
    });
    expect(reached).toEqual([]);
  },
);

test('no operation is there for plain requests, with or without a token', async () => {
  const { host, reached } = await startNoting();
  const token = openSession(host);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', origin: host.url };
  await forEveryOperation(async ({ path }) => {
    for (const target of [`/api/${path}`, `/api/${path}?batch=1`]) {
      const posted = await fetch(`${host.url}${target}`, { method: 'POST', headers, body: '{}' });
      expect(posted.status, target).toBe(405);
      // Addresses belong to the page, which asks for a session itself.
      const got = await fetch(`${host.url}${target}`, { headers });
      expect([got.status, got.headers.get('content-type')?.split(';')[0]], target).not.toContain('application/json');
    }
  });
  expect(reached).toEqual([]);
});
