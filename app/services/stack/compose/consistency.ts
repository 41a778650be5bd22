// Pass: does it fit together? What services refer to is declared, nothing contradicts itself, nobody waits for himself.
// Pure; throws `compose-invalid` with the place.
import {
  entriesOf,
  find,
  findMap,
  findText,
  isMap,
  isText,
  itemsOf,
  type MapNode,
  type Node,
  placeOfKey,
  toText,
} from './node.ts';
import { problemAt } from './problem.ts';
import { parseBytes } from './values.ts';

export interface Enabled {
  readonly model: MapNode;
  /** Services whose profile is not on. */
  readonly disabled: ReadonlySet<string>;
}

interface Subject extends Enabled {
  readonly name: string;
  readonly service: MapNode;
}

type Rule = (subject: Subject) => void;

const rules: readonly Rule[] = [
  needsImage,
  needsOneDockerfile,
  needsPlatform,
  needsContexts,
  needsNetworks,
  needsHealthTest,
  needsDependencies,
  needsVolumes,
  needsFileObjects,
  needsOneScale,
  needsOneLimit,
  needsUniqueName,
  needsWatchTarget,
];

export function checkConsistency(enabled: Enabled): void {
  const services = findMap(enabled.model, 'services');
  for (const [name, service] of services?.entries ?? []) {
    if (enabled.disabled.has(name) || !isMap(service)) continue;
    for (const rule of rules) rule({ ...enabled, name, service });
  }
  checkExternalVolumes(enabled.model);
  checkFileObjects(enabled.model, 'secrets', ['file', 'environment']);
  checkFileObjects(enabled.model, 'configs', ['file', 'environment', 'content']);
  if (services) requireNoCycle(services, enabled.disabled);
}

function needsImage({ name, service }: Subject): void {
  if (find(service, 'build') || findText(service, 'image')) return;
  throw problemAt(service.place, `service "${name}" has neither an image nor a build`, 'Give it image: or build:.');
}

function needsOneDockerfile({ name, service }: Subject): void {
  const inline = find(service, 'build', 'dockerfile_inline');
  if (!inline || !find(service, 'build', 'dockerfile')) return;
  throw problemAt(inline.place, `service "${name}" has dockerfile and dockerfile_inline`, 'Keep one of them.');
}

function needsPlatform({ name, service }: Subject): void {
  const platform = find(service, 'platform');
  const platforms = find(service, 'build', 'platforms');
  if (!isText(platform) || !platforms) return;
  if (itemsOf(platforms).some((one) => toText(one) === platform.value)) return;
  throw problemAt(
    platform.place,
    `service "${name}" runs on ${platform.value}, which its build.platforms do not have`,
    'Add it to build.platforms.',
  );
}

function needsContexts({ name, service, model }: Subject): void {
  for (const [key, context] of entriesOf(find(service, 'build', 'additional_contexts'))) {
    const target =
      isText(context) && context.value.startsWith('service:') ? context.value.slice('service:'.length) : undefined;
    if (target === undefined || find(model, 'services', target)) continue;
    throw problemAt(
      context.place,
      `service "${name}" builds with context "${key}" of service "${target}", which is not in the compose file`,
      'Add that service, or correct the name.',
    );
  }
}

function needsNetworks({ name, service, model }: Subject): void {
  const mode = find(service, 'network_mode');
  const networks = findMap(service, 'networks');
  if (mode && networks && networks.entries.size > 0) {
    throw problemAt(mode.place, `service "${name}" has network_mode and networks`, 'Keep one of them.');
  }
  for (const network of networks?.entries.keys() ?? []) {
    if (!networks || find(model, 'networks', network)) continue;
    throw problemAt(
      placeOfKey(networks, network),
      `service "${name}" joins network "${network}", which is not declared`,
      `Add ${network} under networks:, or correct the name.`,
    );
  }
}

function needsHealthTest({ name, service }: Subject): void {
  const [first] = itemsOf(find(service, 'healthcheck', 'test'));
  if (!first || ['CMD', 'CMD-SHELL', 'NONE'].includes(toText(first) ?? '')) return;
  throw problemAt(
    first.place,
    `the health check of service "${name}" begins with "${toText(first)}"`,
    'Begin it with CMD, CMD-SHELL or NONE, or write it as one text.',
  );
}

function needsDependencies({ name, service, model, disabled }: Subject): void {
  for (const [target, how] of entriesOf(find(service, 'depends_on'))) {
    const isRequired = find(how, 'required');
    const isOptional = isRequired?.kind === 'scalar' && isRequired.value === false;
    const isThere = find(model, 'services', target) !== undefined;
    if (isThere && (!disabled.has(target) || isOptional)) continue;
    const why = isThere
      ? 'whose profile is not on; turn it on, or say required: false'
      : 'which is not in the compose file; add it or remove the dependency';
    throw problemAt(
      how.place,
      `service "${name}" depends on "${target}", ${why}`,
      'Correct the compose file at this place.',
    );
  }
}

function needsVolumes({ name, service, model }: Subject): void {
  for (const mount of itemsOf(find(service, 'volumes'))) {
    const source = find(mount, 'source');
    if (findText(mount, 'type') !== 'volume' || !isText(source) || source.value === '') continue;
    if (find(model, 'volumes', source.value)) continue;
    throw problemAt(
      source.place,
      `service "${name}" mounts volume "${source.value}", which is not declared`,
      `Add ${source.value} under volumes:, or begin a path with ./`,
    );
  }
}

function needsFileObjects({ name, service, model }: Subject): void {
  const references = [
    ['secrets', find(service, 'secrets')],
    ['secrets', find(service, 'build', 'secrets')],
    ['configs', find(service, 'configs')],
  ] as const;
  for (const [section, list] of references) {
    for (const item of itemsOf(list)) {
      const source = findText(item, 'source') ?? '';
      if (find(model, section, source)) continue;
      const what = section === 'secrets' ? 'secret' : 'config';
      throw problemAt(
        item.place,
        `service "${name}" uses ${what} "${source}", which is not declared`,
        `Add ${source} under ${section}:, or correct the name.`,
      );
    }
  }
}

function needsOneScale({ name, service }: Subject): void {
  const scale = find(service, 'scale');
  const replicas = find(service, 'deploy', 'replicas');
  if (!scale || !replicas || Number(toText(scale)) === Number(toText(replicas))) return;
  throw problemAt(scale.place, `service "${name}" has another scale than deploy.replicas`, 'Keep one of them.');
}

const limits = [
  ['cpus', 'limits', 'cpus'],
  ['mem_limit', 'limits', 'memory'],
  ['pids_limit', 'limits', 'pids'],
  ['mem_reservation', 'reservations', 'memory'],
] as const;

function needsOneLimit({ name, service }: Subject): void {
  for (const [own, group, key] of limits) {
    const limit = find(service, own);
    const resources = find(service, 'deploy', 'resources', group);
    if (!limit || !resources || toAmount(limit) === 0) continue;
    if (toAmount(limit) === toAmount(find(resources, key))) continue;
    throw problemAt(
      limit.place,
      `service "${name}" has ${own}, and deploy.resources.${group} says otherwise`,
      `Say it in deploy.resources.${group}.${key} only.`,
    );
  }
}

function toAmount(node: Node | undefined): number {
  if (node === undefined) return 0;
  const text = toText(node) ?? '';
  return Number(isText(node) ? (parseBytes(text) ?? text) : text);
}

function needsUniqueName({ name, service }: Subject): void {
  const given = find(service, 'container_name');
  const count = Number(toText(find(service, 'scale') ?? find(service, 'deploy', 'replicas')) ?? 1);
  if (!given || count <= 1) return;
  throw problemAt(
    given.place,
    `service "${name}" has a container_name and ${count} containers`,
    'Remove container_name: names are unique on an engine.',
  );
}

function needsWatchTarget({ name, service }: Subject): void {
  for (const item of itemsOf(find(service, 'develop', 'watch'))) {
    if (findText(item, 'action') === 'rebuild' || findText(item, 'target')) continue;
    const action = findText(item, 'action');
    if (action === 'restart') continue;
    throw problemAt(item.place, `develop.watch of service "${name}" has no target`, 'Say where files are put.');
  }
}

/** What somebody else made is not described here. */
function checkExternalVolumes(model: MapNode): void {
  for (const [name, volume] of entriesOf(find(model, 'volumes'))) {
    const external = find(volume, 'external');
    if (!isMap(volume) || external?.kind !== 'scalar' || external.value !== true) continue;
    const odd = [...volume.entries.keys()].find((key) => key !== 'name' && key !== 'external' && !key.startsWith('x-'));
    if (odd === undefined) continue;
    throw problemAt(placeOfKey(volume, odd), `volumes.${name} is external and has ${odd}`, 'Keep one of them.');
  }
}

function checkFileObjects(model: MapNode, section: string, keys: readonly string[]): void {
  for (const [name, node] of entriesOf(find(model, section))) {
    if (!isMap(node)) continue;
    const said = keys.filter((key) => node.entries.has(key));
    if (said.length > 1) {
      throw problemAt(node.place, `${section}.${name} has ${said.join(' and ')}`, 'Keep one of them.');
    }
    if (said.length === 1 || node.entries.has('external')) continue;
    throw problemAt(node.place, `${section}.${name} has no source`, `Give it one of ${keys.join(', ')}.`);
  }
}

function requireNoCycle(services: MapNode, disabled: ReadonlySet<string>): void {
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[], at: Node): void => {
    const start = path.indexOf(name);
    if (start !== -1) {
      const cycle = [...path.slice(start), name].join(' → ');
      throw problemAt(at.place, `services wait for each other: ${cycle}`, 'Remove one of these dependencies.');
    }
    if (done.has(name)) return;
    for (const [target, how] of entriesOf(find(services, name, 'depends_on'))) walk(target, [...path, name], how);
    done.add(name);
  };
  for (const [name, service] of services.entries) if (!disabled.has(name)) walk(name, [], service);
}
