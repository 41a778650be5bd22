// The sandbox engine: a Docker Engine API server on a unix socket whose containers are processes of this machine.
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { createContainers } from './containers/containers.ts';
import { createLifecycle, emitContainer } from './containers/lifecycle.ts';
import { createPortAllocator } from './containers/ports.ts';
import type { Programs } from './containers/programs.ts';
import { createHealthMonitor } from './health/monitor.ts';
import { writeHostsFile } from './hostsFile.ts';
import { createEngineServer } from './http/engineServer.ts';
import { createRouteTable } from './http/routeTable.ts';
import { createNetworks } from './networks/networks.ts';
import { containerRoutes } from './routes/containers.ts';
import type { EngineParts } from './routes/engineParts.ts';
import { eventRoutes } from './routes/events.ts';
import { imageRoutes } from './routes/images.ts';
import { networkRoutes } from './routes/networks.ts';
import { systemRoutes } from './routes/system.ts';
import { createEventLog } from './streams/eventLog.ts';

export type { Programs } from './containers/programs.ts';

export interface SandboxEngineOptions {
  socketPath: string;
  /** Holds hosts.json and the gateways' admin sockets; made with mode 0700. */
  stateFolder: string;
  programs: Programs;
}

export interface SandboxEngine {
  /** Resolves when the socket answers. Rejects when another engine has it, or a path is too long. */
  listen(): Promise<void>;
  /** Ends every container, then the server. Safe to call twice. */
  close(): Promise<void>;
}

/** sun_path has 108 bytes on Linux (104 on macOS), with the closing NUL. */
const SOCKET_PATH_LIMIT_BYTES = process.platform === 'darwin' ? 103 : 107;
/** A container's id and `.sock` behind the state folder. */
const ADMIN_SOCKET_NAME_BYTES = '/0123456789ab.sock'.length;
const GRACE_MS = 2_000;

export function createSandboxEngine({ socketPath, stateFolder, programs }: SandboxEngineOptions): SandboxEngine {
  const hostsFile = join(stateFolder, 'hosts.json');
  const containers = createContainers();
  const networks = createNetworks();
  const events = createEventLog();
  const ports = createPortAllocator();
  const namesChanged = () => writeHostsFile(hostsFile, containers.list());
  const health = createHealthMonitor((container) =>
    emitContainer(events, container, `health_status: ${container.health?.status}`),
  );
  const folders = { hostsFile, compileCache: join(stateFolder, 'compile-cache'), path: process.env.PATH ?? '' };
  const lifecycle = createLifecycle({
    containers,
    events,
    health,
    ports,
    programs,
    folders,
    stateFolder,
    namesChanged,
  });
  const parts: EngineParts = {
    containers,
    networks,
    events,
    lifecycle,
    ports,
    stateFolder,
    startedAt: Date.now(),
    namesChanged,
  };
  const table = createRouteTable([
    ...systemRoutes(parts),
    ...containerRoutes(parts),
    ...networkRoutes(parts),
    ...imageRoutes(parts),
    ...eventRoutes(parts),
  ]);
  const server = createEngineServer(table);
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    await lifecycle.endAll(GRACE_MS);
    if (server.listening) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(socketPath, { force: true });
      rmSync(hostsFile, { force: true });
      removeAdminSockets(stateFolder);
    }
  }

  return {
    async listen() {
      checkPathLength(socketPath, 0, '--socket');
      checkPathLength(stateFolder, ADMIN_SOCKET_NAME_BYTES, '--state');
      mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
      mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 });
      await removeStaleSocket(socketPath);
      removeAdminSockets(stateFolder);
      namesChanged();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        // The socket is bound while listen() runs, so the mask alone decides who may ever connect.
        const mask = process.umask(0o177);
        server.listen(socketPath, resolve);
        process.umask(mask);
      });
      chmodSync(socketPath, 0o600);
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function checkPathLength(path: string, more: number, option: string): void {
  const bytes = Buffer.byteLength(path) + more;
  if (bytes <= SOCKET_PATH_LIMIT_BYTES) return;
  throw new Error(
    `${option} ${path} is too long: a unix socket's path has at most ${SOCKET_PATH_LIMIT_BYTES} bytes and this comes to ${bytes}; choose a shorter one`,
  );
}

/** A gateway that was killed leaves its socket behind. */
function removeAdminSockets(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/^[0-9a-f]{12}\.sock$/.test(name)) rmSync(join(folder, name), { force: true });
  }
}

/** What an engine that was killed left behind is removed; a socket that answers belongs to another engine. */
async function removeStaleSocket(path: string): Promise<void> {
  const answers = await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
  if (answers) throw new Error(`another engine listens on ${path}; end it, or choose another --socket`);
  rmSync(path, { force: true });
}
