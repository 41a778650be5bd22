// Which networks a container is on, under which names and addresses.
import type { Project, Service, ServiceNetwork } from '../compose/project.ts';
import type { SpecContext } from './containerSpec.ts';
import { getService, toContainerName, toNetworkName, toReplicaCount } from './names.ts';
import { withoutUndefined } from './rawValues.ts';

export interface Endpoint {
  /** As the engine knows the network. */
  readonly network: string;
  readonly key: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Highest priority first, then by name: the first is the one that the engine gives to the container when it is made. */
export function toNetworkKeys(service: Service): string[] {
  const priority = (key: string) => service.networks?.[key]?.priority ?? 0;
  return Object.keys(service.networks ?? {}).sort((a, b) => priority(b) - priority(a) || (a < b ? -1 : 1));
}

export function toNetworkMode(project: Project, service: Service, context: SpecContext): string {
  if (service.network_mode) return resolveReference(service.network_mode, context);
  const [first] = toNetworkKeys(service);
  return first === undefined ? 'none' : toNetworkName(project, first);
}

/** `service:db` as `container:ID`. Where there is no container yet the name stands, and differs from every id. */
export function resolveReference(mode: string, context: SpecContext): string {
  if (!mode.startsWith('service:')) return mode;
  const service = mode.slice('service:'.length);
  return `container:${context.findContainer(service) ?? service}`;
}

export function toEndpoints(project: Project, service: string, replica: number): Endpoint[] {
  const declared = getService(project, service);
  if (declared.network_mode) return [];
  const links = toLinks(project, declared, replica);
  return toNetworkKeys(declared).map((key) => ({
    key,
    network: toNetworkName(project, key),
    settings: toSettings(declared.networks?.[key] ?? {}, {
      names: [toContainerName(project, service, replica), service],
      links,
    }),
  }));
}

function toSettings(network: ServiceNetwork, own: { names: string[]; links: string[] }): Record<string, unknown> {
  const { ipv4_address, ipv6_address, link_local_ips, mac_address, driver_opts } = network;
  const hasAddress = ipv4_address ?? ipv6_address ?? link_local_ips?.[0];
  return withoutUndefined({
    Aliases: [...own.names, ...(network.aliases ?? [])],
    Links: own.links.length > 0 ? own.links : undefined,
    IPAMConfig: hasAddress
      ? withoutUndefined({ IPv4Address: ipv4_address, IPv6Address: ipv6_address, LinkLocalIPs: link_local_ips })
      : undefined,
    MacAddress: mac_address,
    DriverOpts: driver_opts,
    GwPriority: network.gw_priority,
  });
}

/** `links` and `external_links`: a container under more names, seen by this one alone. */
function toLinks(project: Project, service: Service, replica: number): string[] {
  const own = toTexts(service.links).flatMap((text) => {
    const [target = '', alias = target] = text.split(':');
    const count = project.services[target] ? toReplicaCount(getService(project, target)) : 0;
    return Array.from({ length: count }, (_, index) => toContainerName(project, target, index + 1)).flatMap((name) => [
      `${name}:${alias}`,
      `${name}:${target}-${replica}`,
      `${name}:${project.name}-${target}-${replica}`,
    ]);
  });
  const external = toTexts(service.external_links).map((text) => {
    const [target = '', alias = target] = text.split(':');
    return `${target}:${alias}`;
  });
  return [...own, ...external];
}

export function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
