// Pass: what every project has without saying it: the default network, names on the engine, dependencies that follow
// from other keys, build defaults, variables taken from outside. Pure.
import type { Lookup } from './interpolate.ts';
import {
  entriesOf,
  find,
  findMap,
  findText,
  isList,
  isMap,
  isNull,
  isText,
  itemsOf,
  type MapNode,
  mapEntries,
  type Node,
  toFields,
  toMap,
  toScalar,
  withEntries,
  withEntry,
} from './node.ts';
import { toCleanTarget } from './schema/volumes.ts';

export interface NormaliseContext {
  readonly name: string;
  readonly lookup: Lookup;
  /** Where a build without a context starts. */
  readonly folder: string;
}

export function normalise(model: MapNode, context: NormaliseContext): MapNode {
  const services = findMap(model, 'services') ?? toMap([], model.place);
  const normal = mapEntries(services, (service) => (isMap(service) ? toNormalService(service, context) : service));
  let whole = withEntry(model, 'services', normal);
  whole = withDefaultNetwork(whole, normal);
  for (const section of ['networks', 'volumes', 'secrets', 'configs']) {
    const named = findMap(whole, section);
    if (!named) continue;
    const more = section === 'networks' ? withIpam : (node: MapNode) => node;
    const toFull = (node: Node, key: string) => more(toNamed(node, key, context.name));
    whole = withEntry(whole, section, mapEntries(named, toFull));
  }
  return withEntry(whole, 'name', toScalar(context.name, model.place));
}

type ServicePass = (service: MapNode, context: NormaliseContext) => MapNode;

const passes: readonly ServicePass[] = [
  withNetworks,
  withPullPolicy,
  withBuild,
  withCleanTargets,
  withVariables,
  withImpliedDependencies,
];

function toNormalService(service: MapNode, context: NormaliseContext): MapNode {
  return passes.reduce((normal, pass) => pass(normal, context), service);
}

/** A service that names neither networks nor a mode joins the default network. */
function withNetworks(service: MapNode): MapNode {
  const networks = findMap(service, 'networks');
  if (service.entries.has('network_mode') || (networks && networks.entries.size > 0)) return service;
  return withEntry(service, 'networks', toMap([['default', toScalar(null, service.place)]], service.place));
}

function withPullPolicy(service: MapNode): MapNode {
  const policy = find(service, 'pull_policy');
  return isText(policy) && policy.value === 'if_not_present'
    ? withEntry(service, 'pull_policy', toScalar('missing', policy.place))
    : service;
}

function withBuild(service: MapNode, { lookup, folder }: NormaliseContext): MapNode {
  const build = findMap(service, 'build');
  if (!build) return service;
  const entries = new Map(build.entries);
  if (!entries.has('context')) entries.set('context', toScalar(folder, build.place));
  if (!entries.has('dockerfile') && !entries.has('dockerfile_inline')) {
    entries.set('dockerfile', toScalar('Dockerfile', build.place));
  }
  const args = entries.get('args');
  // An argument without a value that is not set outside is not given at all.
  if (isMap(args)) entries.set('args', resolveNulls(args, lookup, false));
  return withEntry(service, 'build', withEntries(build, entries));
}

function withCleanTargets(service: MapNode): MapNode {
  const volumes = find(service, 'volumes');
  if (!isList(volumes)) return service;
  const items = volumes.items.map((item) => {
    const target = find(item, 'target');
    if (!isMap(item) || !isText(target)) return item;
    return withEntry(item, 'target', toScalar(toCleanTarget(target.value), target.place));
  });
  return withEntry(service, 'volumes', { ...volumes, items });
}

/** `environment: [TOKEN]` takes its value from outside, and stays without one when there is none. */
function withVariables(service: MapNode, { lookup }: NormaliseContext): MapNode {
  const environment = findMap(service, 'environment');
  return environment ? withEntry(service, 'environment', resolveNulls(environment, lookup, true)) : service;
}

function resolveNulls(map: MapNode, lookup: Lookup, keepsUnset: boolean): MapNode {
  const entries: [string, Node][] = [];
  for (const [key, node] of map.entries) {
    const value = isNull(node) ? lookup(key) : undefined;
    if (value !== undefined) entries.push([key, toScalar(value, node.place)]);
    else if (!isNull(node) || keepsUnset) entries.push([key, node]);
  }
  return withEntries(map, entries);
}

const namespaces = ['network_mode', 'ipc', 'pid', 'uts', 'cgroup'];

/** Links, shared namespaces and `volumes_from` are dependencies too. */
function withImpliedDependencies(service: MapNode): MapNode {
  const known = new Map(entriesOf(find(service, 'depends_on')));
  const add = (name: string, restart: boolean, at: Node) => {
    if (known.has(name)) return;
    known.set(name, toFields({ condition: 'service_started', restart, required: true }, at.place));
  };
  for (const link of itemsOf(find(service, 'links'))) {
    if (isText(link)) add(link.value.split(':', 1)[0] ?? '', true, link);
  }
  for (const key of namespaces) {
    const shared = find(service, key);
    if (isText(shared) && shared.value.startsWith('service:')) add(shared.value.slice('service:'.length), true, shared);
  }
  for (const volume of itemsOf(find(service, 'volumes_from'))) {
    if (isText(volume) && !volume.value.startsWith('container:'))
      add(volume.value.split(':', 1)[0] ?? '', false, volume);
  }
  if (known.size === 0) return service;
  return withEntry(service, 'depends_on', toMap(known, find(service, 'depends_on')?.place ?? service.place));
}

function withDefaultNetwork(model: MapNode, services: MapNode): MapNode {
  const isUsed = [...services.entries.values()].some((service) => find(service, 'networks', 'default') !== undefined);
  const networks = findMap(model, 'networks') ?? toMap([], model.place);
  if (!isUsed || networks.entries.has('default')) return model;
  return withEntry(model, 'networks', withEntry(networks, 'default', toMap([], model.place)));
}

function withIpam(network: MapNode): MapNode {
  return network.entries.has('ipam') ? network : withEntry(network, 'ipam', toMap([], network.place));
}

/** `PROJECT_KEY`, unless the file names it or it is somebody else's. */
function toNamed(node: Node, key: string, project: string): MapNode {
  const map = isMap(node) ? node : toMap([], node.place);
  if (findText(map, 'name')) return map;
  const external = find(map, 'external');
  const isExternal = external?.kind === 'scalar' && /^(true|1|t)$/i.test(String(external.value));
  return withEntry(map, 'name', toScalar(isExternal ? key : `${project}_${key}`, map.place));
}
