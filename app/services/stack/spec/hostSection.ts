// The part of a container's spec that the engine calls HostConfig: limits, rights, ports, restarts, names of hosts.
import type { Port, Project, Service } from '../compose/project.ts';
import type { SpecContext } from './containerSpec.ts';
import { toMountSection } from './mountSection.ts';
import { resolveReference, toTexts } from './networkSection.ts';
import { withoutUndefined } from './rawValues.ts';
import { toResources } from './resourceSection.ts';

export function toHostSection(project: Project, service: Service, context: SpecContext): Record<string, unknown> {
  const { binds, mounts } = toMountSection({ project, service, image: context.image, replaces: context.replaces });
  const reference = (value: unknown) => (typeof value === 'string' ? resolveReference(value, context) : undefined);
  return withoutUndefined({
    Binds: binds.length > 0 ? binds : undefined,
    Mounts: mounts.length > 0 ? mounts : undefined,
    Tmpfs: toTmpfs(service.tmpfs),
    PortBindings: toBindings(service.ports ?? []),
    RestartPolicy: toRestartPolicy(service),
    CapAdd: service.cap_add,
    CapDrop: service.cap_drop,
    Privileged: service.privileged,
    ReadonlyRootfs: service.read_only,
    Init: service.init,
    IpcMode: reference(service.ipc),
    PidMode: reference(service.pid),
    UTSMode: service.uts,
    UsernsMode: service.userns_mode,
    CgroupnsMode: service.cgroup,
    SecurityOpt: service.security_opt,
    Sysctls: toTextMap(service.sysctls),
    ExtraHosts: service.extra_hosts?.map((text) => text.replace('=', ':')),
    Dns: toOptionalTexts(service.dns),
    DnsOptions: toOptionalTexts(service.dns_opt),
    DnsSearch: toOptionalTexts(service.dns_search),
    GroupAdd: toOptionalTexts(service.group_add),
    VolumesFrom: toVolumesFrom(service, context),
    VolumeDriver: service.volume_driver,
    LogConfig: service.logging
      ? withoutUndefined({ Type: service.logging.driver ?? '', Config: toTextMap(service.logging.options) })
      : undefined,
    Runtime: service.runtime,
    Isolation: service.isolation,
    StorageOpt: service.storage_opt,
    Annotations: toTextMap(service.annotations),
    ...toResources(service),
  });
}

/** `/run:size=64m` as path and options. */
function toTmpfs(tmpfs: readonly string[] | undefined): Record<string, string> | undefined {
  if (!tmpfs || tmpfs.length === 0) return undefined;
  return Object.fromEntries(
    tmpfs.map((text) => {
      const [path = '', ...options] = text.split(':');
      return [path, options.join(':')];
    }),
  );
}

function toBindings(ports: readonly Port[]): Record<string, { HostIp: string; HostPort: string }[]> | undefined {
  if (ports.length === 0) return undefined;
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { target, protocol, host_ip, published } of ports) {
    const name = `${target}/${protocol ?? 'tcp'}`;
    bindings[name] = [...(bindings[name] ?? []), { HostIp: host_ip ?? '', HostPort: published ?? '' }];
  }
  return bindings;
}

const policyNames: Readonly<Record<string, string>> = { none: 'no', any: 'always' };

/** `on-failure:3`; deploy.restart_policy wins, as in compose. */
function toRestartPolicy(service: Service): { Name: string; MaximumRetryCount: number } | undefined {
  const policy = service.deploy?.restart_policy;
  if (policy) {
    const condition = String(policy.condition ?? 'any');
    return { Name: policyNames[condition] ?? condition, MaximumRetryCount: Number(policy.max_attempts ?? 0) };
  }
  if (!service.restart) return undefined;
  const [name = '', attempts = '0'] = service.restart.split(':');
  return { Name: policyNames[name] ?? name, MaximumRetryCount: Number(attempts) };
}

/** `db`, `db:ro`, `container:NAME:ro`. */
function toVolumesFrom(service: Service, context: SpecContext): string[] | undefined {
  const from = toTexts(service.volumes_from);
  if (from.length === 0) return undefined;
  return from.map((text) => {
    if (text.startsWith('container:')) return text.slice('container:'.length);
    const [name = '', ...options] = text.split(':');
    return [context.findContainer(name) ?? name, ...options].join(':');
  });
}

function toOptionalTexts(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  const texts = toTexts(value);
  return texts.length > 0 ? texts : undefined;
}

export function toTextMap(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one ?? '')]));
}
