import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { carryConnection } from './forwardConnection.ts';

/** A client, and its other end as a forward gets it. */
async function createPair(): Promise<{ client: Socket; socket: Socket }> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [socket] = (await once(server, 'connection')) as [Socket];
  server.close();
  onTestFinished(() => {
    client.destroy();
    socket.destroy();
  });
  return { client: client.on('error', () => {}), socket };
}

function carry(socket: Socket, stream: Duplex) {
  const seen = { sent: 0, received: 0, kind: null as boolean | null, refused: [] as string[], failed: [] as string[] };
  const carried = carryConnection({
    socket,
    connect: async () => stream,
    allowedHosts: [],
    onSent: (bytes) => {
      seen.sent += bytes;
    },
    onReceived: (bytes) => {
      seen.received += bytes;
    },
    onKind: (isHttp) => {
      seen.kind = isHttp;
    },
    onRefused: (reason) => seen.refused.push(reason),
    onFailed: (reason) => seen.failed.push(reason),
  });
  return { seen, carried };
}

test('what the service sends to a client that does not read is not read either', async () => {
  const { client, socket } = await createPair();
  client.pause();
  const block = Buffer.alloc(64 * 1024);
  const endless = new Duplex({ read: () => void endless.push(block), write: (_chunk, _encoding, done) => done() });
  const { seen } = carry(socket, endless);
  await expect.poll(() => endless.isPaused()).toBe(true);
  const held = seen.received;
  client.resume();
  await expect.poll(() => seen.received).toBeGreaterThan(held);
  client.pause();
  // The kernel holds some megabytes for a connection; we add no more than a few buffers.
  await expect.poll(() => endless.isPaused()).toBe(true);
  expect(seen.received).toBeLessThan(32 * 2 ** 20);
});

test('each side may end before the other: what is still said arrives', async () => {
  const { client, socket } = await createPair();
  const service = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
  service.on('finish', () => {
    service.push('the answer comes behind the end of the question');
    service.push(null);
  });
  const { seen, carried } = carry(socket, service);
  client.end('*1\r\n$4\r\nPING\r\n');
  let answer = '';
  for await (const chunk of client.setEncoding('utf8')) answer += chunk;
  await carried;
  expect(answer).toContain('behind the end');
  expect(seen).toMatchObject({ kind: false, failed: [], refused: [] });
});

test('a request that may not pass is answered, and never reaches the service', async () => {
  const { client, socket } = await createPair();
  let reached = '';
  const service = new Duplex({
    read: () => {},
    write(chunk, _encoding, done) {
      reached += String(chunk);
      done();
    },
  });
  const { seen } = carry(socket, service);
  client.write('GET / HTTP/1.1\r\nHost: attacker.example\r\n\r\n');
  let answer = '';
  for await (const chunk of client.setEncoding('utf8')) answer += chunk;
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(reached).toBe('');
  expect(seen.refused).toHaveLength(1);
  expect(seen.failed).toEqual([]);
  expect(service.destroyed).toBe(true);
});

test('a service that cannot be reached, or breaks off, resets its client, with the reason', async () => {
  const { client, socket } = await createPair();
  const { seen } = carry(
    socket,
    new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done(new Error('cut')) }),
  );
  client.write('*1\r\n');
  const [error] = (await once(client, 'error').catch((reason: unknown) => [reason])) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
  expect(seen.failed).toEqual(['cut']);
});
