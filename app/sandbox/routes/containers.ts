// What containers there are: listed, looked at, made, renamed, updated, pruned.
import { z } from 'zod';
import { createContainer, parseName } from '../containers/create.ts';
import { emitContainer } from '../containers/emit.ts';
import { findListed, LIST_FILTERS } from '../containers/list.ts';
import { parseRestartPolicy } from '../containers/restartPolicy.ts';
import { parseSpec, restartPolicy } from '../containers/spec.ts';
import { isUp } from '../containers/state.ts';
import { toInspection, toListItem } from '../containers/view.ts';
import { EngineError } from '../http/engineError.ts';
import { parseFilters, passesLabels } from '../http/filters.ts';
import { parseBody } from '../http/parseBody.ts';
import { type EngineRequest, empty, findWhole, isSet, json, type Reply } from '../http/reply.ts';
import type { EngineRoute } from '../http/routeTable.ts';
import type { EngineParts } from './engineParts.ts';

export function containerRoutes(engine: EngineParts): EngineRoute[] {
  return [
    { method: 'GET', path: '/containers/json', handle: (request) => listContainers(engine, request) },
    { method: 'POST', path: '/containers/create', handle: (request) => create(engine, request) },
    { method: 'POST', path: '/containers/prune', handle: (request) => prune(engine, request) },
    { method: 'GET', path: '/containers/:id/json', handle: (request) => inspect(engine, request) },
    { method: 'POST', path: '/containers/:id/rename', handle: (request) => rename(engine, request) },
    { method: 'POST', path: '/containers/:id/update', handle: (request) => update(engine, request) },
  ];
}

const get = ({ containers }: EngineParts, { params }: EngineRequest) => containers.get(params.id ?? '');

function inspect(engine: EngineParts, request: EngineRequest): Reply {
  const container = get(engine, request);
  return json(toInspection(container, engine.execs.listRunning(container)));
}

async function create(engine: EngineParts, request: EngineRequest): Promise<Reply> {
  const { containers } = engine;
  const name = parseName(request.query.get('name'));
  const spec = parseSpec(await request.json());
  refuseTakenName(engine, name);
  const { container, warnings } = await createContainer(name, spec, engine);
  try {
    // Asked again: ports were looked for meanwhile, and another client may have been faster.
    refuseTakenName(engine, name);
    containers.add(container);
  } catch (error) {
    for (const port of container.ports) if (!port.stated) engine.ports.release(port.hostPort);
    throw error;
  }
  emitContainer(engine.events, container, 'create');
  engine.namesChanged();
  return json({ Id: container.id, Warnings: warnings }, 201);
}

function refuseTakenName({ containers }: EngineParts, name: string): void {
  const holder = containers.findByName(name);
  if (holder === undefined) return;
  throw new EngineError(
    409,
    `Conflict. The container name "/${name}" is already in use by container "${holder.id}". ` +
      'You have to remove (or rename) that container to be able to reuse that name.',
  );
}

function rename(engine: EngineParts, request: EngineRequest): Reply {
  const container = get(engine, request);
  const given = request.query.get('name') ?? '';
  if (given.replace(/^\//, '') === '') throw new EngineError(400, 'Neither old nor new names may be empty');
  const name = parseName(given);
  if (name === container.name) {
    throw new EngineError(400, 'Renaming a container with the same name as its current name');
  }
  refuseTakenName(engine, name);
  const oldName = `/${container.name}`;
  container.name = name;
  emitContainer(engine.events, container, 'rename', { oldName });
  engine.namesChanged();
  return empty(204);
}

const updateBody = z.looseObject({ RestartPolicy: restartPolicy });

/** Clients send every field, empty where it is not to change. */
async function update(engine: EngineParts, request: EngineRequest): Promise<Reply> {
  const container = get(engine, request);
  const { RestartPolicy: policy, ...others } = parseBody(updateBody, (await request.json()) ?? {}, 'update');
  const limits = Object.entries(others).filter(([, value]) => !isEmpty(value));
  if (limits.length > 0) {
    const names = limits.map(([name]) => name).join(', ');
    throw new EngineError(
      501,
      `sandbox: ${names.slice(0, 200)}: a process of the sandbox has no limits that could be set`,
    );
  }
  if (policy?.Name) {
    const wanted = parseRestartPolicy(policy);
    if (container.spec.autoRemove && wanted.name !== 'no') {
      throw new EngineError(409, 'Restart policy cannot be updated because AutoRemove is enabled for the container');
    }
    container.restartPolicy = wanted;
  }
  emitContainer(engine.events, container, 'update');
  return json({ Warnings: null });
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === 0 || value === '' || value === false || (Array.isArray(value) && value.length === 0)
  );
}

function listContainers({ containers }: EngineParts, { query }: EngineRequest): Reply {
  const filters = parseFilters(query.get('filters'), LIST_FILTERS);
  const limit = findWhole(query, 'limit') ?? 0;
  // As in Docker: a status that is asked for, or a limit, brings the stopped ones too.
  const all = isSet(query, 'all') || filters.has('status') || filters.has('exited') || limit > 0;
  const found = findListed(containers.list(), filters, all);
  const shown = limit > 0 ? found.slice(0, limit) : found;
  return json(shown.map((container) => toListItem(container, Date.now())));
}

async function prune({ containers, events, lifecycle }: EngineParts, { query }: EngineRequest): Promise<Reply> {
  const filters = parseFilters(query.get('filters'), ['label']);
  const unused = containers.list().filter((one) => !isUp(one.state) && passesLabels(filters, one.labels));
  const deleted: string[] = [];
  for (const container of unused) {
    // One that was started or removed meanwhile is not to be pruned.
    const removed = lifecycle.remove(container, { force: false, volumes: false });
    await removed.then(
      () => deleted.push(container.id),
      () => {},
    );
  }
  events.emit('container', 'prune', { ID: '', Attributes: { reclaimed: '0' } });
  return json({ ContainersDeleted: deleted, SpaceReclaimed: 0 });
}
