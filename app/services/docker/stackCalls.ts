// What observing and changing a stack asks of an engine. Every call names its object; none acts on more than that.
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { BuildImage } from './buildImage.ts';
import { optional } from './engineAnswer.ts';
import type { EngineCall } from './engineCall.ts';
import { EngineRefusal } from './engineProblem.ts';
import { createImageCalls, type ImageCalls } from './imageCalls.ts';
import { type ListedContainer, parseList } from './observed.ts';
import { parseStackContainer, type StackContainer } from './stackContainer.ts';
import {
  chooseNetwork,
  type EngineDefaults,
  findNamesakes,
  type NeighbourContainer,
  parseDefaults,
  parseNeighbours,
  parseStackNetwork,
  parseStackVolume,
  parseVolumeNames,
  parseVolumeSizes,
  type StackNetwork,
  type StackVolume,
} from './stackParts.ts';

type Body = Readonly<Record<string, unknown>>;

export interface StackCalls {
  readonly containers: ContainerCalls;
  readonly networks: NetworkCalls;
  readonly volumes: VolumeCalls;
  readonly images: ImageCalls;
  findDefaults(): Promise<EngineDefaults>;
}

/** Times are seconds since the epoch with a fraction, both included; engines count `tail` from the end of all there is. */
export interface LogRange {
  readonly tail: number | 'all';
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface ContainerCalls {
  /** All on the engine, of every project and of none. */
  listNeighbours(): Promise<NeighbourContainer[]>;
  /** All with this label, of every project and of none. */
  listLabelled(label: string): Promise<ListedContainer[]>;
  inspect(container: string): Promise<StackContainer | undefined>;
  /** The new container's id, and what the engine has to say about the body. */
  create(name: string, body: Body, platform: string | null): Promise<{ id: string; warnings: string[] }>;
  rename(container: string, name: string): Promise<void>;
  start(container: string): Promise<void>;
  /** Asks it to end, and kills it when its own grace period (or `graceSeconds`) is over. */
  stop(container: string, options?: { graceSeconds?: number; limitMs?: number }): Promise<void>;
  restart(container: string, options?: { limitMs?: number }): Promise<void>;
  pause(container: string): Promise<void>;
  unpause(container: string): Promise<void>;
  /** SIGKILL: it is not asked. */
  kill(container: string): Promise<void>;
  /** Nothing happens when it is gone already. `volumes`: its anonymous ones too. */
  remove(container: string, options: { force: boolean; volumes: boolean }): Promise<void>;
  /** Unpacks a tar archive at a path that must be there. */
  putArchive(container: string, path: string, archive: Buffer): Promise<void>;
  /** A file or folder as a tar archive; undefined when it is not there. */
  openArchive(container: string, path: string, signal: AbortSignal): Promise<Readable | undefined>;
  /** A log, framed as in `logs`; it does not follow. */
  openLog(container: string, options: LogRange & { signal: AbortSignal }): Promise<Readable>;
}

export interface NetworkCalls {
  listNames(project: string): Promise<string[]>;
  /** By its name or id. Where several have the name: the one that is used, with the others as its doubles. */
  inspect(network: string): Promise<StackNetwork | undefined>;
  /** The new network's id. */
  create(body: Body): Promise<string>;
  remove(network: string): Promise<void>;
  connect(network: string, container: string, settings: Body): Promise<void>;
  disconnect(network: string, container: string): Promise<void>;
}

export interface VolumeCalls {
  listNames(project: string): Promise<string[]>;
  inspect(volume: string): Promise<StackVolume | undefined>;
  create(body: Body): Promise<void>;
  remove(volume: string): Promise<void>;
  /** Bytes by volume. The engine walks all files for it, which may take long: empty when it does not answer in time. */
  measure(timeoutMs: number): Promise<Map<string, number>>;
}

const idSchema = z.object({
  Id: z.string(),
  Warnings: z.array(z.string()).nullish().catch([]),
});
const createTimeoutMs = 60_000;
/** The engine's own limit where a container says none. */
const standardGraceMs = 10_000;
const pathOf = (kind: string, name: string) => `/${kind}/${encodeURIComponent(name)}`;

export function createStackCalls(call: EngineCall, build: BuildImage): StackCalls {
  return {
    containers: createContainerCalls(call),
    networks: createNetworkCalls(call),
    volumes: createVolumeCalls(call),
    images: createImageCalls(call, build),
    findDefaults: async () => {
      const [info, version] = await Promise.all([
        call.ask('info', 'GET', '/info'),
        call.ask('version', 'GET', '/version'),
      ]);
      return parseDefaults(info, version);
    },
  };
}

function createContainerCalls(call: EngineCall): ContainerCalls {
  const at = (container: string, action = '') => `${pathOf('containers', container)}${action}`;
  const act = async (what: string, container: string, action: string, options: object = {}) => {
    await call.ask(`${what} ${container}`, 'POST', at(container, action), options);
  };
  const toLimit = (limitMs: number | undefined) => ({ timeoutMs: (limitMs ?? standardGraceMs) + 30_000 });
  return {
    listNeighbours: async () =>
      parseNeighbours(await call.ask('list containers', 'GET', '/containers/json', { query: { all: true } })),
    listLabelled: async (label) => {
      const query = { all: true, filters: JSON.stringify({ label: [label] }) };
      return parseList(await call.ask('list containers', 'GET', '/containers/json', { query }));
    },
    inspect: async (container) => {
      const answer = await optional(() => call.ask('inspect', 'GET', at(container, '/json')));
      return answer === undefined ? undefined : parseStackContainer(answer);
    },
    create: async (name, body, platform) => {
      const query = { name, platform: platform ?? undefined };
      const options = { query, body, timeoutMs: createTimeoutMs };
      const answer = await call.ask(`create container ${name}`, 'POST', '/containers/create', options);
      const { Id, Warnings } = idSchema.parse(answer);
      return { id: Id, warnings: Warnings ?? [] };
    },
    rename: (container, name) => act('rename', container, '/rename', { query: { name } }),
    start: (container) => act('start', container, '/start', { timeoutMs: createTimeoutMs }),
    stop: (container, { graceSeconds, limitMs } = {}) =>
      act('stop', container, '/stop', { query: { t: graceSeconds }, ...toLimit(limitMs) }),
    restart: (container, { limitMs } = {}) => act('restart', container, '/restart', toLimit(limitMs)),
    pause: (container) => act('pause', container, '/pause'),
    unpause: (container) => act('unpause', container, '/unpause'),
    kill: (container) => act('kill', container, '/kill'),
    remove: async (container, { force, volumes }) => {
      const options = { query: { force, v: volumes }, timeoutMs: createTimeoutMs };
      await optional(() => call.ask(`remove ${container}`, 'DELETE', at(container), options));
    },
    putArchive: async (container, path, archive) => {
      await call.ask(`copy into ${container}`, 'PUT', at(container, '/archive'), { query: { path }, archive });
    },
    openArchive: (container, path, signal) =>
      optional(() =>
        call.open(`copy from ${container}`, 'GET', at(container, '/archive'), { query: { path }, signal }),
      ),
    openLog: (container, { tail, since, until, signal }) => {
      const query = { stdout: true, stderr: true, timestamps: true, tail, since, until };
      return call.open(`log of ${container}`, 'GET', at(container, '/logs'), { query, signal });
    },
  };
}

const byProject = (project: string) => ({
  filters: JSON.stringify({ label: [`com.docker.compose.project=${project}`] }),
});

/** The engine's answer to a name that several networks have. */
function isAmbiguous(error: unknown): boolean {
  return error instanceof EngineRefusal && error.status === 400 && error.reason.includes('ambiguous');
}

function createNetworkCalls(call: EngineCall): NetworkCalls {
  const at = (network: string, action = '') => `${pathOf('networks', network)}${action}`;
  const inspect = async (network: string) => {
    const answer = await optional(() => call.ask('inspect network', 'GET', at(network)));
    const found = answer === undefined ? undefined : parseStackNetwork(answer);
    // The engine also takes the beginning of an id for a name.
    return found?.name === network || found?.id === network ? found : undefined;
  };
  return {
    listNames: async (project) => {
      const answer = await call.ask('list networks', 'GET', '/networks', { query: byProject(project) });
      return z
        .array(z.object({ Name: z.string() }))
        .parse(answer)
        .map(({ Name }) => Name);
    },
    inspect: async (network) => {
      try {
        return await inspect(network);
      } catch (error) {
        if (!isAmbiguous(error)) throw error;
        const query = { filters: JSON.stringify({ name: [network] }) };
        const ids = findNamesakes(await call.ask('list networks', 'GET', '/networks', { query }), network);
        const namesakes = await Promise.all(ids.map(inspect));
        return chooseNetwork(namesakes.filter((one) => one !== undefined));
      }
    },
    create: async (body) =>
      idSchema.parse(
        await call.ask(`create network ${body.Name}`, 'POST', '/networks/create', { body, timeoutMs: createTimeoutMs }),
      ).Id,
    remove: async (network) => {
      await optional(() =>
        call.ask(`remove network ${network}`, 'DELETE', at(network), { timeoutMs: createTimeoutMs }),
      );
    },
    connect: async (network, container, settings) => {
      const body = { Container: container, EndpointConfig: settings };
      await call.ask(`connect ${container} to ${network}`, 'POST', at(network, '/connect'), {
        body,
        timeoutMs: createTimeoutMs,
      });
    },
    disconnect: async (network, container) => {
      const body = { Container: container, Force: true };
      await call.ask(`disconnect ${container} from ${network}`, 'POST', at(network, '/disconnect'), { body });
    },
  };
}

function createVolumeCalls(call: EngineCall): VolumeCalls {
  return {
    listNames: async (project) =>
      parseVolumeNames(await call.ask('list volumes', 'GET', '/volumes', { query: byProject(project) })),
    inspect: async (volume) => {
      const answer = await optional(() => call.ask('inspect volume', 'GET', pathOf('volumes', volume)));
      return answer === undefined ? undefined : parseStackVolume(answer);
    },
    create: async (body) => {
      await call.ask(`create volume ${body.Name}`, 'POST', '/volumes/create', { body, timeoutMs: createTimeoutMs });
    },
    remove: async (volume) => {
      await optional(() => call.ask(`remove volume ${volume}`, 'DELETE', pathOf('volumes', volume)));
    },
    measure: async (timeoutMs) => {
      const query = { type: 'volume' };
      return call
        .ask('measure volumes', 'GET', '/system/df', { query, timeoutMs })
        .then(parseVolumeSizes, () => new Map());
    },
  };
}
