// What has to be done for networks. A network's settings cannot be changed: it is made anew, and with it its containers.
import type { FieldChange } from '../../../contract/index.ts';
import type { StackNetwork } from '../../docker/stackParts.ts';
import type { Network, Project } from '../compose/project.ts';
import { toNetworkName } from '../spec/names.ts';
import { toNetworkKeys } from '../spec/networkSection.ts';
import { readMaps, readText } from '../spec/rawValues.ts';
import { type Draft, type StepDraft, stopStepId, toPartStep } from './draft.ts';
import type { ObservedStack } from './observedStack.ts';

export interface NetworkOutcome {
  /** By the engine's name: containers on them have to be made anew. */
  readonly renewed: ReadonlySet<string>;
  /** Steps after which each network's name stands for one network: containers are started by names. */
  readonly cleared: readonly string[];
}

export function planNetworks(
  project: Project,
  services: readonly string[],
  observed: ObservedStack,
  draft: Draft,
): NetworkOutcome {
  const renewed = new Set<string>();
  const cleared: string[] = [];
  for (const key of toUsedNetworks(project, services)) {
    const name = toNetworkName(project, key);
    const declared = project.networks?.[key] ?? { name };
    const existing = observed.networks[name];
    if (declared.external) requireExternal(name, existing, draft);
    else if (!existing) {
      draft.steps.push(toPartStep({ resource: 'network', action: 'create', name, key, reason: 'not created yet' }));
    } else if (isForeign(existing, project.name, key)) blockForeign(existing, project.name, draft);
    else {
      const doubles = toRemoveDoubles(existing);
      draft.steps.push(...doubles);
      cleared.push(...doubles.map(({ id }) => id));
      const changes = compareNetwork(declared, existing);
      if (changes.length === 0) continue;
      renewed.add(name);
      blockForeignMembers(existing, observed, draft);
      const reason = 'a network cannot be changed; it is made anew, and so are the containers on it';
      const own = observed.containers.filter((one) => Object.hasOwn(one.inspected.networks, name));
      const needs = [...own.map((one) => stopStepId(one.name)), ...doubles.map(({ id }) => id)];
      draft.steps.push(
        toPartStep({ resource: 'network', action: 'recreate', name, key, target: existing.id, reason, changes, needs }),
      );
    }
  }
  return { renewed, cleared };
}

/** Only those that a chosen service is on, as compose creates them. */
export function toUsedNetworks(project: Project, services: readonly string[]): string[] {
  const keys = services.flatMap((name) => {
    const service = project.services[name];
    return service && !service.network_mode ? toNetworkKeys(service) : [];
  });
  return [...new Set(keys)].sort();
}

function requireExternal(name: string, existing: StackNetwork | undefined, { blockers }: Draft): void {
  if (existing) return;
  blockers.push({
    code: 'network-missing',
    subject: name,
    message: `network "${name}" is declared as external, and the engine has none of this name.`,
    remedy: `Create it (docker network create ${name}), or remove \`external: true\`.`,
  });
}

const isForeign = ({ labels }: StackNetwork, project: string, key: string) =>
  labels['com.docker.compose.project'] !== project || labels['com.docker.compose.network'] !== key;

function blockForeign({ name, labels }: StackNetwork, project: string, { blockers }: Draft): void {
  const owner = labels['com.docker.compose.project'];
  blockers.push({
    code: 'network-foreign',
    subject: name,
    message: `network "${name}" is there already and belongs to ${owner && owner !== project ? `the project "${owner}"` : 'something else'}.`,
    remedy: 'Give the network another name, or declare it with `external: true` to use it as it is.',
  });
}

function blockForeignMembers(network: StackNetwork, observed: ObservedStack, { blockers }: Draft): void {
  const own = new Set(observed.containers.map(({ id }) => id));
  const foreign = network.members.filter(({ id }) => !own.has(id)).map(({ name }) => name);
  if (foreign.length === 0) return;
  blockers.push({
    code: 'network-in-use',
    subject: network.name,
    message: `network "${network.name}" has to be made anew, but ${foreign.join(', ')} of another project is on it.`,
    remedy: `Disconnect it first: docker network disconnect ${network.name} ${foreign[0]}.`,
  });
}

/** What the engine shows of a network and the files decide. Labels are not compared: they change nothing. */
export function compareNetwork(declared: Network, existing: StackNetwork): FieldChange[] {
  const pools = readMaps(declared.ipam?.config).map(({ subnet, gateway, ip_range }) =>
    toPoolText(readText(subnet), readText(gateway), readText(ip_range)),
  );
  const existingPools = existing.ipam.pools.map((pool) => toPoolText(pool.subnet, pool.gateway, pool.ipRange));
  const pairs: [string, string, string][] = [
    ['driver', existing.driver, declared.driver || 'bridge'],
    ['internal', String(existing.internal), String(declared.internal ?? false)],
    ['attachable', String(existing.attachable), String(declared.attachable ?? false)],
    ['enable_ipv6', String(existing.enableIpv6), String(declared.enable_ipv6 ?? false)],
    ...Object.entries(declared.driver_opts ?? {}).map(([option, value]): [string, string, string] => [
      `driver_opts.${option}`,
      existing.options[option] ?? '',
      String(value),
    ]),
  ];
  // Without pools of its own, the engine chose them; a gateway that is not declared is its choice too.
  if (pools.length > 0)
    pairs.push(['ipam', existingPools.filter((_, at) => at < pools.length).join(', '), pools.join(', ')]);
  return pairs
    .filter(([field, from, to]) => (field === 'ipam' ? !covers(existing, declared) : from !== to))
    .map(([field, from, to]) => ({ field, from: from || null, to: to || null, masked: false }));
}

const toPoolText = (subnet: string, gateway: string, range: string) =>
  [subnet, gateway && `gateway ${gateway}`, range && `range ${range}`].filter(Boolean).join(' ');

function covers(existing: StackNetwork, declared: Network): boolean {
  const pools = readMaps(declared.ipam?.config);
  return pools.every(({ subnet, gateway, ip_range }) =>
    existing.ipam.pools.some(
      (pool) =>
        pool.subnet === readText(subnet) &&
        (!gateway || pool.gateway === readText(gateway)) &&
        (!ip_range || pool.ipRange === readText(ip_range)),
    ),
  );
}

/** Networks of the project that its files no longer have; they go when the leftovers are to be removed. */
export function findStaleNetworks(project: Project, observed: ObservedStack): StackNetwork[] {
  const names = new Set(Object.keys(project.networks ?? {}).map((key) => toNetworkName(project, key)));
  return Object.values(observed.networks).filter(
    ({ name, labels }) => labels['com.docker.compose.project'] === project.name && !names.has(name),
  );
}

export const toRemoveNetwork = (network: StackNetwork, reason: string, needs: readonly string[]) =>
  toPartStep({
    resource: 'network',
    action: 'remove',
    name: network.name,
    key: network.labels['com.docker.compose.network'] ?? null,
    target: network.id,
    reason,
    needs,
  });

export const toRemoveDoubles = ({ name, doubles }: StackNetwork): StepDraft[] =>
  doubles.map((id) =>
    toPartStep({
      resource: 'network',
      action: 'remove',
      name: `${name} (${id.slice(0, 12)})`,
      key: null,
      target: id,
      reason: `a second network of the name ${name}, with nothing on it`,
    }),
  );
