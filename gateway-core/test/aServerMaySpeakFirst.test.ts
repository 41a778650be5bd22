import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startGateway, startUpstream } from './fixture.ts';

test('what an upstream sends right behind its 101 gets to the caller, and is counted', async () => {
  const upstream = await startUpstream((_req, res) => res.end());
  const sockets = new WebSocketServer({ server: upstream.server });
  sockets.on('connection', (socket) => {
    socket.send('welcome');
    socket.close(1000);
  });
  const { port, recorded } = await startGateway({ upstreamPort: upstream.port });
  const client = new WebSocket(`ws://127.0.0.1:${port}/app`);
  const messages: string[] = [];
  client.on('message', (data) => messages.push(String(data)));
  const code = await new Promise<number>((resolve, reject) => client.on('error', reject).on('close', resolve));
  expect([messages, code]).toEqual([['welcome'], 1000]);
  const { responseBytes, requestBytes } = await recorded((row) => row.protocol === 'websocket');
  // A text frame of 2 + 7 bytes and a close frame of 2 + 2; the caller's close frame is masked by 4 more.
  expect([responseBytes, requestBytes]).toEqual([13, 8]);
});
