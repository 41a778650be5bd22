// A way to an admin socket that breaks on request: before a call gets there, or once it has been carried out.
import { connect, createServer, type Socket } from 'node:net';

export type Breakage =
  /** Calls that begin with this get nowhere. */
  | { before: string }
  /** Calls that begin with this are carried out, and their answer is lost. */
  | { after: string }
  | null;

export interface BreakableSocket {
  breakage: Breakage;
  close(): Promise<void>;
}

export async function createBreakableSocket(path: string, target: string): Promise<BreakableSocket> {
  const sockets = new Set<Socket>();
  const socket: BreakableSocket = {
    breakage: null,
    close: () =>
      new Promise((resolve) => {
        for (const open of sockets) open.destroy();
        server.close(() => resolve());
      }),
  };
  const server = createServer((caller) => {
    const gateway = connect(target);
    let losesAnswer = false;
    const end = () => {
      caller.destroy();
      gateway.destroy();
    };
    for (const side of [caller, gateway]) {
      sockets.add(side);
      side.on('error', end).on('close', () => {
        sockets.delete(side);
        end();
      });
    }
    caller.on('data', (chunk) => {
      const { breakage } = socket;
      const text = chunk.toString('latin1');
      if (breakage && 'before' in breakage && text.startsWith(breakage.before)) return end();
      if (breakage && 'after' in breakage && text.startsWith(breakage.after)) losesAnswer = true;
      gateway.write(chunk);
    });
    gateway.on('data', (chunk) => (losesAnswer ? end() : caller.write(chunk)));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return socket;
}
