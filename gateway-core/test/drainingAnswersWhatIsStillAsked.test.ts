import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { eventually, startGateway, startUpstream } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';

test('while draining, a busy connection still gets its answer, /health 503 and a problem for anything new', async () => {
  const finishes: (() => void)[] = [];
  const upstream = await startUpstream((_req, res) => void finishes.push(() => res.end('done')));
  const { gateway, port } = await startGateway({ upstreamPort: upstream.port });
  const busy = [await openRawSocket(port), await openRawSocket(port)] as const;
  for (const raw of busy) raw.send('GET /app HTTP/1.1\r\nHost: shop\r\n\r\n');
  await eventually(() => finishes.length === 2);

  const closed = gateway.close({ graceMs: 5_000 });
  busy[0].send('GET /health HTTP/1.1\r\nHost: shop\r\n\r\n');
  busy[1].send('GET /app/new HTTP/1.1\r\nHost: shop\r\n\r\n');
  for (const finish of finishes) finish();
  const [health, refused] = await Promise.all(busy.map((raw) => raw.closed()));
  expect(await closed).toBe(true);
  expect(health).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*done[\s\S]*HTTP\/1\.1 503 [\s\S]*\{"status":"draining"\}$/);
  expect(refused).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*done[\s\S]*HTTP\/1\.1 503 [\s\S]*"code":"draining"/);
  expect(finishes).toHaveLength(2);
});

test('what does not end within the grace is cut, WebSockets too', async () => {
  const upstream = await startUpstream(() => undefined);
  new WebSocketServer({ server: upstream.server });
  const { gateway, port } = await startGateway({ upstreamPort: upstream.port });
  const socket = new WebSocket(`ws://127.0.0.1:${port}/app`);
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  const cut = new Promise((resolve) => socket.on('close', resolve));
  expect(await gateway.close({ graceMs: 50 })).toBe(false);
  await cut;
});
