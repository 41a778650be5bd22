// A project as the engine has it, without what is never the same twice: ids, addresses, times, hashes.
import { type ComposeStack, docker } from './composeStack.ts';

// biome-ignore lint/suspicious/noExplicitAny: an inspection is large, and is compared as a whole.
type Json = any;

export interface EngineState {
  containers: Record<string, Json>;
  networks: Record<string, Json>;
  volumes: Record<string, Json>;
}

const settleMs = 60_000;

/** Waits until no health check and no job is undecided. Rejects with what was last seen. */
export async function readState(stack: ComposeStack): Promise<EngineState> {
  const deadline = Date.now() + settleMs;
  for (;;) {
    const containers = await inspect('container', Object.values(await stack.containers()));
    const isSettled = containers.every(
      ({ State, Config }: Json) =>
        State.Health?.Status !== 'starting' && !(Config.Labels['ghs.job'] && State.Status !== 'exited'),
    );
    if (isSettled) return toState(stack, containers);
    if (Date.now() > deadline)
      throw new Error(`not settled: ${JSON.stringify(containers.map((one: Json) => one.State))}`);
    // Not a wait for a fixed time: it is asked again until it holds.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function inspect(kind: 'container' | 'network' | 'volume', names: readonly string[]): Promise<Json[]> {
  return names.length === 0 ? [] : JSON.parse(await docker(kind, 'inspect', ...names));
}

async function toState(stack: ComposeStack, containers: Json[]): Promise<EngineState> {
  const names = (await stack.leftovers()).map((line) => line.split(' ') as [string, string]);
  const of = (kind: string) => names.flatMap(([one, name]) => (one === kind ? [name] : []));
  const ids = new Map(containers.map(({ Id, Name }) => [Id, Name]));
  const byName = (all: Json[], convert: (one: Json) => Json) =>
    Object.fromEntries(all.map((one) => [one.Name.replace(/^\//, ''), withoutEmpty(convert(one))]));
  return {
    containers: byName(containers, (one) => toContainer(one, ids)),
    networks: byName(await inspect('network', of('network')), toNetwork),
    volumes: byName(await inspect('volume', of('volume')), ({ Driver, Options, Labels }) => ({
      Driver,
      Options,
      Labels: toLabels(Labels),
    })),
  };
}

function toContainer(container: Json, ids: ReadonlyMap<string, string>): Json {
  const { Id, Config, HostConfig, State, Mounts, NetworkSettings } = container;
  const shortId = Id.slice(0, 12);
  const text = JSON.stringify({
    Config: {
      ...Config,
      // Its own, or that of the container whose network it uses.
      Hostname: /^[0-9a-f]{12}$/.test(Config.Hostname) ? null : Config.Hostname,
      Labels: toLabels(Config.Labels),
      Env: [...(Config.Env ?? [])].sort(),
      ExposedPorts: toExposed(Config.ExposedPorts),
    },
    HostConfig: {
      ...HostConfig,
      Mounts: byTarget(HostConfig.Mounts ?? [], 'Target').map(withoutEmpty),
      Binds: [...(HostConfig.Binds ?? [])].sort(),
      Ulimits: byTarget(HostConfig.Ulimits ?? [], 'Name'),
      Links: [...(HostConfig.Links ?? [])].sort(),
      // Compose holds them in a map, and writes them in another order from time to time.
      ExtraHosts: [...(HostConfig.ExtraHosts ?? [])].sort(),
    },
    State: { Status: State.Status, ExitCode: State.ExitCode, Health: State.Health?.Status },
    Mounts: byTarget(Mounts, 'Destination'),
    Networks: Object.fromEntries(
      Object.entries<Json>(NetworkSettings.Networks).map(([name, { Aliases, Links, IPAMConfig, DriverOpts }]) => [
        name,
        {
          Aliases: (Aliases ?? []).filter((alias: string) => alias !== shortId).sort(),
          Links: [...(Links ?? [])].sort(),
          IPAMConfig,
          DriverOpts,
        },
      ]),
    ),
    Published: Object.entries<Json>(NetworkSettings.Ports ?? {}).flatMap(([port, bindings]) =>
      bindings ? [port] : [],
    ),
  });
  return JSON.parse(withoutIds(text, ids));
}

/** Containers by their names, anonymous volumes as such. */
function withoutIds(text: string, ids: ReadonlyMap<string, string>): string {
  return text.replace(/[0-9a-f]{64}/g, (id) => ids.get(id) ?? 'anonymous');
}

const byTarget = (list: Json[], key: string) => [...list].sort((a, b) => (a[key] < b[key] ? -1 : 1));

/** Hashes and versions are compose's own; ours are told apart by their prefix. */
function toLabels(labels: Record<string, string>): Record<string, string> {
  const own = /^(com\.docker\.compose\.(config-hash|version)|gatehouse\.(mode|configs))$/;
  return Object.fromEntries(
    Object.entries(labels ?? {})
      .filter(([name]) => !own.test(name))
      .map(([name, value]) => [name, name.endsWith('.depends_on') ? value.split(',').sort().join(',') : value]),
  );
}

/** Compose 2.26 hands `99` and `100-101` over as they are; the engine means `99/tcp`. */
function toExposed(ports: Record<string, unknown> | null): string[] {
  return Object.keys(ports ?? {})
    .flatMap((port) => {
      const [range = '', protocol = 'tcp'] = port.split('/');
      const [first = 0, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol}`);
    })
    .sort();
}

function toNetwork({ Driver, Internal, Attachable, EnableIPv6, Options, Labels, IPAM }: Json): Json {
  // Without pools of its own, the engine took the next free one.
  const isOwn = IPAM.Config.some((pool: Json) => pool.IPRange);
  return { Driver, Internal, Attachable, EnableIPv6, Options, Labels: toLabels(Labels), IPAM: isOwn ? IPAM : null };
}

/** Go writes null, [], {}, "" and 0 for the same nothing. */
function withoutEmpty(value: Json): Json {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutEmpty);
  if (value === null || typeof value !== 'object')
    return value === '' || value === 0 || value === false ? undefined : (value ?? undefined);
  const entries = Object.entries(value).flatMap(([key, one]) => {
    const kept = withoutEmpty(one);
    return kept === undefined ? [] : [[key, kept]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
