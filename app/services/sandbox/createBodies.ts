// What the engine is asked to create for a compose project: networks and containers, labelled as compose does it. Pure.
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import type { HealthCheck, Mount, Project, Service } from '../stack/compose/project.ts';
import { toDependsOnLabel } from '../stack/dependsOnLabel.ts';
import { toNanoseconds } from '../stack/spec/quantities.ts';

export function toNetworkBody(key: string, { name: project, networks = {} }: Project): Record<string, unknown> {
  const network = networks[key];
  return {
    Name: network?.name ?? `${project}_${key}`,
    Internal: network?.internal ?? false,
    Labels: { 'com.docker.compose.project': project, 'com.docker.compose.network': key },
  };
}

export function toContainerName(service: string, { name }: Project): string {
  return `${name}-${service}-1`;
}

export function toContainerBody(name: string, service: Service, loaded: LoadedProject): Record<string, unknown> {
  const { project, folder, files } = loaded;
  const ports = [...new Set((service.ports ?? []).map(({ target, protocol = 'tcp' }) => `${target}/${protocol}`))];
  const exposed = [...ports, ...(service.expose ?? []).map((port) => (port.includes('/') ? port : `${port}/tcp`))];
  return {
    Image: service.image ?? '',
    ...(service.command ? { Cmd: service.command } : {}),
    Env: toEnv(service),
    Labels: {
      ...service.labels,
      'com.docker.compose.project': project.name,
      'com.docker.compose.service': name,
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.depends_on': toDependsOnLabel(service),
      'com.docker.compose.project.config_files': files.join(','),
      'com.docker.compose.project.working_dir': folder,
    },
    ExposedPorts: Object.fromEntries(exposed.map((port) => [port, {}])),
    ...(service.healthcheck ? { Healthcheck: toHealthBody(service.healthcheck) } : {}),
    HostConfig: {
      RestartPolicy: toRestartPolicy(service.restart ?? 'no'),
      // Whatever host port the file names: a sandbox must never collide with what runs on the machine.
      PortBindings: Object.fromEntries(ports.map((port) => [port, [{ HostIp: '127.0.0.1', HostPort: '' }]])),
      Binds: (service.volumes ?? []).flatMap((mount) => toBind(mount, project)),
      ...(service.network_mode ? { NetworkMode: service.network_mode } : {}),
    },
    NetworkingConfig: { EndpointsConfig: toEndpoints(name, service, project) },
  };
}

/** A variable that has no value anywhere is not set. */
function toEnv({ environment = {} }: Service): string[] {
  return Object.entries(environment).flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]));
}

function toEndpoints(name: string, { networks = {} }: Service, project: Project): Record<string, unknown> {
  const endpoints = Object.entries(networks).map(([key, about]) => {
    const aliases = [...new Set([name, toContainerName(name, project), ...(about?.aliases ?? [])])];
    return [project.networks?.[key]?.name ?? `${project.name}_${key}`, { Aliases: aliases }] as const;
  });
  return Object.fromEntries(endpoints);
}

/** Docker counts in nanoseconds. */
function toHealthBody({ test, interval, timeout, start_period, retries, disable }: HealthCheck): object {
  return {
    Test: disable ? ['NONE'] : test,
    Interval: toNanoseconds(interval),
    Timeout: toNanoseconds(timeout),
    StartPeriod: toNanoseconds(start_period),
    Retries: retries,
  };
}

/** `on-failure:3` carries its count. */
function toRestartPolicy(restart: string): object {
  const [name = 'no', count] = restart.split(':');
  return { Name: name, MaximumRetryCount: count ? Number(count) : 0 };
}

function toBind({ type, source, target, read_only }: Mount, project: Project): string[] {
  if (source === undefined) return [];
  const from = type === 'bind' ? source : (project.volumes?.[source]?.name ?? `${project.name}_${source}`);
  return [`${from}:${target}${read_only ? ':ro' : ''}`];
}
