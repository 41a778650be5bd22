import type { Container } from '../containers/container.ts';
import { parseSignal } from '../containers/containerProcess.ts';
import { createContainer, parseName } from '../containers/create.ts';
import { emitContainer, type StopOptions } from '../containers/lifecycle.ts';
import { parseSpec } from '../containers/spec.ts';
import { toInspection, toListItem } from '../containers/view.ts';
import { EngineError } from '../http/engineError.ts';
import { type Filters, matchesName, parseFilters, passesAny, passesLabels } from '../http/filters.ts';
import { type EngineRequest, empty, findWhole, isSet, json, type Reply, stream } from '../http/reply.ts';
import type { EngineRoute } from '../http/routeTable.ts';
import { parseLogQuery, writeLog } from '../streams/logStream.ts';
import type { EngineParts } from './engineParts.ts';

const LIST_FILTERS = ['label', 'name', 'status', 'id', 'network', 'health'];

export function containerRoutes(engine: EngineParts): EngineRoute[] {
  const get = ({ params }: EngineRequest) => engine.containers.get(params.id ?? '');
  return [
    { method: 'GET', path: '/containers/json', handle: (request) => listContainers(engine, request) },
    { method: 'POST', path: '/containers/create', handle: (request) => create(engine, request) },
    { method: 'GET', path: '/containers/:id/json', handle: (request) => json(toInspection(get(request))) },
    { method: 'GET', path: '/containers/:id/logs', handle: (request) => logs(get(request), request) },
    { method: 'POST', path: '/containers/:id/start', handle: (request) => start(engine, get(request)) },
    { method: 'POST', path: '/containers/:id/stop', handle: (request) => stop(engine, get(request), request) },
    { method: 'POST', path: '/containers/:id/restart', handle: (request) => restart(engine, get(request), request) },
    { method: 'POST', path: '/containers/:id/kill', handle: (request) => kill(engine, get(request), request) },
    { method: 'DELETE', path: '/containers/:id', handle: (request) => remove(engine, get(request), request) },
  ];
}

async function start({ lifecycle }: EngineParts, container: Container): Promise<Reply> {
  return empty((await lifecycle.start(container)) ? 204 : 304);
}

async function stop({ lifecycle }: EngineParts, container: Container, { query }: EngineRequest): Promise<Reply> {
  return empty((await lifecycle.stop(container, toEnd(container, query))) ? 204 : 304);
}

async function restart({ lifecycle }: EngineParts, container: Container, { query }: EngineRequest): Promise<Reply> {
  await lifecycle.restart(container, toEnd(container, query));
  return empty(204);
}

async function kill({ lifecycle }: EngineParts, container: Container, { query }: EngineRequest): Promise<Reply> {
  await lifecycle.kill(container, parseSignal(query.get('signal') || 'SIGKILL'));
  return empty(204);
}

async function remove({ lifecycle }: EngineParts, container: Container, { query }: EngineRequest): Promise<Reply> {
  await lifecycle.remove(container, isSet(query, 'force'));
  return empty(204);
}

const STOP_LIMIT_SECONDS = 3_600;

function toEnd(container: Container, query: URLSearchParams): StopOptions {
  const asked = findWhole(query, 't') ?? container.spec.stopTimeoutSeconds;
  // A negative time means "as long as it takes"; here that is an hour.
  const seconds = asked < 0 ? STOP_LIMIT_SECONDS : Math.min(asked, STOP_LIMIT_SECONDS);
  return { seconds, signal: parseSignal(query.get('signal') || container.spec.stopSignal) };
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

function listContainers({ containers }: EngineParts, { query }: EngineRequest): Reply {
  const filters = parseFilters(query.get('filters'), LIST_FILTERS);
  const limit = findWhole(query, 'limit') ?? 0;
  // As in Docker: a status that is asked for, or a limit, brings the stopped ones too.
  const all = isSet(query, 'all') || filters.has('status') || limit > 0;
  const found = containers
    .list()
    .filter((container) => (all || container.state.status === 'running') && passes(filters, container))
    // The newest first; those of one millisecond in reverse order of creation.
    .reverse();
  const shown = limit > 0 ? found.slice(0, limit) : found;
  return json(shown.map((container) => toListItem(container, Date.now())));
}

function passes(filters: Filters, container: Container): boolean {
  const networks = [...container.endpoints.values()];
  const health = container.health?.status ?? 'none';
  return (
    passesLabels(filters, container.labels) &&
    passesAny(filters, 'name', (wanted) => matchesName(container.name, wanted)) &&
    passesAny(filters, 'id', (wanted) => container.id.startsWith(wanted)) &&
    passesAny(filters, 'status', (wanted) => container.state.status === wanted) &&
    passesAny(filters, 'health', (wanted) => health === wanted) &&
    passesAny(filters, 'network', (wanted) =>
      networks.some((one) => one.networkName === wanted || one.networkId === wanted),
    )
  );
}

function logs(container: Container, { query }: EngineRequest): Reply {
  const wanted = parseLogQuery(query);
  const raw = container.spec.tty;
  const type = raw ? 'application/vnd.docker.raw-stream' : 'application/vnd.docker.multiplexed-stream';
  const isRunning = () => container.state.status === 'running';
  return stream({ 'Content-Type': type }, (response, signal) =>
    writeLog(container.log, wanted, { response, signal, raw, isRunning }),
  );
}
