// An upstream that takes the handshake of a WebSocket by hand and then speaks bytes.
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface BytesUpstream {
  readonly port: number;
  /** How many connections it has. */
  open(): number;
}

/** Ends with the test. */
export async function startBytes(onHandshake: (socket: Socket) => void, allowHalfOpen = false): Promise<BytesUpstream> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.once('data', () => onHandshake(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, open: () => sockets.size };
}
