// One Docker engine. The only file that knows dockerode: others see plain data and problems with a remedy.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import Docker from 'dockerode';
import { GatehouseError } from '../../contract/index.ts';
import { type EngineAddress, toDockerHost } from './address.ts';
import {
  type EngineIdentity,
  type Inspected,
  type ListedContainer,
  type ObservedNetwork,
  parseInfo,
  parseInspect,
  parseList,
  parseNetworks,
} from './observed.ts';
import { parseUsage, type UsageSample } from './usage.ts';

export interface LogOptions {
  tail: number | 'all';
  /** Seconds since the epoch with a fraction; lines from then on. */
  since?: string;
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
  connectNetwork(network: string, container: string, aliases: string[]): Promise<void>;
  start(container: string): Promise<void>;
  /** SIGTERM, then SIGKILL after the grace time. */
  stop(container: string, graceSeconds: number): Promise<void>;
  remove(container: string): Promise<void>;
  removeNetwork(network: string): Promise<void>;
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
    connectNetwork: async (network, container, aliases) => {
      await ask('connect network', () =>
        loose.getNetwork(network).connect({ Container: container, EndpointConfig: { Aliases: aliases } }),
      );
    },
    start: async (container) => {
      await ask('start container', () => loose.getContainer(container).start());
    },
    stop: async (container, graceSeconds) => {
      // 304: it was stopped already.
      await optional(
        () =>
          ask(
            'stop container',
            () => loose.getContainer(container).stop({ t: graceSeconds }),
            answerTimeoutMs + graceSeconds * 1000,
          ),
        [304, 404],
      );
    },
    remove: async (container) => {
      await optional(() =>
        ask('remove container', () => loose.getContainer(container).remove({ force: true, v: false })),
      );
    },
    removeNetwork: async (network) => {
      await optional(() => ask('remove network', () => loose.getNetwork(network).remove()));
    },
    close: () => agent.destroy(),
  };
}

interface LooseContainer {
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
  getNetwork(id: string): { connect(body: Record<string, unknown>): Promise<unknown>; remove(): Promise<unknown> };
}

function createDocker(address: EngineAddress): { docker: Docker; agent: HttpAgent } {
  // docker-modem fills what is not given from DOCKER_HOST, so that an explicit socket would lose against the
  // environment: every field is given, also as undefined.
  const base = { host: undefined, port: undefined, socketPath: undefined, protocol: undefined, timeout: undefined };
  const options = { keepAlive: true, maxFreeSockets: 4 };
  if (address.kind === 'socket') {
    const agent = new HttpAgent(options);
    const docker = new Docker({ ...base, protocol: 'http', socketPath: address.path, agent } as Docker.DockerOptions);
    return { docker, agent };
  }
  const { host, port, tls } = address;
  if (!tls) {
    const agent = new HttpAgent(options);
    return { docker: new Docker({ ...base, protocol: 'http', host, port, agent } as Docker.DockerOptions), agent };
  }
  const agent = new HttpsAgent({
    ...options,
    ca: tls.ca,
    cert: tls.cert,
    key: tls.key,
    rejectUnauthorized: tls.verify,
  });
  const { ca, cert, key } = tls;
  return {
    docker: new Docker({ ...base, protocol: 'https', host, port, ca, cert, key, agent } as Docker.DockerOptions),
    agent,
  };
}

/** docker-modem never settles when the connection breaks inside an answer, so that the time limit is ours. */
async function withTimeout<T>(
  address: EngineAddress,
  what: string,
  timeoutMs: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  const answer = call(controller.signal);
  // When the limit wins, the aborted call still rejects; nobody waits for it then.
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    throw toEngineProblem(address, what, error);
  } finally {
    clearTimeout(timer);
  }
}

/** The answer's stream with an error listener from the start; the signal destroys it, before or after it came. */
async function openStream(
  signal: AbortSignal,
  open: (abortSignal: AbortSignal) => Promise<unknown>,
): Promise<Readable> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    const stream = (await open(controller.signal)) as Readable;
    stream.on('error', () => stream.destroy());
    const destroy = () => stream.destroy();
    controller.signal.addEventListener('abort', destroy);
    stream.once('close', () => signal.removeEventListener('abort', abort));
    if (controller.signal.aborted) destroy();
    return stream;
  } catch (error) {
    signal.removeEventListener('abort', abort);
    throw error;
  }
}

/** An answer with a status from 400 on, as opposed to no answer at all. */
export class EngineRefusal extends Error {
  readonly status: number;
  constructor(what: string, status: number, message: string) {
    super(`${what}: the engine answered ${status}: ${message}`);
    this.status = status;
  }
}

async function optional<T>(call: () => Promise<T>, statuses: readonly number[] = [404]): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof EngineRefusal && statuses.includes(error.status)) return undefined;
    throw error;
  }
}

function toEngineProblem(address: EngineAddress, what: string, error: unknown): Error {
  const failure = error as { statusCode?: number; code?: string; message?: string; json?: { message?: string } };
  if (typeof failure.statusCode === 'number') {
    return new EngineRefusal(what, failure.statusCode, String(failure.json?.message ?? failure.message ?? ''));
  }
  return new GatehouseError(
    {
      code: 'engine-unreachable',
      message: `The engine at ${toDockerHost(address)} does not answer: ${reasonOf(failure)}.`,
      remedy: remedyOf(failure, address),
    },
    { cause: error },
  );
}

function reasonOf(failure: { code?: string; message?: string }): string {
  const known: Record<string, string> = {
    ENOENT: 'there is no such socket',
    ECONNREFUSED: 'connection refused',
    EACCES: 'permission denied',
    ECONNRESET: 'the connection was reset',
    ENOTFOUND: 'the host name is not known',
  };
  return known[failure.code ?? ''] ?? failure.message ?? 'unknown reason';
}

function remedyOf(failure: { code?: string }, address: EngineAddress): string {
  if (failure.code === 'EACCES') {
    return 'Join the group docker (`sudo usermod -aG docker $USER`, then log in again), or use a rootless engine.';
  }
  if (address.kind === 'tcp') return 'Check that the host is up and that its engine listens on this port.';
  return 'Start Docker (`sudo systemctl start docker`, or Docker Desktop); the console connects again by itself.';
}
