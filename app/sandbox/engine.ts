// The sandbox engine: a Docker Engine API server on a unix socket whose containers are processes of this machine.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createAttachments } from './containers/attachments.ts';
import { createContainers } from './containers/containers.ts';
import { emitContainer } from './containers/emit.ts';
import { createExits } from './containers/exits.ts';
import { Lifecycle } from './containers/lifecycle.ts';
import { createPortAllocator } from './containers/ports.ts';
import type { Programs } from './containers/programs.ts';
import { createExecs } from './exec/execs.ts';
import { createHealthMonitor } from './health/monitor.ts';
import { writeHostsFile } from './hostsFile.ts';
import { createEngineServer } from './http/engineServer.ts';
import { createRouteTable } from './http/routeTable.ts';
import { checkPathLength, listenPrivately, removeStaleSocket } from './http/unixSocket.ts';
import { createNetworks } from './networks/networks.ts';
import { containerRoutes } from './routes/containers.ts';
import type { EngineParts } from './routes/engineParts.ts';
import { eventRoutes } from './routes/events.ts';
import { execRoutes } from './routes/exec.ts';
import { imageRoutes } from './routes/images.ts';
import { lifecycleRoutes } from './routes/lifecycle.ts';
import { networkRoutes } from './routes/networks.ts';
import { observeRoutes } from './routes/observe.ts';
import { systemRoutes } from './routes/system.ts';
import { volumeRoutes } from './routes/volumes.ts';
import { createEventLog } from './streams/eventLog.ts';
import { createVolumes } from './volumes/volumes.ts';

export type { Programs } from './containers/programs.ts';

export interface SandboxEngineOptions {
  socketPath: string;
  /** Holds hosts.json and the gateways' admin sockets; made with mode 0700. */
  stateFolder: string;
  programs: Programs;
  /** `127.0.0.1:4318`: who takes spans where Jaeger has only a stand-in; without, they are thrown away. */
  spansTo?: string | undefined;
}

export interface SandboxEngine {
  /** Resolves when the socket answers. Rejects when another engine has it, or a path is too long. */
  listen(): Promise<void>;
  /** Ends every container, then the server. Safe to call twice. */
  close(): Promise<void>;
}

/** A container's id and `.sock` behind the state folder. */
const ADMIN_SOCKET_NAME_BYTES = '/0123456789ab.sock'.length;
const GRACE_MS = 2_000;

export function createSandboxEngine(options: SandboxEngineOptions): SandboxEngine {
  const { socketPath, stateFolder } = options;
  const hostsFile = join(stateFolder, 'hosts.json');
  const parts = createParts(options, hostsFile);
  const { server, close: closeServer } = createEngineServer(
    createRouteTable([
      ...systemRoutes(parts),
      ...containerRoutes(parts),
      ...lifecycleRoutes(parts),
      ...observeRoutes(parts),
      ...execRoutes(parts),
      ...networkRoutes(parts),
      ...volumeRoutes(parts),
      ...imageRoutes(parts),
      ...eventRoutes(parts),
    ]),
  );
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    await parts.lifecycle.endAll(GRACE_MS);
    if (!server.listening) return;
    await closeServer();
    rmSync(socketPath, { force: true });
    rmSync(hostsFile, { force: true });
    removeLeftovers(stateFolder);
  }

  return {
    async listen() {
      checkPathLength(socketPath, 0, '--socket');
      checkPathLength(stateFolder, ADMIN_SOCKET_NAME_BYTES, '--state');
      mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
      mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 });
      await removeStaleSocket(socketPath);
      removeLeftovers(stateFolder);
      parts.namesChanged();
      await listenPrivately(server, socketPath);
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function createParts({ stateFolder, programs, spansTo }: SandboxEngineOptions, hostsFile: string): EngineParts {
  const containers = createContainers();
  const events = createEventLog();
  const ports = createPortAllocator();
  const namesChanged = () => writeHostsFile(hostsFile, containers.list(), spansTo);
  const health = createHealthMonitor((container) =>
    emitContainer(events, container, `health_status: ${container.health?.status}`),
  );
  const folders = {
    hostsFile,
    // Where this process has one, it may be full already.
    compileCache: process.env.NODE_COMPILE_CACHE ?? join(stateFolder, 'compile-cache'),
    path: process.env.PATH ?? '',
    spansTo,
  };
  const volumes = createVolumes(join(stateFolder, VOLUMES_FOLDER), events);
  const execs = createExecs({ events, programs, folders, stateFolder });
  const attachments = createAttachments();
  const shared = {
    attachments,
    containers,
    events,
    execs,
    exits: createExits(),
    ports,
    stateFolder,
    volumes,
    namesChanged,
  };
  const lifecycle = new Lifecycle({ ...shared, health, programs, folders });
  return { ...shared, lifecycle, networks: createNetworks(), startedAt: Date.now() };
}

const VOLUMES_FOLDER = 'sandbox-volumes';

/** A gateway that was killed leaves its socket behind, and an engine its volumes, which no other one knows. */
function removeLeftovers(folder: string): void {
  rmSync(join(folder, VOLUMES_FOLDER), { recursive: true, force: true });
  for (const name of readdirSync(folder)) {
    if (/^[0-9a-f]{12}\.sock$/.test(name)) rmSync(join(folder, name), { force: true });
  }
}
