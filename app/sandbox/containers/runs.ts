// The processes behind containers: from spawn to end, and the wait before a restart.

import { startExec } from '../exec/execProcess.ts';
import type { Execs } from '../exec/execs.ts';
import type { HealthMonitor } from '../health/monitor.ts';
import { EngineError } from '../http/engineError.ts';
import type { EventLog } from '../streams/eventLog.ts';
import type { Attachments } from './attachments.ts';
import { type Container, toShortId } from './container.ts';
import { type ContainerProcess, startProcess } from './containerProcess.ts';
import type { Containers } from './containers.ts';
import { emitContainer, emitMounts, emitNetworks } from './emit.ts';
import type { Exits } from './exits.ts';
import { type LaunchFolders, toLaunch } from './launch.ts';
import { LOOPBACK, type PortAllocator, probePort } from './ports.ts';
import type { Programs } from './programs.ts';
import { nextRestartDelayMs, shouldRestart } from './restartPolicy.ts';
import { advance, type StateEvent } from './state.ts';

export interface RunParts {
  attachments: Attachments;
  containers: Containers;
  events: EventLog;
  execs: Execs;
  exits: Exits;
  health: HealthMonitor;
  ports: PortAllocator;
  programs: Programs;
  folders: LaunchFolders;
  stateFolder: string;
  /** Called when a name or address may have changed. */
  namesChanged(): void;
}

export interface Runs {
  find(container: Container): ContainerProcess | undefined;
  /** Throws EngineError 500 when a port is taken or the program does not start. */
  start(container: Container): Promise<void>;
  /** A container that waits for its restart has ended for good. */
  cancelRestart(container: Container): void;
  /** From now on nothing is restarted. */
  stopRestarting(): void;
}

/** `restartDue` is called when a container's wait is over, `autoRemove` when one with that option has ended. */
export function createRuns(
  parts: RunParts,
  follow: { restartDue(container: Container): void; autoRemove(container: Container): void },
): Runs {
  const { attachments, containers, events, execs, exits, folders, health, namesChanged, ports, programs, stateFolder } =
    parts;
  const processes = new Map<string, ContainerProcess>();
  const waits = new WeakMap<Container, { delayMs: number; timer?: NodeJS.Timeout }>();
  let restarting = true;

  async function spawn(container: Container): Promise<void> {
    await securePorts(container, { ports, others: containers.list() });
    const { argv, environment } = toLaunch(container, { programs, folders, others: containers.list() });
    const options = { environment, folder: stateFolder };
    const attached = container.spec.openStdin ? await startExec(argv, { ...options, withInput: true }) : null;
    const started = attached ?? (await startProcess(argv, { ...options, log: container.log }));
    processes.set(container.id, started);
    move(container, { type: 'spawned', pid: started.pid, at: Date.now() });
    emitNetworks(events, container, 'connect');
    emitMounts(events, container, 'mount');
    emitContainer(events, container, 'start');
    namesChanged();
    health.begin(container);
    if (attached) attachments.started(container, attached);
    void started.ended.then((exitCode) => ended(container, exitCode));
  }

  function ended(container: Container, exitCode: number): void {
    const at = Date.now();
    const { state, restartPolicy } = container;
    processes.delete(container.id);
    // They share the container's life: where there are namespaces, the kernel would end them.
    execs.endAll(container);
    const restarts = restarting && state.status !== 'removing' && shouldRestart(restartPolicy, { ...state, exitCode });
    move(container, { type: 'ended', exitCode, at, restarts });
    health.end(container);
    const ranMs = at - (state.startedAt ?? at);
    const seconds = String(Math.round(ranMs / 1_000));
    emitContainer(events, container, 'die', { exitCode: String(exitCode), execDuration: seconds });
    emitNetworks(events, container, 'disconnect');
    emitMounts(events, container, 'unmount');
    container.log.journal.wake();
    exits.ended(container);
    namesChanged();
    if (restarts) wait(container, ranMs);
    else if (container.spec.autoRemove) follow.autoRemove(container);
  }

  function wait(container: Container, ranMs: number): void {
    const previous = container.state.restartCount > 1 ? (waits.get(container)?.delayMs ?? 0) : 0;
    const delayMs = nextRestartDelayMs(previous, ranMs);
    waits.set(container, { delayMs, timer: setTimeout(() => follow.restartDue(container), delayMs) });
  }

  function cancelRestart(container: Container): void {
    clearTimeout(waits.get(container)?.timer);
    if (container.state.status !== 'restarting') return;
    move(container, { type: 'restartCancelled' });
    container.log.journal.wake();
    exits.ended(container);
  }

  return {
    find: (container) => processes.get(container.id),
    async start(container) {
      try {
        await spawn(container);
      } catch (error) {
        const wasUp = container.state.status === 'restarting';
        const reason = error instanceof Error ? error.message : String(error);
        move(container, { type: 'startFailed', error: reason, at: Date.now() });
        if (wasUp) exits.ended(container);
        throw error;
      }
    },
    cancelRestart,
    stopRestarting() {
      restarting = false;
      for (const container of containers.list()) cancelRestart(container);
    },
  };
}

export function move(container: Container, event: StateEvent): void {
  container.state = advance(container.state, event);
}

/** A stated port must be free; another one is exchanged when someone took it while the container was down. */
async function securePorts(
  container: Container,
  { ports, others }: { ports: PortAllocator; others: Container[] },
): Promise<void> {
  for (const mapping of container.ports) {
    const holder = others.find(
      (other) =>
        other !== container && other.state.pid !== 0 && other.ports.some((port) => port.hostPort === mapping.hostPort),
    );
    // A process that was just started may not have bound its port yet, so the engine's own knowledge counts too.
    const found = holder === undefined ? await probePort(mapping.hostPort) : 'taken';
    if (found === 'free') continue;
    if (mapping.stated) {
      const reason = found === 'denied' ? 'permission denied' : 'port is already allocated';
      throw new EngineError(
        500,
        `driver failed programming external connectivity on endpoint ${container.name} (${toShortId(container.id)}): ` +
          `Bind for ${LOOPBACK}:${mapping.hostPort} failed: ${reason}`,
      );
    }
    ports.release(mapping.hostPort);
    mapping.hostPort = await ports.allocate();
  }
}
