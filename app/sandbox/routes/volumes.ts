import { z } from 'zod';
import { EngineError } from '../http/engineError.ts';
import { matchesName, parseFilters, passesAny, passesLabels } from '../http/filters.ts';
import { parseBody } from '../http/parseBody.ts';
import { type EngineRequest, empty, json, type Reply } from '../http/reply.ts';
import type { EngineRoute } from '../http/routeTable.ts';
import { findUsers, type Volume } from '../volumes/volumes.ts';
import type { EngineParts } from './engineParts.ts';

const LIST_FILTERS = ['dangling', 'driver', 'label', 'name'];
const PRUNE_FILTERS = ['label', 'all'];

const createBody = z.looseObject({
  Name: z.string().nullish(),
  Driver: z.string().nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  DriverOpts: z.record(z.string(), z.string()).nullish(),
});

export function volumeRoutes(engine: EngineParts): EngineRoute[] {
  const { containers, volumes } = engine;
  const get = ({ params }: EngineRequest) => volumes.get(params.name ?? '');
  return [
    { method: 'GET', path: '/volumes', handle: (request) => listVolumes(engine, request) },
    { method: 'POST', path: '/volumes/create', handle: (request) => create(engine, request) },
    { method: 'POST', path: '/volumes/prune', handle: (request) => prune(engine, request) },
    { method: 'GET', path: '/volumes/:name', handle: (request) => json(toVolumeView(get(request))) },
    {
      method: 'DELETE',
      path: '/volumes/:name',
      handle: (request) => {
        volumes.remove(get(request), containers.list());
        return empty(204);
      },
    },
  ];
}

export function toVolumeView({ name, createdAt, labels, options, folder }: Volume) {
  return {
    CreatedAt: new Date(createdAt).toISOString(),
    Driver: 'local',
    Labels: labels,
    Mountpoint: folder,
    Name: name,
    Options: options,
    Scope: 'local',
  };
}

function listVolumes({ containers, volumes }: EngineParts, { query }: EngineRequest): Reply {
  const filters = parseFilters(query.get('filters'), LIST_FILTERS);
  const isDangling = (volume: Volume) => findUsers(volume, containers.list()).length === 0;
  const found = volumes
    .list()
    .filter(
      (volume) =>
        passesLabels(filters, volume.labels) &&
        passesAny(filters, 'name', (wanted) => matchesName(volume.name, wanted)) &&
        passesAny(filters, 'driver', (wanted) => wanted === 'local') &&
        passesAny(filters, 'dangling', (wanted) => ['true', '1'].includes(wanted) === isDangling(volume)),
    );
  return json({ Volumes: found.map(toVolumeView), Warnings: null });
}

async function create({ volumes }: EngineParts, request: EngineRequest): Promise<Reply> {
  const body = parseBody(createBody, (await request.json()) ?? {}, 'volume');
  const driver = body.Driver || 'local';
  if (driver !== 'local') {
    throw new EngineError(
      404,
      `create ${body.Name ?? ''}: error looking up volume plugin ${driver}: plugin "${driver}" not found`,
    );
  }
  return json(
    toVolumeView(volumes.ensure(body.Name ?? '', { labels: body.Labels ?? {}, options: toOptions(body.DriverOpts) })),
    201,
  );
}

/** Docker says null where there are none. */
const toOptions = (given: Record<string, string> | null | undefined) =>
  given && Object.keys(given).length > 0 ? given : null;

/** From API 1.42 on, Docker prunes the volumes without a name unless all are asked for. */
function prune({ containers, events, volumes }: EngineParts, { query }: EngineRequest): Reply {
  const filters = parseFilters(query.get('filters'), PRUNE_FILTERS);
  const all = (filters.get('all') ?? []).some((value) => ['true', '1'].includes(value));
  const unused = volumes
    .list()
    .filter((volume) => (all || volume.nameless) && passesLabels(filters, volume.labels))
    .filter((volume) => findUsers(volume, containers.list()).length === 0);
  for (const volume of unused) volumes.remove(volume, []);
  events.emit('volume', 'prune', { ID: '', Attributes: { reclaimed: '0' } });
  return json({ VolumesDeleted: unused.map(({ name }) => name), SpaceReclaimed: 0 });
}
