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

export interface StopOptions {
  /** After which the process is killed. */
  seconds: number;
  signal: NodeJS.Signals;
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

/** Commands for one container wait for each other: a start in the middle of a stop would lose a process. */
export class Lifecycle {
  readonly #parts: LifecycleParts;
  readonly #processes = new Map<string, ContainerProcess>();
  readonly #turns = new WeakMap<Container, Promise<unknown>>();
  #ending = false;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  /** False when it runs already. Throws EngineError 409 or 500, as all commands do. */
  start(container: Container): Promise<boolean> {
    return this.#inTurn(container, () => this.#start(container));
  }

  /** False when it does not run. */
  stop(container: Container, options: StopOptions): Promise<boolean> {
    return this.#inTurn(container, async () => {
      if (!isAllowed(container, 'stop')) return false;
      await this.#end(container, options.signal, options.seconds * 1_000);
      emitContainer(this.#parts.events, container, 'stop');
      return true;
    });
  }

  restart(container: Container, options: StopOptions): Promise<void> {
    return this.#inTurn(container, async () => {
      isAllowed(container, 'restart');
      await this.#end(container, options.signal, options.seconds * 1_000);
      await this.#start(container);
      emitContainer(this.#parts.events, container, 'restart');
    });
  }

  /** Does not wait for its turn: a kill is what ends a stop that takes too long. */
  async kill(container: Container, signal: NodeJS.Signals): Promise<void> {
    isAllowed(container, 'kill');
    const running = this.#processes.get(container.id);
    if (running === undefined) return;
    const ends = signal === 'SIGKILL' || signal === parseSignal(container.spec.stopSignal);
    if (ends) move(container, { type: 'stopAsked' });
    this.#signal(container, running, signal);
    if (signal === 'SIGKILL') await running.ended;
  }

  async remove(container: Container, force: boolean): Promise<void> {
    const command = force ? 'forceRemove' : 'remove';
    // Asked now as well as in turn, so that a removal that cannot be done is refused at once.
    isAllowed(container, command);
    if (force) this.#processes.get(container.id)?.signal('SIGKILL');
    await this.#inTurn(container, async () => {
      isAllowed(container, command);
      await this.#remove(container);
    });
  }

  /** Ends every process, politely for `graceMs`. For the end of the engine. */
  async endAll(graceMs: number): Promise<void> {
    this.#ending = true;
    const endOne = async (container: Container) => {
      await this.#end(container, 'SIGTERM', graceMs);
      // A start that was under way may have its process only now.
      await this.#inTurn(container, () => this.#end(container, 'SIGKILL', 0));
    };
    await Promise.all(this.#parts.containers.list().map(endOne));
  }

  #inTurn<T>(container: Container, action: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(container) ?? Promise.resolve()).then(action, action);
    this.#turns.set(container, turn);
    return turn;
  }

  async #start(container: Container): Promise<boolean> {
    if (!isAllowed(container, 'start')) return false;
    if (this.#ending) throw new EngineError(503, 'the sandbox is ending and starts nothing any more');
    try {
      await this.#spawn(container);
    } catch (error) {
      move(container, { type: 'startFailed', error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
    return true;
  }

  async #spawn(container: Container): Promise<void> {
    const { containers, events, folders, health, namesChanged, ports, programs, stateFolder } = this.#parts;
    await securePorts(container, { ports, others: containers.list() });
    const { argv, environment } = toLaunch(container, programs, folders);
    const started = await startProcess(argv, { environment, folder: stateFolder, log: container.log });
    this.#processes.set(container.id, started);
    move(container, { type: 'spawned', pid: started.pid, at: Date.now() });
    emitNetworks(events, container, 'connect');
    emitContainer(events, container, 'start');
    namesChanged();
    health.begin(container);
    void started.ended.then((exitCode) => this.#ended(container, exitCode));
  }

  #ended(container: Container, exitCode: number): void {
    const { events, health, namesChanged } = this.#parts;
    this.#processes.delete(container.id);
    move(container, { type: 'ended', exitCode, at: Date.now() });
    health.end(container);
    const seconds = Math.round((Date.now() - (container.state.startedAt ?? 0)) / 1_000);
    emitContainer(events, container, 'die', { exitCode: String(exitCode), execDuration: String(seconds) });
    emitNetworks(events, container, 'disconnect');
    container.log.journal.wake();
    namesChanged();
    if (container.spec.autoRemove && container.state.status !== 'removing') {
      void this.#inTurn(container, () => this.#remove(container)).catch(() => {});
    }
  }

  async #end(container: Container, signal: NodeJS.Signals, graceMs: number): Promise<void> {
    const running = this.#processes.get(container.id);
    if (running === undefined) return;
    move(container, { type: 'stopAsked' });
    this.#signal(container, running, signal);
    if (await settlesWithin(running.ended, graceMs)) return;
    this.#signal(container, running, 'SIGKILL');
    await running.ended;
  }

  #signal(container: Container, running: ContainerProcess, signal: NodeJS.Signals): void {
    emitContainer(this.#parts.events, container, 'kill', { signal: signal.replace(/^SIG/, '') });
    running.signal(signal);
  }

  async #remove(container: Container): Promise<void> {
    const { containers, events, namesChanged, ports } = this.#parts;
    if (container.state.status === 'removing') return;
    move(container, { type: 'removalBegan' });
    await this.#end(container, 'SIGKILL', 0);
    for (const port of container.ports) if (!port.stated) ports.release(port.hostPort);
    if (container.adminSocket !== null) rmSync(container.adminSocket, { force: true });
    containers.remove(container);
    emitContainer(events, container, 'destroy');
    namesChanged();
  }
}

function move(container: Container, event: StateEvent): void {
  container.state = advance(container.state, event);
}

/** False for what is so already. Throws EngineError 409 with the reason for what may not be. */
function isAllowed(container: Container, command: Command): boolean {
  const verdict = judge(container.state.status, command);
  if (verdict.kind !== 'refuse') return verdict.kind === 'go';
  const verb = command === 'forceRemove' ? 'remove' : command;
  throw new EngineError(409, `cannot ${verb} container "/${container.name}": ${verdict.reason}`);
}

function emitNetworks(events: EventLog, container: Container, action: 'connect' | 'disconnect'): void {
  for (const { networkId, networkName } of container.endpoints.values()) {
    const attributes = { container: container.id, name: networkName, type: 'bridge' };
    events.emit('network', action, { ID: networkId, Attributes: attributes });
  }
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
