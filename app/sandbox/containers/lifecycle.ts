// Carries out what state.ts allows: starts, stops and removes processes, one command at a time for each container.
import { rmSync } from 'node:fs';
import type { HealthMonitor } from '../health/monitor.ts';
import { EngineError } from '../http/engineError.ts';
import type { EngineEvent, EventLog } from '../streams/eventLog.ts';
import { type Container, toShortId } from './container.ts';
import { type ContainerProcess, parseSignal, startProcess } from './containerProcess.ts';
import type { Containers } from './containers.ts';
import { type LaunchFolders, toLaunch } from './launch.ts';
import { LOOPBACK, type PortAllocator, probePort } from './ports.ts';
import type { Programs } from './programs.ts';
import { advance, type Command, judge, type StateEvent } from './state.ts';

export interface Lifecycle {
  /** Each answers whether anything was done; false is Docker's 304. Throws EngineError 409 or 500. */
  start(container: Container): Promise<boolean>;
  stop(container: Container, options: { seconds: number; signal: NodeJS.Signals }): Promise<boolean>;
  restart(container: Container, options: { seconds: number; signal: NodeJS.Signals }): Promise<void>;
  kill(container: Container, signal: NodeJS.Signals): Promise<void>;
  remove(container: Container, force: boolean): Promise<void>;
  /** Ends every process, politely for `graceMs`. For the end of the engine. */
  endAll(graceMs: number): Promise<void>;
}

export interface LifecycleParts {
  containers: Containers;
  events: EventLog;
  health: HealthMonitor;
  ports: PortAllocator;
  programs: Programs;
  folders: LaunchFolders;
  stateFolder: string;
  /** Called when a name or address may have changed. */
  namesChanged(): void;
}

export function emitContainer(
  events: EventLog,
  container: Container,
  action: string,
  more: Record<string, string> = {},
): void {
  const attributes: EngineEvent['Actor']['Attributes'] = {
    ...container.labels,
    ...more,
    image: container.spec.image,
    name: container.name,
  };
  events.emit('container', action, { ID: container.id, Attributes: attributes });
}

export function createLifecycle(parts: LifecycleParts): Lifecycle {
  const { containers, events, health, ports, programs, folders, stateFolder, namesChanged } = parts;
  const processes = new Map<string, ContainerProcess>();
  const turns = new WeakMap<Container, Promise<unknown>>();

  const move = (container: Container, event: StateEvent) => {
    container.state = advance(container.state, event);
  };

  /** Commands for one container wait for each other: a start in the middle of a stop would lose a process. */
  function inTurn<T>(container: Container, action: () => Promise<T>): Promise<T> {
    const turn = (turns.get(container) ?? Promise.resolve()).then(action, action);
    turns.set(container, turn);
    return turn;
  }

  function allowed(container: Container, command: Command): boolean {
    const verdict = judge(container.state.status, command);
    if (verdict.kind === 'refuse') {
      throw new EngineError(
        409,
        `cannot ${command === 'forceRemove' ? 'remove' : command} container "/${container.name}": ${verdict.reason}`,
      );
    }
    return verdict.kind === 'go';
  }

  async function startNow(container: Container): Promise<void> {
    await securePorts(container, { ports, others: containers.list() });
    const { argv, environment } = toLaunch(container, programs, folders);
    const started = await startProcess(argv, { environment, folder: stateFolder, log: container.log });
    processes.set(container.id, started);
    move(container, { type: 'spawned', pid: started.pid, at: Date.now() });
    emitNetworks(container, 'connect');
    emitContainer(events, container, 'start');
    namesChanged();
    health.begin(container);
    void started.ended.then((exitCode) => ended(container, exitCode));
  }

  async function start(container: Container): Promise<boolean> {
    if (!allowed(container, 'start')) return false;
    try {
      await startNow(container);
    } catch (error) {
      move(container, { type: 'startFailed', error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
    return true;
  }

  function ended(container: Container, exitCode: number): void {
    processes.delete(container.id);
    move(container, { type: 'ended', exitCode, at: Date.now() });
    health.end(container);
    const seconds = Math.round((Date.now() - (container.state.startedAt ?? 0)) / 1_000);
    emitContainer(events, container, 'die', { exitCode: String(exitCode), execDuration: String(seconds) });
    emitNetworks(container, 'disconnect');
    container.log.journal.wake();
    namesChanged();
    if (container.spec.autoRemove && container.state.status !== 'removing') {
      void inTurn(container, () => removeNow(container)).catch(() => {});
    }
  }

  function emitNetworks(container: Container, action: 'connect' | 'disconnect'): void {
    for (const { networkId, networkName } of container.endpoints.values()) {
      events.emit('network', action, {
        ID: networkId,
        Attributes: { container: container.id, name: networkName, type: 'bridge' },
      });
    }
  }

  async function endProcess(container: Container, signal: NodeJS.Signals, graceMs: number): Promise<void> {
    const running = processes.get(container.id);
    if (running === undefined) return;
    move(container, { type: 'stopAsked' });
    sendSignal(container, running, signal);
    if (await settlesWithin(running.ended, graceMs)) return;
    sendSignal(container, running, 'SIGKILL');
    await running.ended;
  }

  function sendSignal(container: Container, running: ContainerProcess, signal: NodeJS.Signals): void {
    emitContainer(events, container, 'kill', { signal: signal.replace(/^SIG/, '') });
    running.signal(signal);
  }

  async function removeNow(container: Container): Promise<void> {
    move(container, { type: 'removalBegan' });
    await endProcess(container, 'SIGKILL', 0);
    for (const port of container.ports) if (!port.stated) ports.release(port.hostPort);
    if (container.adminSocket !== null) rmSync(container.adminSocket, { force: true });
    containers.remove(container);
    emitContainer(events, container, 'destroy');
    namesChanged();
  }

  return {
    start: (container) => inTurn(container, () => start(container)),
    stop: (container, { seconds, signal }) =>
      inTurn(container, async () => {
        if (!allowed(container, 'stop')) return false;
        await endProcess(container, signal, seconds * 1_000);
        emitContainer(events, container, 'stop');
        return true;
      }),
    restart: (container, { seconds, signal }) =>
      inTurn(container, async () => {
        allowed(container, 'restart');
        await endProcess(container, signal, seconds * 1_000);
        await start(container);
        emitContainer(events, container, 'restart');
      }),
    // Not in turn: a kill is what ends a stop that takes too long.
    async kill(container, signal) {
      allowed(container, 'kill');
      const running = processes.get(container.id);
      if (running === undefined) return;
      if (signal === 'SIGKILL' || signal === parseSignal(container.spec.stopSignal))
        move(container, { type: 'stopAsked' });
      sendSignal(container, running, signal);
      if (signal === 'SIGKILL') await running.ended;
    },
    remove(container, force) {
      // Asked now as well as in turn, so that a removal that cannot be done is refused at once.
      allowed(container, force ? 'forceRemove' : 'remove');
      if (force) processes.get(container.id)?.signal('SIGKILL');
      return inTurn(container, async () => {
        allowed(container, force ? 'forceRemove' : 'remove');
        await removeNow(container);
      });
    },
    async endAll(graceMs) {
      await Promise.all(containers.list().map((container) => endProcess(container, 'SIGTERM', graceMs)));
    },
  };
}

/** A stated port must be free; another one is exchanged when someone took it while the container was down. */
async function securePorts(
  container: Container,
  { ports, others }: { ports: PortAllocator; others: Container[] },
): Promise<void> {
  for (const mapping of container.ports) {
    const holder = others.find(
      (other) =>
        other !== container &&
        other.state.status === 'running' &&
        other.ports.some((port) => port.hostPort === mapping.hostPort),
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

async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = await Promise.race([promise.then(() => true), timeout]);
  clearTimeout(timer);
  return settled;
}
