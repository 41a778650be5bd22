// A socket in front of an engine's, whose connections can be cut: what an engine that is restarted looks like from outside.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BreakingProxy {
  readonly socketPath: string;
  /** Cuts every connection, and lets none in any more. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

export async function openBreakingProxy(enginePath: string): Promise<BreakingProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'ghp-'));
  const socketPath = join(folder, 'engine.sock');
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const engine = connect(enginePath);
    for (const [socket, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.pipe(engine).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const cut = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => (server.listening ? server.close(resolve) : resolve(undefined)));
  };
  return {
    socketPath,
    cut,
    async close() {
      await cut();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
