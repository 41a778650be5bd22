import { GatehouseError, type HandlersOf, type LogFilter, type Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import type { History } from '../history/history.ts';
import { findKeptLog, listKeptLogs } from '../history/keptLogs.ts';
import { batchBytes, followLogs, type LogPlace, listMeant } from './followLogs.ts';
import { fileLimits, toFilePieces } from './logFile.ts';
import { type LogSource, toContainerSource, toKeptSource } from './logSource.ts';
import type { LineLimits } from './newestLines.ts';
import { readNewer, readOlder } from './readPast.ts';
import { createSelection } from './selectLines.ts';
import { shiftStamp, stampOf } from './stamps.ts';

export interface LogsHandlerDeps {
  environments: Environments;
  history: History;
  now: () => number;
}

export function createLogsHandlers({ environments, history, now }: LogsHandlerDeps): HandlersOf<Operations['logs']> {
  const placeOf = ({ stack, openEngine }: LiveEnvironment, environment: string): LogPlace => ({
    openEngine,
    observed: stack.observed,
    connection: stack.connection,
    findKept: (filter) => findKept(history, environments.placeOf(environment), filter),
    now,
  });
  return {
    follow: ({ environment, filter, tail, follow }, { signal }) =>
      environments.stream(environment, signal, (live) => {
        requireServices(live, filter);
        return followLogs({ ...placeOf(live, environment), filter, tail, follow, signal });
      }),
    page: ({ environment, filter, direction, cursor, limit }, { signal }) =>
      environments.use(environment, signal, async (live) => {
        requireServices(live, filter);
        const from = filter.from === null ? null : stampOf(filter.from);
        const to = filter.to === null ? null : stampOf(filter.to + 1);
        const limits = { lines: limit, bytes: batchBytes };
        if (direction === 'older')
          return readPlace(placeOf(live, environment), { filter, limits, from, before: cursor ?? to, signal });
        const after = cursor === null ? from : shiftStamp(cursor, 1);
        const question = { filter, limits, from: after, before: to, signal, isForward: true };
        return readPlace(placeOf(live, environment), question);
      }),
    download: ({ environment, filter, format }, { signal }) =>
      environments.stream(environment, signal, async function* (live) {
        requireServices(live, filter);
        const from = filter.from === null ? null : stampOf(filter.from);
        const before = filter.to === null ? null : stampOf(filter.to + 1);
        const question = { filter, limits: fileLimits, from, before, signal };
        const { lines, reach } = await readPlace(placeOf(live, environment), question);
        const bound = reach.cursor === null ? null : 'a file holds at most 50,000 lines and 16 MiB, the newest of them';
        yield* toFilePieces(lines, format, reach.endedBy ?? bound);
      }),
  };
}

interface PlaceQuestion {
  filter: LogFilter;
  limits: LineLimits;
  from: string | null;
  before: string | null;
  signal: AbortSignal;
  isForward?: boolean;
}

async function readPlace(place: LogPlace, { filter, signal, isForward = false, ...rest }: PlaceQuestion) {
  const selection = createSelection(filter);
  const { state, problem } = place.connection.current;
  if (state === 'lost' && problem) throw new GatehouseError(problem);
  const engine = place.openEngine();
  try {
    const observed = place.observed.current;
    const containers = observed ? listMeant(observed, filter) : [];
    const sources = [...containers.map((one) => toContainerSource(engine, one)), ...place.findKept(filter)];
    const read = isForward ? readNewer : readOlder;
    return await read({ ...rest, sources, selection }, signal);
  } finally {
    engine.close();
  }
}

/** Each holds a megabyte at most. */
const keptLimit = 8;

/** The newest of the chosen services. Without a history there are none, which is said elsewhere. */
function findKept(history: History, place: string, { services, container }: LogFilter): LogSource[] {
  try {
    return listKeptLogs(history, place, null)
      .filter((log) => services.length === 0 || services.includes(log.service))
      .filter((log) => container === null || container === log.container)
      .slice(0, keptLimit)
      .map(({ id, service, container: name }) =>
        toKeptSource({ service, container: name }, () => findKeptLog(history, place, id)),
      );
  } catch {
    return [];
  }
}

/** While the engine has not answered yet nothing is known, and the log waits with it. */
function requireServices({ topology, stack }: LiveEnvironment, { services }: LogFilter): void {
  if (!stack.observed.current || services.length === 0) return;
  const known = new Set(topology.current?.services.map(({ name }) => name));
  const unknown = services.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new GatehouseError({
    code: 'service-unknown',
    message: `The project has no service "${unknown.slice(0, 64)}".`,
    remedy: 'Choose one from the list of services.',
  });
}
