import { cpus, release, totalmem } from 'node:os';
import { toListItem } from '../containers/view.ts';
import { API_VERSION } from '../http/engineServer.ts';
import { json, type Reply } from '../http/reply.ts';
import type { EngineRoute } from '../http/routeTable.ts';
import { listImages } from '../images.ts';
import { findUsers } from '../volumes/volumes.ts';
import type { EngineParts } from './engineParts.ts';
import { toVolumeView } from './volumes.ts';

const VERSION = '0.1.0';
const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch;

export function systemRoutes(engine: EngineParts): EngineRoute[] {
  const pong: Reply = {
    kind: 'text',
    status: 200,
    body: 'OK',
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-cache, no-store, must-revalidate',
      Pragma: 'no-cache',
    },
  };
  return [
    { method: 'GET', path: '/_ping', handle: () => pong },
    { method: 'GET', path: '/version', handle: () => json(describeVersion()) },
    { method: 'GET', path: '/info', handle: () => json(describeEngine(engine)) },
    { method: 'GET', path: '/system/df', handle: () => json(describeUsage(engine)) },
  ];
}

function describeVersion() {
  return {
    Platform: { Name: 'Gatehouse sandbox' },
    Components: [{ Name: 'Engine', Version: VERSION, Details: { ApiVersion: API_VERSION, MinAPIVersion: '1.24' } }],
    Version: VERSION,
    ApiVersion: API_VERSION,
    MinAPIVersion: '1.24',
    GitCommit: '',
    GoVersion: '',
    Os: 'linux',
    Arch: ARCHITECTURE,
    KernelVersion: release(),
    BuildTime: '',
  };
}

/** Nothing is counted here but names: images are programs that are there anyway, and no process writes to a volume. */
function describeUsage({ containers, startedAt, volumes }: EngineParts) {
  const all = containers.list();
  return {
    LayersSize: 0,
    Images: listImages(
      all.map((container) => container.spec.image),
      startedAt,
    ),
    Containers: all.map((container) => toListItem(container, Date.now())),
    Volumes: volumes.list().map((volume) => ({
      ...toVolumeView(volume),
      UsageData: { Size: -1, RefCount: findUsers(volume, all).length },
    })),
    BuildCache: [],
  };
}

function describeEngine(engine: EngineParts) {
  const all = engine.containers.list();
  const count = (isCounted: (status: string) => boolean) => all.filter(({ state }) => isCounted(state.status)).length;
  const paused = count((status) => status === 'paused');
  const running = count((status) => status === 'running' || status === 'restarting');
  const images = listImages(
    all.map((container) => container.spec.image),
    engine.startedAt,
  );
  return {
    ID: 'gatehouse-sandbox',
    Name: 'gatehouse-sandbox',
    Labels: ['gatehouse.engine=sandbox'],
    OperatingSystem: 'Gatehouse sandbox',
    OSType: 'linux',
    Architecture: ARCHITECTURE,
    KernelVersion: release(),
    ServerVersion: VERSION,
    Containers: all.length,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: all.length - running - paused,
    Images: images.length,
    Driver: 'none',
    DriverStatus: [],
    Plugins: { Volume: ['local'], Network: ['bridge'], Authorization: null, Log: [] },
    LoggingDriver: 'memory',
    CgroupDriver: 'none',
    NCPU: cpus().length,
    MemTotal: totalmem(),
    DockerRootDir: engine.stateFolder,
    SystemTime: new Date().toISOString(),
    LiveRestoreEnabled: false,
    Swarm: { LocalNodeState: 'inactive' },
    Runtimes: {},
    DefaultRuntime: 'process',
    SecurityOptions: [],
    Warnings: ['Containers are processes of this machine: networks, volumes and limits are not enforced.'],
  };
}
