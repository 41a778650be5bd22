// Carries out what state.ts allows: the commands of a client, one at a time for each container.
import { rmSync } from 'node:fs';
import { constants } from 'node:os';
import { EngineError } from '../http/engineError.ts';
import type { Volumes } from '../volumes/volumes.ts';
import type { Container } from './container.ts';
import { type ContainerProcess, parseSignal } from './containerProcess.ts';
import { emitContainer } from './emit.ts';
import { createRuns, move, type RunParts, type Runs } from './runs.ts';
import { type Command, isUp, judge } from './state.ts';

export interface StopOptions {
  /** After which the process is killed. */
  seconds: number;
  signal: NodeJS.Signals;
}

export interface RemoveOptions {
  force: boolean;
  /** Its volumes without a name go with it. */
  volumes: boolean;
}

export interface LifecycleParts extends RunParts {
  volumes: Volumes;
}

/** Commands for one container wait for each other: a start in the middle of a stop would lose a process. */
export class Lifecycle {
  readonly #parts: LifecycleParts;
  readonly #runs: Runs;
  readonly #turns = new WeakMap<Container, Promise<unknown>>();
  #ending = false;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.#runs = createRuns(parts, {
      restartDue: (container) => void this.#inTurn(container, () => this.#restartByPolicy(container)).catch(() => {}),
      autoRemove: (container) => void this.#inTurn(container, () => this.#remove(container, true)).catch(() => {}),
    });
  }

  /** False when it runs already. Throws EngineError 409 or 500, as all commands do. */
  start(container: Container): Promise<boolean> {
    return this.#inTurn(container, async () => {
      if (!isAllowed(container, 'start')) return false;
      await this.#start(container);
      return true;
    });
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
      if (isUp(container.state)) {
        await this.#end(container, options.signal, options.seconds * 1_000);
        emitContainer(this.#parts.events, container, 'stop');
      }
      await this.#start(container);
      emitContainer(this.#parts.events, container, 'restart');
    });
  }

  /** Does not wait for its turn: a kill is what ends a stop that takes too long. */
  async kill(container: Container, signal: NodeJS.Signals): Promise<void> {
    isAllowed(container, 'kill');
    // As in Docker, whoever has sent a signal by hand has taken over from the restart policy.
    move(container, { type: 'stopAsked' });
    this.#runs.cancelRestart(container);
    const running = this.#runs.find(container);
    if (running === undefined) return;
    this.#signal(container, running, signal);
    if (signal === 'SIGKILL') await running.ended;
  }

  pause(container: Container): Promise<void> {
    return this.#inTurn(container, async () => {
      isAllowed(container, 'pause');
      const { events, execs, health } = this.#parts;
      this.#runs.find(container)?.signal('SIGSTOP');
      execs.signalAll(container, 'SIGSTOP');
      move(container, { type: 'paused' });
      health.end(container);
      emitContainer(events, container, 'pause');
    });
  }

  unpause(container: Container): Promise<void> {
    return this.#inTurn(container, async () => {
      isAllowed(container, 'unpause');
      const running = this.#runs.find(container);
      if (running !== undefined) this.#resume(container, running);
    });
  }

  async remove(container: Container, { force, volumes }: RemoveOptions): Promise<void> {
    const command = force ? 'forceRemove' : 'remove';
    // Asked now as well as in turn, so that a removal that cannot be done is refused at once.
    isAllowed(container, command);
    const running = force ? this.#runs.find(container) : undefined;
    if (running !== undefined) {
      move(container, { type: 'stopAsked' });
      this.#signal(container, running, 'SIGKILL');
    }
    await this.#inTurn(container, async () => {
      isAllowed(container, command);
      await this.#remove(container, volumes);
    });
  }

  /** Ends every process, politely for `graceMs`. For the end of the engine. */
  async endAll(graceMs: number): Promise<void> {
    this.#ending = true;
    this.#runs.stopRestarting();
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

  async #start(container: Container): Promise<void> {
    if (this.#ending) throw new EngineError(503, 'the sandbox is ending and starts nothing any more');
    move(container, { type: 'startAsked' });
    await this.#runs.start(container);
  }

  async #restartByPolicy(container: Container): Promise<void> {
    // A client may have stopped, removed or started it during the wait.
    if (container.state.status === 'restarting' && !this.#ending) await this.#runs.start(container);
  }

  async #end(container: Container, signal: NodeJS.Signals, graceMs: number): Promise<void> {
    move(container, { type: 'stopAsked' });
    this.#runs.cancelRestart(container);
    const running = this.#runs.find(container);
    if (running === undefined) return;
    this.#signal(container, running, signal);
    if (await settlesWithin(running.ended, graceMs)) return;
    this.#signal(container, running, 'SIGKILL');
    await running.ended;
  }

  #signal(container: Container, running: ContainerProcess, signal: NodeJS.Signals): void {
    emitContainer(this.#parts.events, container, 'kill', { signal: String(constants.signals[signal]) });
    running.signal(signal);
    // A stopped process does not see a request to end; SIGKILL needs no resumption.
    const asksToEnd = signal === parseSignal(container.spec.stopSignal);
    if (container.state.status === 'paused' && asksToEnd && signal !== 'SIGKILL') this.#resume(container, running);
  }

  #resume(container: Container, running: ContainerProcess): void {
    const { events, execs, health } = this.#parts;
    running.signal('SIGCONT');
    execs.signalAll(container, 'SIGCONT');
    move(container, { type: 'resumed' });
    health.resume(container);
    emitContainer(events, container, 'unpause');
  }

  async #remove(container: Container, withVolumes: boolean): Promise<void> {
    const { containers, events, execs, exits, namesChanged, ports, volumes } = this.#parts;
    if (container.state.status === 'removing') return;
    const running = this.#runs.find(container);
    this.#runs.cancelRestart(container);
    move(container, { type: 'removalBegan' });
    running?.signal('SIGKILL');
    await running?.ended;
    for (const port of container.ports) if (!port.stated) ports.release(port.hostPort);
    if (container.adminSocket !== null) rmSync(container.adminSocket, { force: true });
    containers.remove(container);
    execs.forget(container);
    if (withVolumes) volumes.removeNameless(container, containers.list());
    emitContainer(events, container, 'destroy');
    exits.removed(container);
    namesChanged();
  }
}

/** False for what is so already. Throws EngineError with the reason for what may not be. */
function isAllowed(container: Container, command: Command): boolean {
  const verdict = judge(container.state.status, command);
  if (verdict.kind !== 'refuse') return verdict.kind === 'go';
  const verb = command === 'forceRemove' ? 'remove' : command;
  throw new EngineError(verdict.status, `cannot ${verb} container "/${container.name}": ${verdict.reason}`);
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
