// Containers in the JSON of the Docker Engine API. Pure.
import { createHash } from 'node:crypto';
import type { HealthState } from '../health/state.ts';
import type { Container } from './container.ts';
import { LOOPBACK } from './ports.ts';
import { toExposedPorts } from './programs.ts';
import { isUp } from './state.ts';

const NEVER = '0001-01-01T00:00:00Z';
const toTime = (at: number | null) => (at === null ? NEVER : new Date(at).toISOString());
const isRunning = (container: Container) => container.state.pid !== 0;

export const toImageId = (image: string) => `sha256:${createHash('sha256').update(image).digest('hex')}`;

export function toListItem(container: Container, now: number) {
  const { spec, state } = container;
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: spec.image,
    ImageID: toImageId(spec.image),
    Command: toCommand(container).join(' '),
    Created: Math.floor(container.createdAt / 1_000),
    Ports: isRunning(container) ? container.ports.map(toListedPort) : [],
    Labels: container.labels,
    State: state.status,
    Status: describeStatus(container, now),
    HostConfig: { NetworkMode: spec.networkMode },
    NetworkSettings: { Networks: toNetworks(container) },
    Mounts: toMounts(container),
  };
}

export function toInspection(container: Container, execs: readonly { id: string }[]) {
  const { spec, state } = container;
  const [path = '', ...args] = toCommand(container);
  return {
    Id: container.id,
    Created: toTime(container.createdAt),
    Path: path,
    Args: args,
    State: toState(container),
    Image: toImageId(spec.image),
    ResolvConfPath: '',
    HostnamePath: '',
    HostsPath: '',
    LogPath: '',
    Name: `/${container.name}`,
    RestartCount: state.restartCount,
    Driver: 'none',
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: '',
    ExecIDs: execs.length === 0 ? null : execs.map(({ id }) => id),
    HostConfig: {
      NetworkMode: spec.networkMode,
      ...spec.given.hostConfig,
      RestartPolicy: {
        Name: container.restartPolicy.name,
        MaximumRetryCount: container.restartPolicy.maximumRetries,
      },
    },
    GraphDriver: { Data: null, Name: 'none' },
    Mounts: toMounts(container),
    Config: {
      Hostname: container.id.slice(0, 12),
      ...spec.given.config,
      Env: spec.env,
      Cmd: spec.command,
      Image: spec.image,
      Labels: container.labels,
      ExposedPorts: {
        ...toExposedPorts(spec.image),
        ...Object.fromEntries(spec.exposed.map((port) => [port.includes('/') ? port : `${port}/tcp`, {}])),
      },
    },
    NetworkSettings: { Ports: isRunning(container) ? toPortMap(container) : {}, Networks: toNetworks(container) },
  };
}

function toState({ state, health }: Container) {
  return {
    Status: state.status,
    Running: isUp(state),
    Paused: state.status === 'paused',
    Restarting: state.status === 'restarting',
    OOMKilled: false,
    Dead: false,
    Pid: state.pid,
    ExitCode: state.exitCode,
    Error: state.error,
    StartedAt: toTime(state.startedAt),
    FinishedAt: toTime(state.finishedAt),
    ...(health === null ? {} : { Health: toHealth(health) }),
  };
}

function toHealth(health: HealthState) {
  return {
    Status: health.status,
    FailingStreak: health.failingStreak,
    Log: health.log.map((probe) => ({
      Start: toTime(probe.startedAt),
      End: toTime(probe.endedAt),
      ExitCode: probe.exitCode,
      Output: probe.output,
    })),
  };
}

/** What the engine really runs is a program of its own; what is shown is what the image's container would run. */
function toCommand({ spec, workload }: Container): string[] {
  if (spec.command.length > 0) return spec.command;
  return [workload.kind === 'standIn' ? workload.product : 'gateway'];
}

function toListedPort(port: Container['ports'][number]) {
  const shown = { PrivatePort: port.containerPort, Type: 'tcp' };
  return port.published ? { IP: LOOPBACK, ...shown, PublicPort: port.hostPort } : shown;
}

function toPortMap(container: Container) {
  return Object.fromEntries(
    container.ports.map((port) => [
      `${port.containerPort}/tcp`,
      port.published ? [{ HostIp: LOOPBACK, HostPort: String(port.hostPort) }] : null,
    ]),
  );
}

function toNetworks(container: Container) {
  return Object.fromEntries(
    [...container.endpoints.values()].map((endpoint) => [
      endpoint.networkName,
      {
        IPAMConfig: null,
        Links: null,
        Aliases: endpoint.aliases,
        MacAddress: '',
        NetworkID: endpoint.networkId,
        EndpointID: isRunning(container) ? endpoint.endpointId : '',
        Gateway: '',
        // All containers share this machine's loopback interface.
        IPAddress: isRunning(container) ? LOOPBACK : '',
        IPPrefixLen: isRunning(container) ? 8 : 0,
        IPv6Gateway: '',
        GlobalIPv6Address: '',
        GlobalIPv6PrefixLen: 0,
        DNSNames: [...new Set([container.name, ...endpoint.aliases, container.id.slice(0, 12)])],
      },
    ]),
  );
}

function toMounts(container: Container) {
  return container.mounts.map(({ volume, source, target, readOnly }) =>
    volume === null
      ? {
          Type: 'bind',
          Source: source,
          Destination: target,
          Mode: readOnly ? 'ro' : '',
          RW: !readOnly,
          Propagation: 'rprivate',
        }
      : {
          Type: 'volume',
          Name: volume,
          Source: source,
          Destination: target,
          Driver: 'local',
          Mode: readOnly ? 'ro' : 'z',
          RW: !readOnly,
          Propagation: '',
        },
  );
}

/** As `docker ps` shows it: `Up 5 minutes (healthy)`, `Exited (137) 2 seconds ago`. */
export function describeStatus({ state, health }: Container, now: number): string {
  if (state.status === 'created') return 'Created';
  if (state.status === 'removing') return 'Removal In Progress';
  if (state.status === 'exited')
    return `Exited (${state.exitCode}) ${describeDuration(now - (state.finishedAt ?? now))} ago`;
  if (state.status === 'restarting')
    return `Restarting (${state.exitCode}) ${describeDuration(now - (state.finishedAt ?? now))} ago`;
  const up = `Up ${describeDuration(now - (state.startedAt ?? now))}`;
  if (state.status === 'paused') return `${up} (Paused)`;
  if (health === null) return up;
  return `${up} (${health.status === 'starting' ? 'health: starting' : health.status})`;
}

/** Docker's words for a duration (go-units HumanDuration). */
export function describeDuration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(seconds / 3_600);
  if (hours === 1) return 'About an hour';
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}
