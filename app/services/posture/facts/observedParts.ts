// Parts and networks as they run, from the engine's inspection; what was not created stays as the files declare it. Pure.
import { basename } from 'node:path';
import type { InspectedMount, StackContainer } from '../../docker/stackContainer.ts';
import type { StackImage } from '../../docker/stackParts.ts';
import type { Project } from '../../stack/compose/project.ts';
import { findAwaitedByLabels, parseDependsOnLabel } from '../../stack/dependsOnLabel.ts';
import { isAwaited } from '../../stack/plan/dependencies.ts';
import type { ObservedStack } from '../../stack/plan/observedStack.ts';
import { type Raw, readMap, readMaps, readNumber, readText, readTexts } from '../../stack/spec/rawValues.ts';
import { isOwnProgram, toImageFact } from './declaredParts.ts';
import type { MountFact, NetworkFact, Part, PublishedPortFact, Variable } from './facts.ts';
import { findKind, type Roles } from './roles.ts';

const WHERE = 'inspection of the container';

export interface ObservedContext {
  readonly observed: ObservedStack;
  /** null: the files are not known. */
  readonly project: Project | null;
  readonly roles: Roles;
  /** Images of containers, by id. */
  readonly images: ReadonlyMap<string, StackImage>;
}

/** One for each container of a service, also of those that ended: they are started again as they are. */
export function toObservedParts(context: ObservedContext): Part[] {
  const { project, observed } = context;
  const awaited = findAwaitedByLabels(observed.containers);
  const isJob = (name: string) => awaited.has(name) || (project !== null && isAwaited(project, name));
  return observed.containers
    .filter(({ service, oneOff }) => service !== null && !oneOff)
    .map((container) => toPart(container, context, isJob));
}

function toPart(
  container: StackContainer,
  { project, roles, images }: ObservedContext,
  isJob: (service: string) => boolean,
): Part {
  const service = container.service ?? container.name;
  const { config, hostConfig: host, mounts, networks } = container.inspected;
  const declared = project?.services[service];
  const imageName = readText(config.Image);
  const image = images.get(container.imageId);
  const kind = findKind(service, imageName, roles);
  const names = findSecretNames(project);
  // Compose mounts the files of secrets and configs like any other file.
  const isSecret = ({ source, target }: InspectedMount) => names.has(source) || target.startsWith('/run/secrets/');
  return {
    service,
    kind,
    isOwn: isOwnProgram(declared ?? {}, kind),
    isJob: isJob(service),
    where: WHERE,
    image: imageName,
    imageFact: image ? toImageFact(image) : null,
    networks: Object.keys(networks),
    networkMode: readText(host.NetworkMode) || null,
    ports: toPorts(container),
    environment: withoutImage(toVariables(config), image ? toVariables(image.config) : []),
    command: [...readTexts(config.Entrypoint), ...readTexts(config.Cmd)],
    user: readText(config.User) || null,
    capAdd: readTexts(host.CapAdd),
    capDrop: readTexts(host.CapDrop),
    securityOptions: readTexts(host.SecurityOpt),
    isPrivileged: host.Privileged === true,
    isReadOnly: host.ReadonlyRootfs === true,
    sharedNamespaces: findSharedNamespaces(host),
    devices: readMaps(host.Devices).map(({ PathOnHost }) => readText(PathOnHost)),
    mounts: mounts
      .filter((mount) => !isSecret(mount))
      .map(
        ({ type, name, source, target, readOnly }): MountFact => ({
          type,
          source: name ?? source,
          target,
          isReadOnly: readOnly,
        }),
      ),
    secrets: mounts.filter(isSecret).map(({ source }) => names.get(source) ?? basename(source)),
    restart: readText(readMap(host.RestartPolicy).Name) || 'no',
    cpus: toCpus(host),
    memoryBytes: readNumber(host.Memory) > 0 ? readNumber(host.Memory) : null,
    health: toHealth(container, config),
    logDriver: readText(readMap(host.LogConfig).Type) || null,
    logOptions: toTexts(readMap(readMap(host.LogConfig).Config)),
    dependsOn: [
      ...parseDependsOnLabel(container.labels['com.docker.compose.depends_on'] ?? '').map((one) => one.service),
      ...Object.keys(declared?.depends_on ?? {}),
    ],
  };
}

/** Path of the file → name of the secret or config. */
function findSecretNames(project: Project | null): ReadonlyMap<string, string> {
  const objects = [...Object.entries(project?.secrets ?? {}), ...Object.entries(project?.configs ?? {})];
  return new Map(objects.flatMap(([name, { file }]) => (file === undefined ? [] : [[file, name] as const])));
}

/** What is bound; of a container that does not run, what it would bind. */
function toPorts({ state, ports, inspected }: StackContainer): PublishedPortFact[] {
  if (state === 'running' || state === 'paused') {
    return ports
      .filter(({ hostPort }) => hostPort !== null)
      .map(({ hostIp, hostPort, containerPort, protocol }) => ({
        hostIp: hostIp ?? '',
        hostPorts: [hostPort ?? 0, hostPort ?? 0],
        containerPort,
        protocol,
      }));
  }
  return Object.entries(readMap(inspected.hostConfig.PortBindings)).flatMap(([name, bindings]) => {
    const [port = '', protocol = 'tcp'] = name.split('/');
    return readMaps(bindings).map(({ HostIp, HostPort }): PublishedPortFact => {
      const hostPort = Number(readText(HostPort));
      return {
        hostIp: readText(HostIp),
        hostPorts: hostPort > 0 ? [hostPort, hostPort] : null,
        containerPort: Number(port),
        protocol,
      };
    });
  });
}

function toVariables(config: Raw): Variable[] {
  return readTexts(config.Env).flatMap((text) => {
    const at = text.indexOf('=');
    return at < 1 ? [] : [{ name: text.slice(0, at), value: text.slice(at + 1) }];
  });
}

/** What the image brings is the same for everybody who has the image. */
function withoutImage(variables: readonly Variable[], ofImage: readonly Variable[]): Variable[] {
  const known = new Set(ofImage.map(({ name, value }) => `${name}=${value}`));
  return variables.filter(({ name, value }) => !known.has(`${name}=${value}`));
}

function findSharedNamespaces(host: Raw): string[] {
  const modes = { pid: host.PidMode, ipc: host.IpcMode, uts: host.UTSMode, userns_mode: host.UsernsMode };
  return Object.entries(modes)
    .filter(([, mode]) => mode === 'host')
    .map(([name]) => name);
}

function toCpus(host: Raw): number | null {
  if (readNumber(host.NanoCpus) > 0) return readNumber(host.NanoCpus) / 1e9;
  const quota = readNumber(host.CpuQuota);
  // 100 ms is the period where none is said.
  return quota > 0 ? quota / (readNumber(host.CpuPeriod) || 100_000) : null;
}

function toHealth({ health }: StackContainer, config: Raw): Part['health'] {
  const test = readTexts(readMap(config.Healthcheck).Test);
  if (test[0] === 'NONE') return 'disabled';
  return test.length > 0 || health !== 'none' ? 'present' : 'absent';
}

function toTexts(values: Raw): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, readText(value)]));
}

export function toObservedNetworks({ observed, project }: ObservedContext): NetworkFact[] {
  const own = new Set(observed.containers.map(({ id }) => id));
  const used = new Set(observed.containers.flatMap(({ inspected }) => Object.keys(inspected.networks)));
  const labels = new Map(Object.entries(project?.networks ?? {}).map(([key, { name }]) => [name, key]));
  return Object.values(observed.networks)
    .filter(({ name, labels: said }) => used.has(name) || said['com.docker.compose.project'] === observed.project)
    .map(({ name, internal, members, labels: said }) => ({
      name,
      label: labels.get(name) ?? said['com.docker.compose.network'] ?? name,
      isInternal: internal,
      strangers: members.filter(({ id }) => !own.has(id)).map((member) => member.name),
      where: 'inspection of the network',
    }));
}
