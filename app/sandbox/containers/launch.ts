// What a container's process is started with.
import { findMounted } from '../archive/mounts.ts';
import { type Container, listNames, toShortId } from './container.ts';
import { LOOPBACK } from './ports.ts';
import { type Programs, toArguments, toEnvironment } from './programs.ts';

export interface LaunchFolders {
  hostsFile: string;
  /** Compiled code of the programs is kept here, so that the twenty-second process starts faster than the first. */
  compileCache: string;
  path: string;
  /** Who takes spans in place of the stand-in of Jaeger. */
  spansTo?: string | undefined;
}

interface LaunchPlace {
  programs: Programs;
  folders: LaunchFolders;
  others: readonly Container[];
}

export function toLaunch(container: Container, { programs, folders, others }: LaunchPlace) {
  const { spec, workload } = container;
  const ports = Object.fromEntries(container.ports.map((port) => [port.containerPort, `${LOOPBACK}:${port.hostPort}`]));
  const own: Record<string, string> = {
    PATH: folders.path,
    HOSTNAME: toShortId(container.id),
    NODE_COMPILE_CACHE: folders.compileCache,
    GATEHOUSE_PORTS: JSON.stringify(ports),
    GATEHOUSE_HOSTS_FILE: folders.hostsFile,
  };
  if (container.adminSocket !== null) {
    own.GATEHOUSE_ADMIN_SOCKET = container.adminSocket;
    own.GATEHOUSE_CONFIG = findGatewayConfig(container) ?? programs.gatewayConfig;
  }
  return {
    argv: [programs.node, ...toArguments(workload, programs, spec.command)],
    environment: toEnvironment(
      withoutStandIns(spec.env, findStandIns(container, others, folders.spansTo)).map((entry) =>
        toLocalFile(container, entry),
      ),
      own,
    ),
  };
}

/** Names of stand-ins that this container reaches; the one of nginx does what is asked of it, that of Jaeger with `spansTo`. */
function findStandIns(
  container: Container,
  others: readonly Container[],
  spansTo: string | undefined,
): ReadonlySet<string> {
  const real = spansTo === undefined ? ['nginx'] : ['nginx', 'jaeger'];
  const reached = others.filter(
    ({ workload, endpoints }) =>
      workload.kind === 'standIn' &&
      !real.includes(workload.product) &&
      [...endpoints.keys()].some((network) => container.endpoints.has(network)),
  );
  return new Set(reached.flatMap(listNames));
}

/**
 * `SHOP_CACHE=redis://redis:6379` where redis is a stand-in: nothing could be kept there, so the program is not told of it,
 * and does what it does without.
 */
function withoutStandIns(env: readonly string[], standIns: ReadonlySet<string>): string[] {
  return env.filter((entry) => !standIns.has(URL.parse(entry.slice(entry.indexOf('=') + 1))?.hostname ?? ''));
}

/** A process sees no mounts: `NAME_FILE=/run/keys/a`, with a volume at /run/keys, names the file of the volume's folder. */
function toLocalFile(container: Pick<Container, 'mounts'>, entry: string): string {
  const [, name, path = ''] = /^(\w+_FILE)=(\/.*)$/s.exec(entry) ?? [];
  const found = name === undefined ? undefined : findMounted(container, path);
  return found === undefined ? entry : `${name}=${found.hostPath}`;
}

/** The container's own configuration: the bind mount of a file named gateway.yaml. */
function findGatewayConfig(container: Container): string | undefined {
  return container.mounts.find((mount) => mount.volume === null && /(?:^|\/)gateway\.yaml$/.test(mount.source))?.source;
}
