// What the engine is asked to create for a compose project: networks and containers, labelled as compose does it. Pure.
import { isAbsolute, resolve } from 'node:path';
import type { ComposeHealthCheck, ComposeProject, ComposeService, ComposeVolume } from '../stack/composeProject.ts';
import { toDependsOnLabel } from '../stack/composeValues.ts';

export interface CreateContext {
  project: ComposeProject;
  /** The folder of the compose file; relative paths start there. */
  folder: string;
}

export function toNetworkBody(name: string, { project }: CreateContext): Record<string, unknown> {
  const network = project.networks.find((one) => one.name === name);
  return {
    Name: `${project.name}_${name}`,
    Internal: network?.internal ?? false,
    Labels: { 'com.docker.compose.project': project.name, 'com.docker.compose.network': name },
  };
}

export function toContainerName(service: string, { project }: CreateContext): string {
  return `${project.name}-${service}-1`;
}

export function toContainerBody(service: ComposeService, context: CreateContext): Record<string, unknown> {
  const { project, folder } = context;
  const ports = [...new Set([...service.ports.map(({ containerPort, protocol }) => `${containerPort}/${protocol}`)])];
  const exposed = [...ports, ...service.expose.map((port) => `${port}/tcp`)];
  return {
    Image: service.image,
    ...(service.command ? { Cmd: service.command } : {}),
    Env: Object.entries(service.environment).map(([name, value]) => `${name}=${value}`),
    Labels: {
      ...service.labels,
      'com.docker.compose.project': project.name,
      'com.docker.compose.service': service.name,
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.depends_on': toDependsOnLabel(service.dependsOn),
      'com.docker.compose.project.config_files': resolve(folder, project.file),
      'com.docker.compose.project.working_dir': folder,
    },
    ExposedPorts: Object.fromEntries(exposed.map((port) => [port, {}])),
    ...(service.healthCheck ? { Healthcheck: toHealthBody(service.healthCheck) } : {}),
    HostConfig: {
      RestartPolicy: toRestartPolicy(service.restart),
      // Whatever host port the file names: a sandbox must never collide with what runs on the machine.
      PortBindings: Object.fromEntries(ports.map((port) => [port, [{ HostIp: '127.0.0.1', HostPort: '' }]])),
      Binds: service.volumes.flatMap((volume) => toBind(volume, context)),
    },
    NetworkingConfig: {
      EndpointsConfig: Object.fromEntries(
        service.networks.map(({ name, aliases }) => [
          `${project.name}_${name}`,
          { Aliases: [...new Set([service.name, toContainerName(service.name, context), ...aliases])] },
        ]),
      ),
    },
  };
}

/** Docker counts in nanoseconds. */
function toHealthBody({ test, intervalMs, timeoutMs, startPeriodMs, retries }: ComposeHealthCheck): object {
  const nanoseconds = (ms: number | null) => (ms === null ? undefined : ms * 1e6);
  return {
    Test: test,
    Interval: nanoseconds(intervalMs),
    Timeout: nanoseconds(timeoutMs),
    StartPeriod: nanoseconds(startPeriodMs),
    Retries: retries ?? undefined,
  };
}

/** `on-failure:3` carries its count. */
function toRestartPolicy(restart: string): object {
  const [name = 'no', count] = restart.split(':');
  return { Name: name, MaximumRetryCount: count ? Number(count) : 0 };
}

function toBind({ source, target, readOnly }: ComposeVolume, { project, folder }: CreateContext): string[] {
  if (source === null) return [];
  const isPath = source.startsWith('.') || source.startsWith('~') || isAbsolute(source);
  const from = isPath ? resolve(folder, source) : `${project.name}_${source}`;
  return [`${from}:${target}${readOnly ? ':ro' : ''}`];
}
