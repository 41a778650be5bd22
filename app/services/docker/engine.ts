// One Docker engine. The only file that knows dockerode: others see plain data and problems with a remedy.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex, Readable } from 'node:stream';
import Docker from 'dockerode';
import type { EngineAddress } from './address.ts';
import { createBuildImage } from './buildImage.ts';
import { openStream, optional, withTimeout } from './engineAnswer.ts';
import { createEngineCall, type Modem } from './engineCall.ts';
import { observeAgent } from './engineCalls.ts';
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
import { createStackCalls, type StackCalls } from './stackCalls.ts';
import { parseUsage, type UsageSample } from './usage.ts';

export interface LogOptions {
  tail: number | 'all';
  /** Seconds since the epoch with a fraction; lines from then on. */
  since?: string;
}

export interface Exec {
  /** The connection itself, hijacked: input as it is, output framed as in a log. Whoever has it closes it. */
  readonly stream: Duplex;
  /** null while it runs, and when the engine does not say. */
  findExitCode(): Promise<number | null>;
}

export interface Engine {
  readonly address: EngineAddress;
  /** Throws `engine-unreachable` when there is no answer within `timeoutMs`. */
  ping(timeoutMs: number): Promise<void>;
  info(): Promise<EngineIdentity>;
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
  createNetwork(body: Record<string, unknown>): Promise<void>;
  /** The new container's id. */
  createContainer(name: string, body: Record<string, unknown>): Promise<string>;
  start(container: string): Promise<void>;
  /** Starts a command in the container, attached to its input and output. Throws EngineRefusal when the engine will not. */
  exec(container: string, command: readonly string[]): Promise<Exec>;
  /** What plans of a stack look at and change. */
  readonly stack: StackCalls;
  /** Closes every connection to the engine. */
  close(): void;
}

const answerTimeoutMs = 10_000;

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
      await ask('ping', (abortSignal) => loose.ping({ abortSignal }), timeoutMs);
    },
    info: async () => parseInfo(await ask('info', () => docker.info())),
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
    createNetwork: async (body) => {
      await ask('create network', () => loose.createNetwork(body));
    },
    createContainer: async (name, body) =>
      (await ask(`create container ${name}`, () => loose.createContainer({ name, ...body }))).id,
    start: async (container) => {
      await ask('start container', () => loose.getContainer(container).start());
    },
    exec: async (container, command) => {
      const body = { Cmd: [...command], AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: false };
      const exec = await ask('exec', (abortSignal) => loose.getContainer(container).exec({ ...body, abortSignal }));
      const how = { hijack: true, stdin: true };
      const stream = await ask('start exec', (abortSignal) => exec.start({ ...how, abortSignal }));
      stream.on('error', () => stream.destroy());
      return {
        stream,
        findExitCode: async () =>
          parseExitCode(await ask('inspect exec', (abortSignal) => exec.inspect({ abortSignal }), 2000)),
      };
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
}
interface LooseContainer {
  exec(options: Record<string, unknown>): Promise<LooseExec>;
  stats(options: Record<string, unknown>): Promise<unknown>;
  logs(options: Record<string, unknown>): Promise<Readable>;
  start(): Promise<unknown>;
  stop(options: Record<string, unknown>): Promise<unknown>;
  remove(options: Record<string, unknown>): Promise<unknown>;
}
interface LooseDocker {
  ping(options: Record<string, unknown>): Promise<unknown>;
  getEvents(options: Record<string, unknown>): Promise<Readable>;
  createNetwork(body: Record<string, unknown>): Promise<unknown>;
  createContainer(body: Record<string, unknown>): Promise<{ id: string }>;
  getContainer(id: string): LooseContainer;
}

function createDocker(address: EngineAddress): { docker: Docker; agent: HttpAgent } {
  // docker-modem fills what is not given from DOCKER_HOST, so that an explicit socket would lose against the
  // environment: every field is given, also as undefined.
  const base = { host: undefined, port: undefined, socketPath: undefined, protocol: undefined, timeout: undefined };
  // A connection a call: an engine closes an idle one whenever it likes, and a call that just then takes it fails with
  // EPIPE. For a ping that would be a false alarm; a POST must not be sent twice.
  const options = { keepAlive: false };
  if (address.kind === 'socket') {
    const agent = observeAgent(new HttpAgent(options));
    const docker = new Docker({ ...base, protocol: 'http', socketPath: address.path, agent } as Docker.DockerOptions);
    return { docker, agent };
  }
  const { host, port, tls } = address;
  if (!tls) {
    const agent = observeAgent(new HttpAgent(options));
    return { docker: new Docker({ ...base, protocol: 'http', host, port, agent } as Docker.DockerOptions), agent };
  }
  const agent = observeAgent(
    new HttpsAgent({ ...options, ca: tls.ca, cert: tls.cert, key: tls.key, rejectUnauthorized: tls.verify }),
  );
  const { ca, cert, key } = tls;
  return {
    docker: new Docker({ ...base, protocol: 'https', host, port, ca, cert, key, agent } as Docker.DockerOptions),
    agent,
  };
}
