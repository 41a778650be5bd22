// What a container says and uses: its log, attached output, figures and processes.
import { extract, findFile, toPathStat } from '../archive/archive.ts';
import { writeTar } from '../archive/tarWriter.ts';
import type { Container } from '../containers/container.ts';
import { emitContainer } from '../containers/emit.ts';
import { isUp } from '../containers/state.ts';
import { EngineError } from '../http/engineError.ts';
import { type EngineRequest, empty, isSet, json, type Reply, stream, toStreamType } from '../http/reply.ts';
import type { EngineRoute } from '../http/routeTable.ts';
import { writeStats } from '../stats/stats.ts';
import { listProcesses } from '../stats/top.ts';
import { parseLogQuery, writeAttached, writeLog } from '../streams/logStream.ts';
import { writeBounded } from '../streams/writeBounded.ts';
import type { EngineParts } from './engineParts.ts';
import { requireSize } from './exec.ts';

export function observeRoutes(engine: EngineParts): EngineRoute[] {
  const get = ({ params }: EngineRequest) => engine.containers.get(params.id ?? '');
  const at = (name: string) => `/containers/:id/${name}`;
  return [
    { method: 'GET', path: at('logs'), handle: (request) => logs(get(request), request) },
    { method: 'POST', path: at('attach'), handle: (request) => attach(engine, get(request), request) },
    { method: 'GET', path: at('stats'), handle: (request) => stats(engine, get(request), request) },
    { method: 'GET', path: at('top'), handle: (request) => top(engine, get(request), request) },
    { method: 'POST', path: at('resize'), handle: (request) => resize(get(request), request) },
    { method: 'GET', path: at('archive'), handle: (request) => readArchive(engine, get(request), request) },
    { method: 'PUT', path: at('archive'), handle: (request) => writeArchive(engine, get(request), request) },
  ];
}

function logs(container: Container, { query }: EngineRequest): Reply {
  const wanted = parseLogQuery(query);
  const raw = container.spec.tty;
  const isRunning = () => isUp(container.state);
  return stream({ 'Content-Type': toStreamType(raw) }, (response, signal) =>
    writeLog(container.log, wanted, { output: response, signal, raw, isLive: isRunning }),
  );
}

/**
 * Output alone, unless its stdin was asked to be open: that of another container's process holds it to the engine and is
 * nobody else's.
 */
function attach({ attachments, events }: EngineParts, container: Container, { query }: EngineRequest): Reply {
  const wanted = { stdout: isSet(query, 'stdout'), stderr: isSet(query, 'stderr') };
  const past = isSet(query, 'logs');
  const follows = isSet(query, 'stream');
  if (!past && !follows) throw new EngineError(400, 'Bad parameters: logs or stream must be asked for');
  if (container.spec.openStdin) {
    emitContainer(events, container, 'attach');
    const contentType = toStreamType(container.spec.tty);
    return { kind: 'hijack', contentType, run: (connection) => attachments.attach(container, connection) };
  }
  const raw = container.spec.tty;
  const { finishedAt } = container.state;
  // One that does not run yet may be about to be started: its next end is the end of this.
  const isLive = () =>
    follows &&
    (isUp(container.state) || container.state.finishedAt === finishedAt) &&
    container.state.status !== 'removing';
  emitContainer(events, container, 'attach');
  const position = past ? 0 : container.log.journal.end;
  return {
    kind: 'hijack',
    contentType: toStreamType(raw),
    run: ({ input, output, signal }) => {
      input?.resume();
      return writeAttached(container.log, wanted, { output, signal, raw, isLive, position });
    },
  };
}

function stats({ execs }: EngineParts, container: Container, { query }: EngineRequest): Reply {
  const wanted = { stream: !query.has('stream') || isSet(query, 'stream'), oneShot: isSet(query, 'one-shot') };
  return stream({ 'Content-Type': 'application/json' }, (response, signal) =>
    writeStats(container, wanted, { response, signal, listPids: () => listPids(execs, container) }),
  );
}

async function top({ events, execs }: EngineParts, container: Container, { query }: EngineRequest): Promise<Reply> {
  if (container.state.pid === 0) throw new EngineError(409, `Container ${container.id} is not running`);
  const table = await listProcesses(listPids(execs, container), query.get('ps_args') ?? '');
  emitContainer(events, container, 'top');
  return json(table);
}

function listPids(execs: EngineParts['execs'], container: Container): number[] {
  const pids = [container.state.pid, ...execs.listRunning(container).map(({ pid }) => pid)];
  return pids.filter((pid) => pid !== 0);
}

function resize(container: Container, { query }: EngineRequest): Reply {
  requireSize(query);
  if (!isUp(container.state)) throw new EngineError(409, `Container ${container.id} is not running`);
  return empty(200);
}

function readArchive({ events }: EngineParts, container: Container, { method, query }: EngineRequest): Reply {
  const file = findFile(container, query.get('path') ?? '');
  const headers = { 'X-Docker-Container-Path-Stat': toPathStat(file) };
  if (method === 'HEAD') return { kind: 'empty', status: 200, headers };
  emitContainer(events, container, 'archive-path');
  return stream({ 'Content-Type': 'application/x-tar', ...headers }, async (response, signal) => {
    for await (const chunk of writeTar(file.hostPath, file.name)) {
      if (signal.aborted) return;
      await writeBounded(response, chunk, signal);
    }
  });
}

async function writeArchive({ events }: EngineParts, container: Container, request: EngineRequest): Promise<Reply> {
  await extract(container, request.query.get('path') ?? '', request.body);
  emitContainer(events, container, 'extract-to-dir');
  return empty(200);
}
