import { z } from 'zod';
import type { Container } from '../containers/container.ts';
import { toEndpoint } from '../containers/create.ts';
import { LOOPBACK } from '../containers/ports.ts';
import { isUp } from '../containers/state.ts';
import { EngineError } from '../http/engineError.ts';
import { matchesName, parseFilters, passesAny, passesLabels } from '../http/filters.ts';
import { parseBody } from '../http/parseBody.ts';
import { type EngineRequest, empty, json, type Reply } from '../http/reply.ts';
import type { EngineRoute } from '../http/routeTable.ts';
import { DEFAULT_NETWORK, type Network } from '../networks/networks.ts';
import type { EngineParts } from './engineParts.ts';

const LIST_FILTERS = ['label', 'name', 'id', 'driver'];

const texts = z.record(z.string(), z.string()).nullish();
const createBody = z.looseObject({
  Name: z.string(),
  Driver: z.string().nullish(),
  Internal: z.boolean().nullish(),
  Labels: texts,
  Options: texts,
  Attachable: z.boolean().nullish(),
  EnableIPv6: z.boolean().nullish(),
  IPAM: z.looseObject({ Driver: z.string().nullish(), Config: z.array(z.unknown()).max(20).nullish() }).nullish(),
});
const connectBody = z.looseObject({
  Container: z.string(),
  EndpointConfig: z.looseObject({ Aliases: z.array(z.string()).nullish() }).nullish(),
});

export function networkRoutes(engine: EngineParts): EngineRoute[] {
  const { networks } = engine;
  const get = ({ params }: EngineRequest) => networks.get(params.id ?? '');
  return [
    { method: 'GET', path: '/networks', handle: (request) => listNetworks(engine, request) },
    { method: 'POST', path: '/networks/create', handle: (request) => create(engine, request) },
    { method: 'POST', path: '/networks/prune', handle: (request) => prune(engine, request) },
    { method: 'POST', path: '/networks/:id/connect', handle: (request) => connect(engine, get(request), request) },
    {
      method: 'POST',
      path: '/networks/:id/disconnect',
      handle: (request) => disconnect(engine, get(request), request),
    },
    {
      method: 'GET',
      path: '/networks/:id',
      handle: (request) => json(toView(get(request), membersOf(engine, get(request)))),
    },
    {
      method: 'DELETE',
      path: '/networks/:id',
      handle: (request) => {
        remove(engine, get(request));
        return empty(204);
      },
    },
  ];
}

function remove(engine: EngineParts, network: Network): void {
  const members = membersOf(engine, network);
  if (members.some((container) => isUp(container.state))) {
    throw new EngineError(
      403,
      `error while removing network: network ${network.name} id ${network.id} has active endpoints`,
    );
  }
  engine.networks.remove(network);
  for (const container of members) container.endpoints.delete(network.id);
  emit(engine, network, 'destroy');
}

/** Removes those that no container has, the stopped ones counted too. */
function prune(engine: EngineParts, { query }: EngineRequest): Reply {
  const filters = parseFilters(query.get('filters'), ['label']);
  const unused = engine.networks
    .list()
    .filter(({ name, labels }) => name !== DEFAULT_NETWORK && passesLabels(filters, labels))
    .filter((network) => membersOf(engine, network).length === 0);
  for (const network of unused) remove(engine, network);
  return json({ NetworksDeleted: unused.length === 0 ? null : unused.map(({ name }) => name) });
}

function membersOf({ containers }: EngineParts, network: Network): Container[] {
  return containers.list().filter((container) => container.endpoints.has(network.id));
}

function emit({ events }: EngineParts, network: Network, action: string, more: Record<string, string> = {}): void {
  events.emit('network', action, { ID: network.id, Attributes: { ...more, name: network.name, type: network.driver } });
}

function listNetworks({ networks }: EngineParts, { query }: EngineRequest): Reply {
  const filters = parseFilters(query.get('filters'), LIST_FILTERS);
  const found = networks
    .list()
    .filter(
      (network) =>
        passesLabels(filters, network.labels) &&
        passesAny(filters, 'name', (wanted) => matchesName(network.name, wanted)) &&
        passesAny(filters, 'id', (wanted) => network.id.startsWith(wanted)) &&
        passesAny(filters, 'driver', (wanted) => network.driver === wanted),
    );
  return json(found.map((network) => toView(network, [])));
}

async function create(engine: EngineParts, request: EngineRequest): Promise<Reply> {
  const body = parseBody(createBody, await request.json(), 'network');
  const network = engine.networks.create({
    name: body.Name,
    driver: body.Driver || 'bridge',
    internal: body.Internal ?? false,
    labels: body.Labels ?? {},
    options: body.Options ?? {},
    attachable: body.Attachable ?? false,
    enableIpv6: body.EnableIPv6 ?? false,
    ipam: { driver: body.IPAM?.Driver || 'default', pools: body.IPAM?.Config ?? [] },
  });
  emit(engine, network, 'create');
  const warning = network.internal ? 'the sandbox records "internal" but cannot enforce it' : '';
  return json({ Id: network.id, Warning: warning }, 201);
}

async function connect(engine: EngineParts, network: Network, request: EngineRequest): Promise<Reply> {
  const body = parseBody(connectBody, await request.json(), 'network');
  const container = engine.containers.get(body.Container);
  if (container.endpoints.has(network.id)) {
    throw new EngineError(403, `endpoint with name ${container.name} already exists in network ${network.name}`);
  }
  container.endpoints.set(network.id, toEndpoint(network, body.EndpointConfig?.Aliases ?? []));
  if (isUp(container.state)) emit(engine, network, 'connect', { container: container.id });
  engine.namesChanged();
  return empty(200);
}

async function disconnect(engine: EngineParts, network: Network, request: EngineRequest): Promise<Reply> {
  const body = parseBody(connectBody, await request.json(), 'network');
  const container = engine.containers.get(body.Container);
  if (!container.endpoints.delete(network.id)) {
    throw new EngineError(500, `container ${container.id} is not connected to network ${network.name}`);
  }
  if (isUp(container.state)) emit(engine, network, 'disconnect', { container: container.id });
  engine.namesChanged();
  return empty(200);
}

/** The label is the engine's word on what it can keep: `internal` is recorded here, and separates nothing. */
const NOT_ENFORCED = { 'gatehouse.sandbox.enforced': 'false' };

function toView(network: Network, members: readonly Container[]) {
  const running = members.filter((container) => isUp(container.state));
  return {
    Name: network.name,
    Id: network.id,
    Created: new Date(network.createdAt).toISOString(),
    Scope: 'local',
    Driver: network.driver,
    EnableIPv4: true,
    EnableIPv6: network.enableIpv6,
    IPAM: { Driver: network.ipam.driver, Options: null, Config: network.ipam.pools },
    Internal: network.internal,
    Attachable: network.attachable,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: Object.fromEntries(
      running.map((container) => [
        container.id,
        {
          Name: container.name,
          EndpointID: container.endpoints.get(network.id)?.endpointId ?? '',
          MacAddress: '',
          IPv4Address: `${LOOPBACK}/8`,
          IPv6Address: '',
        },
      ]),
    ),
    Options: network.options,
    Labels: { ...network.labels, ...NOT_ENFORCED },
  };
}
