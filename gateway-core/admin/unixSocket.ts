// Binding a unix socket that only its owner may use, over one that a killed process has left behind.
import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';

/** Rejects when the path is something else than a socket, or when somebody still answers on it. */
export async function listenOnUnixSocket(server: Server, path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found && !found.isSocket())
    throw new Error(`${path} exists and is not a socket; it is not touched, choose another path`);
  if (found) {
    if (await isAnswered(path)) throw new Error(`another gateway answers on ${path}; stop it or choose another path`);
    unlinkSync(path);
  }
  await new Promise<void>((resolve, reject) => {
    // bind happens inside listen, so the file is never there with wider rights than these.
    const before = process.umask(0o177);
    try {
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      process.umask(before);
    }
  });
  chmodSync(path, 0o600);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
      else reject(error);
    });
  });
}
