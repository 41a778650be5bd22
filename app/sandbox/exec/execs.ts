// The execs of all containers: made, started once, looked at afterwards, and ended with their container.
import { randomBytes } from 'node:crypto';
import { type Container, toShortId } from '../containers/container.ts';
import { emitContainer } from '../containers/emit.ts';
import { type LaunchFolders, toLaunch } from '../containers/launch.ts';
import { type Programs, toEnvironment } from '../containers/programs.ts';
import { isUp } from '../containers/state.ts';
import { EngineError } from '../http/engineError.ts';
import type { EventLog } from '../streams/eventLog.ts';
import { planExec, TERMINAL_VARIABLE } from './command.ts';
import { type ExecProcess, startExec } from './execProcess.ts';
import type { ExecSpec } from './execSpec.ts';

export interface Exec {
  readonly id: string;
  readonly container: Container;
  readonly spec: ExecSpec;
  state: 'created' | 'running' | 'ended';
  pid: number;
  /** null until it has ended. */
  exitCode: number | null;
  process: ExecProcess | null;
}

/** What a start leads to: a process, or a sentence in its place. */
export type StartedExec = { process: ExecProcess } | { refusal: string };

export interface Execs {
  /** Throws EngineError 409 when the container has as many as it may. */
  create(container: Container, spec: ExecSpec): Exec;
  /** Throws EngineError 404. */
  get(id: string): Exec;
  /** Throws EngineError 409 when it was started before, or its container does not run. */
  start(exec: Exec): Promise<StartedExec>;
  listRunning(container: Container): Exec[];
  signalAll(container: Container, signal: NodeJS.Signals): void;
  endAll(container: Container): void;
  forget(container: Container): void;
}

/** Each is a process of tens of megabytes. */
const RUNNING_LIMIT = 16;
const KEPT_LIMIT = 64;
const EVENT_COMMAND_CHARACTERS = 1_000;
/** As Docker 20.10 has it for a command that cannot be run. */
const CANNOT_RUN = 126;

export function createExecs(parts: {
  events: EventLog;
  programs: Programs;
  folders: LaunchFolders;
  stateFolder: string;
}): Execs {
  const { events, programs, folders, stateFolder } = parts;
  const execs = new Map<string, Exec>();
  const of = (container: Container) => [...execs.values()].filter((exec) => exec.container === container);
  const listRunning = (container: Container) => of(container).filter(({ state }) => state === 'running');

  function emit({ id, container, spec }: Exec, action: string, more: Record<string, string> = {}): void {
    const [first = '', ...rest] = spec.command;
    const command = `${first} ${rest.join(' ')}`.slice(0, EVENT_COMMAND_CHARACTERS);
    const shown = action === 'exec_die' ? action : `${action}: ${command}`;
    emitContainer(events, container, shown, { execID: id, ...more });
  }

  function end(exec: Exec, exitCode: number): void {
    exec.state = 'ended';
    exec.exitCode = exitCode;
    exec.process = null;
    emit(exec, 'exec_die', { exitCode: String(exitCode) });
  }

  async function run(exec: Exec): Promise<StartedExec> {
    const { container, spec } = exec;
    const plan = planExec(spec.command, container, programs);
    if (plan.kind === 'refuse') {
      end(exec, CANNOT_RUN);
      return { refusal: plan.reason };
    }
    // A command may well ask a stand-in what it is, so it is told of all.
    const { environment: given } = toLaunch(container, { programs, folders, others: [] });
    const environment = { ...given, ...toEnvironment(spec.env, {}), [TERMINAL_VARIABLE]: spec.tty ? '1' : '0' };
    try {
      const started = await startExec(plan.argv, { environment, folder: stateFolder, withInput: spec.stdin });
      exec.process = started;
      exec.pid = started.pid;
      void started.ended.then((exitCode) => end(exec, exitCode));
      // Its container may have ended or been paused meanwhile.
      if (!isUp(container.state)) started.signal('SIGKILL');
      else if (container.state.status === 'paused') started.signal('SIGSTOP');
      return { process: started };
    } catch (error) {
      end(exec, CANNOT_RUN);
      return { refusal: `sandbox: ${String(error)}` };
    }
  }

  return {
    listRunning,
    get(id) {
      const exec = execs.get(id);
      if (exec === undefined) throw new EngineError(404, `No such exec instance: ${id}`);
      return exec;
    },
    create(container, spec) {
      requireRunning(container);
      const kept = of(container);
      if (kept.length >= KEPT_LIMIT) {
        const oldest = kept.find(({ state }) => state !== 'running');
        if (oldest === undefined) throw tooMany(container);
        execs.delete(oldest.id);
      }
      const id = randomBytes(32).toString('hex');
      const exec: Exec = { id, container, spec, state: 'created', pid: 0, exitCode: null, process: null };
      execs.set(id, exec);
      emit(exec, 'exec_create');
      return exec;
    },
    async start(exec) {
      if (exec.state !== 'created') {
        const what = exec.state === 'running' ? 'is already running' : 'has already run';
        throw new EngineError(409, `Error: Exec command ${exec.id} ${what}`);
      }
      requireRunning(exec.container);
      if (listRunning(exec.container).length >= RUNNING_LIMIT) throw tooMany(exec.container);
      exec.state = 'running';
      emit(exec, 'exec_start');
      return run(exec);
    },
    signalAll(container, signal) {
      for (const exec of listRunning(container)) exec.process?.signal(signal);
    },
    endAll(container) {
      for (const exec of listRunning(container)) exec.process?.signal('SIGKILL');
    },
    forget(container) {
      for (const exec of of(container)) execs.delete(exec.id);
    },
  };
}

function requireRunning(container: Container): void {
  if (container.state.status === 'paused') {
    throw new EngineError(409, `Container ${container.name} is paused, unpause the container before exec`);
  }
  if (container.state.status !== 'running') throw new EngineError(409, `Container ${container.id} is not running`);
}

function tooMany(container: Container): EngineError {
  return new EngineError(
    409,
    `container ${container.name} (${toShortId(container.id)}) has ${RUNNING_LIMIT} execs under way, the most that the sandbox allows`,
  );
}
