// One Docker engine. The only file that knows dockerode: others see plain data and problems with a remedy.
import type { Agent } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import Docker from 'dockerode';
import type { TerminalSize } from '../../contract/index.ts';
import type { EngineAddress } from './address.ts';
import { askApiVersion, chooseApiVersion, sshName } from './apiVersion.ts';
import { createBuildImage } from './buildImage.ts';
import { withoutRecording } from './callRecording.ts';
import { type DiskUsage, type EngineMachine, parseDiskUsage, parseMachine } from './diskUsage.ts';
import { createEngineAgent } from './engineAgent.ts';
import { openStream, optional, withTimeout } from './engineAnswer.ts';
import { createEngineCall, type Modem } from './engineCall.ts';
import { EngineRefusal } from './engineProblem.ts';
import {
  type EngineIdentity,
  type Inspected,
  type ListedContainer,
  type ObservedNetwork,
  parseExitCode,
  parseInfo,
  parseInspect,
  parseList,
  parseNetworks,
} from './observed.ts';
import { SshFailure } from './sshConnection.ts';
import { createStackCalls, type StackCalls } from './stackCalls.ts';
import { parseUsage, type UsageSample } from './usage.ts';

export interface LogOptions {
  tail: number | 'all';
  /** Seconds since the epoch with a fraction; lines from then on. */
  since?: string;
}

export interface Exec {
  /**
   * The connection itself, hijacked: input as it is, output framed as in a log, or as it is where there is a terminal.
   * Whoever has it closes it.
   */
  readonly stream: Duplex;
  /** null while it runs, and when the engine does not say. */
  findExitCode(): Promise<number | null>;
  /** Of a terminal. */
  resize(size: TerminalSize): Promise<void>;
}

export interface ExecOptions {
  /** With a terminal of this size; without one, pipes. */
  readonly terminal?: TerminalSize | null;
  /** `NAME=value`, besides those of the container. */
  readonly env?: readonly string[];
}

export interface Engine {
  readonly address: EngineAddress;
  /** Throws `engine-unreachable` when there is no answer within `timeoutMs`; over ssh, plus the time to connect. */
  ping(timeoutMs: number): Promise<void>;
  info(): Promise<EngineIdentity>;
  /** The machine that the engine runs on. */
  machine(): Promise<EngineMachine>;
  /** As `docker system df` counts; the engine walks all files of its volumes for it, which may take minutes. */
  diskUsage(timeoutMs: number): Promise<DiskUsage>;
  /** All containers, stopped ones too; with a project only its own, else those of every compose project. */
  listContainers(project: string | null): Promise<ListedContainer[]>;
  /** undefined when there is no such container. */
  inspect(container: string): Promise<Inspected | undefined>;
  listNetworks(): Promise<ObservedNetwork[]>;
  /** JSON lines of the events of all containers and networks. Ends when the engine goes; destroyed by the signal. */
  events(signal: AbortSignal): Promise<Readable>;
  logs(container: string, options: LogOptions, signal: AbortSignal): Promise<Readable>;
  /** Counters of one moment. undefined when the engine refuses, or says nothing since the container does not run. */
  usage(container: string, timeoutMs: number): Promise<UsageSample | undefined>;
  /** Starts a command in the container, attached to its input and output. Throws EngineRefusal when the engine will not. */
  exec(container: string, command: readonly string[], options?: ExecOptions): Promise<Exec>;
  /** The input and output of a container's own process, framed as in a log; asked for before it is started. */
  attach(container: string): Promise<Pick<Exec, 'stream' | 'findExitCode'>>;
  /** What plans of a stack look at and change. */
  readonly stack: StackCalls;
  /** Closes every connection to the engine. */
  close(): void;
}

const answerTimeoutMs = 10_000;
/** What a new connection over ssh may take before the first word of the engine. */
const handshakeMs = 10_000;

/** Opens no connection yet. */
export function createEngine(address: EngineAddress): Engine {
  const { docker, agent } = createDocker(address);
  const ask = <T>(what: string, call: (abortSignal: AbortSignal) => Promise<T>, timeoutMs = answerTimeoutMs) =>
    withTimeout(address, what, timeoutMs, call);
  // dockerode's types want exact bodies of every call; the engine checks them itself.
  const loose = docker as never as LooseDocker;

  return {
    address,
    ping: async (timeoutMs) => {
      const limitMs = address.kind === 'ssh' ? timeoutMs + handshakeMs : timeoutMs;
      await ask('ping', (abortSignal) => loose.ping({ abortSignal }), limitMs);
    },
    info: async () => parseInfo(await ask('info', () => docker.info())),
    machine: async () => parseMachine(await ask('info', () => docker.info())),
    diskUsage: async (timeoutMs) =>
      parseDiskUsage(await ask('count the disk', (abortSignal) => loose.df({ abortSignal }), timeoutMs)),
    listContainers: async (project) => {
      const label = project === null ? 'com.docker.compose.project' : `com.docker.compose.project=${project}`;
      const filters = { label: [label] };
      return parseList(
        await ask('list containers', (abortSignal) => docker.listContainers({ all: true, filters, abortSignal })),
      );
    },
    inspect: async (container) => {
      const answer = await optional(() =>
        ask('inspect', (abortSignal) => docker.getContainer(container).inspect({ abortSignal })),
      );
      return answer === undefined ? undefined : parseInspect(answer);
    },
    listNetworks: async () =>
      parseNetworks(await ask('list networks', (abortSignal) => docker.listNetworks({ abortSignal }))),
    // Not filtered by project: network events carry no label of it.
    events: (signal) =>
      openStream(signal, (abortSignal) =>
        ask('events', () => loose.getEvents({ filters: { type: ['container', 'network'] }, abortSignal })),
      ),
    logs: (container, { tail, since }, signal) =>
      openStream(signal, (abortSignal) =>
        ask('logs', () =>
          loose.getContainer(container).logs({
            follow: true,
            stdout: true,
            stderr: true,
            timestamps: true,
            tail,
            ...(since ? { since } : {}),
            abortSignal,
          }),
        ),
      ),
    usage: async (container, timeoutMs) => {
      // one-shot: without it the engine measures for a second or two to fill precpu_stats, which we do ourselves.
      const query = { stream: false, 'one-shot': true };
      try {
        const call = (abortSignal: AbortSignal) => loose.getContainer(container).stats({ ...query, abortSignal });
        return parseUsage(await ask('stats', call, timeoutMs));
      } catch (error) {
        if (error instanceof EngineRefusal) return undefined;
        throw error;
      }
    },
    exec: async (container, command, { terminal = null, env = [] } = {}) => {
      const attached = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
      const body = { Cmd: [...command], Env: [...env], Tty: terminal !== null, ...attached };
      const exec = await ask('exec', (abortSignal) => loose.getContainer(container).exec({ ...body, abortSignal }));
      const how = { hijack: true, stdin: true, Tty: terminal !== null };
      const stream = await ask('start exec', (abortSignal) => exec.start({ ...how, abortSignal }));
      stream.on('error', () => stream.destroy());
      return {
        stream,
        findExitCode: async () =>
          parseExitCode(await ask('inspect exec', (abortSignal) => exec.inspect({ abortSignal }), 2000)),
        resize: async ({ columns: w, rows: h }) => {
          await ask('resize exec', (abortSignal) => exec.resize({ w, h, abortSignal }));
        },
      };
    },
    attach: async (container) => {
      const how = { hijack: true, stream: true, stdin: true, stdout: true, stderr: true };
      const attached = await ask('attach', (abortSignal) =>
        loose.getContainer(container).attach({ ...how, abortSignal }),
      );
      attached.on('error', () => attached.destroy());
      // Of a container that is removed by itself nobody tells afterwards.
      return { stream: attached, findExitCode: async () => null };
    },
    stack: createStackCalls(
      createEngineCall(docker.modem as unknown as Modem, address),
      createBuildImage(docker, address),
    ),
    close: () => agent.destroy(),
  };
}

interface LooseExec {
  start(options: Record<string, unknown>): Promise<Duplex>;
  inspect(options: Record<string, unknown>): Promise<unknown>;
  resize(options: Record<string, unknown>): Promise<unknown>;
}
interface LooseContainer {
  exec(options: Record<string, unknown>): Promise<LooseExec>;
  attach(options: Record<string, unknown>): Promise<Duplex>;
  stats(options: Record<string, unknown>): Promise<unknown>;
  logs(options: Record<string, unknown>): Promise<Readable>;
}
interface LooseDocker {
  df(options: Record<string, unknown>): Promise<unknown>;
  ping(options: Record<string, unknown>): Promise<unknown>;
  getEvents(options: Record<string, unknown>): Promise<Readable>;
  getContainer(id: string): LooseContainer;
}

function createDocker(address: EngineAddress): { docker: Docker; agent: Agent } {
  const agent = createEngineAgent(address);
  const docker = new Docker({ ...toDockerOptions(address), agent } as Docker.DockerOptions);
  negotiate(docker.modem as unknown as NegotiatingModem, address, agent);
  return { docker, agent };
}

function toDockerOptions(address: EngineAddress): Record<string, unknown> {
  // docker-modem fills what is not given from DOCKER_HOST, so that an explicit socket would lose against the
  // environment: every field is given, also as undefined.
  const base = { host: undefined, port: undefined, socketPath: undefined, protocol: undefined, timeout: undefined };
  if (address.kind === 'socket') return { ...base, protocol: 'http', socketPath: address.path };
  if (address.kind === 'ssh') return { ...base, protocol: 'http', ...sshName };
  const { host, port, tls } = address;
  if (!tls) return { ...base, protocol: 'http', host, port };
  const { ca, cert, key } = tls;
  return { ...base, protocol: 'https', host, port, ca, cert, key };
}

interface NegotiatingModem extends Modem {
  /** docker-modem puts it before each path: `v1.41`. */
  version: string | undefined;
}

/** The first call waits until the version is known; after a failure the next one asks again. */
function negotiate(modem: NegotiatingModem, address: EngineAddress, agent: Agent): void {
  const dial = address.kind === 'ssh' ? askingTwice(modem.dial.bind(modem)) : modem.dial.bind(modem);
  let negotiated: Promise<void> | undefined;
  const ask = async () => {
    try {
      const version = chooseApiVersion(await askApiVersion(address, agent, answerTimeoutMs), address);
      if (version !== null) modem.version = `v${version}`;
    } catch (error) {
      negotiated = undefined;
      throw error;
    }
  };
  modem.dial = (options, callback) => {
    // Whoever comes first asks for all: it is no call of the operation's own.
    negotiated ??= withoutRecording(ask);
    negotiated.then(
      () => dial(options, callback),
      (error: unknown) => callback(error, undefined),
    );
  };
}

/**
 * Over ssh connections are kept, and the engine may close one just as it is taken. What only reads is then asked once
 * more; what changes something never is.
 */
function askingTwice(dial: Modem['dial']): Modem['dial'] {
  return (options, callback) => {
    if (options.method !== 'GET' || options.hijack) return dial(options, callback);
    // docker-modem writes into what it is given.
    const again: Record<string, unknown> = { ...options, options: options.options && { ...options.options } };
    return dial(options, (error, answer) => {
      const { aborted = false } = (again.abortSignal ?? {}) as { aborted?: boolean };
      if (isClosedConnection(error) && !aborted) dial(again, callback);
      else callback(error, answer);
    });
  };
}

function isClosedConnection(error: unknown): boolean {
  if (error instanceof SshFailure) return error.wasUsed;
  return (error as { code?: string } | null)?.code === 'ECONNRESET';
}
