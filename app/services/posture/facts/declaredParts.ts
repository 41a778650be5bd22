// Parts and networks as the files of a mode declare them. Pure.
import type { StackImage } from '../../docker/stackParts.ts';
import type { HealthCheck, Port, Project, Service } from '../../stack/compose/project.ts';
import { isAwaited } from '../../stack/plan/dependencies.ts';
import { toImageReference, toNetworkName } from '../../stack/spec/names.ts';
import { toBytes } from '../../stack/spec/quantities.ts';
import { readMap, readText } from '../../stack/spec/rawValues.ts';
import type { ImageFact, MountFact, NetworkFact, Part, PublishedPortFact } from './facts.ts';
import { findKind, type Roles } from './roles.ts';

export interface DeclaredContext {
  readonly project: Project;
  /** Names of the files, for evidence. */
  readonly where: string;
  readonly roles: Roles;
  /** By reference; what is not there was not looked at. */
  readonly images: Readonly<Record<string, StackImage | null>>;
  /** By service: of what is built here. */
  readonly dockerfiles?: ReadonlyMap<string, ImageFact>;
}

export function toDeclaredParts(context: DeclaredContext): Part[] {
  const { project } = context;
  return Object.keys(project.services).map((name) => toDeclaredPart(name, context, isAwaited(project, name)));
}

function toDeclaredPart(name: string, context: DeclaredContext, isJob: boolean): Part {
  const { project, where, roles, images } = context;
  const service = project.services[name] as Service;
  const image = images[toImageReference(project, name)];
  const imageFact = image ? toImageFact(image) : (context.dockerfiles?.get(name) ?? null);
  const kind = findKind(name, service.image ?? '', roles);
  const limits = service.deploy?.resources?.limits;
  return {
    service: name,
    kind,
    isOwn: isOwnProgram(service, kind),
    isJob,
    where,
    image: service.image ?? '',
    imageFact,
    networks: findNetworks(name, project),
    networkMode: service.network_mode ?? null,
    ports: (service.ports ?? []).map(toPort),
    environment: Object.entries(service.environment ?? {}).flatMap(([variable, value]) =>
      // Without a value it comes from the shell of whoever starts it.
      value === null ? [] : [{ name: variable, value: String(value) }],
    ),
    command: [...(service.entrypoint ?? []), ...(service.command ?? [])],
    user: service.user ?? null,
    capAdd: service.cap_add ?? [],
    capDrop: service.cap_drop ?? [],
    securityOptions: service.security_opt ?? [],
    isPrivileged: service.privileged === true,
    isReadOnly: service.read_only === true,
    sharedNamespaces: (['pid', 'ipc', 'uts', 'userns_mode'] as const).filter((key) => service[key] === 'host'),
    devices: (service.devices ?? []).map(({ source }) => source),
    mounts: (service.volumes ?? []).map(
      ({ type, source, target, read_only }): MountFact => ({
        type,
        source: source ?? '',
        target,
        isReadOnly: read_only === true,
      }),
    ),
    secrets: [...(service.secrets ?? []), ...(service.configs ?? [])].map(({ source }) => source),
    restart: toRestart(service),
    cpus: limits?.cpus ?? positive(service.cpus) ?? null,
    memoryBytes: positive(toBytes(limits?.memory ?? service.mem_limit)) ?? null,
    health: toHealth(service.healthcheck, imageFact),
    logDriver: service.logging?.driver ?? null,
    logOptions: service.logging?.options ?? {},
    dependsOn: [
      ...Object.keys(service.depends_on ?? {}),
      ...(service.links ?? []).map((link) => link.split(':')[0] ?? ''),
    ],
  };
}

/** Built from a folder, or an application: what the authors of the stack can make as closed as they like. */
export function isOwnProgram({ build }: Pick<Service, 'build'>, kind: Part['kind']): boolean {
  return build !== undefined || kind === 'app';
}

/** A service that shares another one's network namespace is on its networks. */
function findNetworks(name: string, project: Project, seen: readonly string[] = []): string[] {
  const service = project.services[name];
  if (!service || seen.includes(name)) return [];
  const [, other] = /^service:(.+)$/.exec(service.network_mode ?? '') ?? [];
  if (other !== undefined) return findNetworks(other, project, [...seen, name]);
  return Object.keys(service.networks ?? {}).map((key) => toNetworkName(project, key));
}

function toPort({ host_ip, published, target, protocol }: Port): PublishedPortFact {
  const [first, last = first] = (published ?? '').split('-').map(Number);
  return {
    hostIp: host_ip ?? '',
    hostPorts: published === undefined || first === undefined || last === undefined ? null : [first, last],
    containerPort: target,
    protocol: protocol ?? 'tcp',
  };
}

/** `deploy.restart_policy` is for swarms; compose heeds it where `restart` says nothing. */
function toRestart({ restart, deploy }: Service): string {
  if (restart !== undefined) return restart;
  const condition = deploy?.restart_policy?.condition;
  if (deploy?.restart_policy === undefined) return 'no';
  return condition === 'on-failure' || condition === 'none' ? String(condition) : 'always';
}

function toHealth(check: HealthCheck | undefined, image: ImageFact | null): Part['health'] {
  if (check?.disable === true || check?.test?.[0] === 'NONE') return 'disabled';
  if ((check?.test?.length ?? 0) > 0) return 'present';
  return image?.hasHealthCheck ? 'present' : 'absent';
}

const positive = (value: number | undefined) => (value !== undefined && value > 0 ? value : undefined);

export function toImageFact({ config, createdAt }: StackImage): ImageFact {
  const test = readMap(config.Healthcheck).Test;
  return {
    user: readText(config.User),
    hasHealthCheck: Array.isArray(test) && test.length > 0 && test[0] !== 'NONE',
    createdAt,
  };
}

/** As the files declare them; one that is external is made elsewhere. */
export function toDeclaredNetworks({ project, where }: DeclaredContext): NetworkFact[] {
  return Object.entries(project.networks ?? {}).map(([key, network]) => ({
    name: toNetworkName(project, key),
    label: key,
    isInternal: network.external ? null : network.internal === true,
    strangers: [],
    where,
  }));
}
