// The engine's own socket: who may connect, and what an earlier engine left behind.
import { chmodSync, rmSync } from 'node:fs';
import { connect, type Server } from 'node:net';

/** sun_path has 108 bytes on Linux (104 on macOS), with the closing NUL. */
const PATH_LIMIT_BYTES = process.platform === 'darwin' ? 103 : 107;

/** Throws when `path` with `moreBytes` behind it cannot be a unix socket; the message names the option to change. */
export function checkPathLength(path: string, moreBytes: number, option: string): void {
  const bytes = Buffer.byteLength(path) + moreBytes;
  if (bytes <= PATH_LIMIT_BYTES) return;
  throw new Error(
    `${option} ${path} is too long: a unix socket's path has at most ${PATH_LIMIT_BYTES} bytes and this comes to ${bytes}; choose a shorter one`,
  );
}

/** What an engine that was killed left is removed. Rejects when the socket answers: it belongs to another engine. */
export async function removeStaleSocket(path: string): Promise<void> {
  const answers = await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
  if (answers) throw new Error(`another engine listens on ${path}; end it, or choose another --socket`);
  rmSync(path, { force: true });
}

/** Listens with mode 0600: whoever may connect may start processes. */
export async function listenPrivately(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // The socket is bound while listen() runs, so the mask alone decides who may ever connect.
    const mask = process.umask(0o177);
    server.listen(path, resolve);
    process.umask(mask);
  });
  chmodSync(path, 0o600);
}
