import { discardOutput, runSession } from '../exec/execSession.ts';
import { parseExecSpec, parseExecStart } from '../exec/execSpec.ts';
import type { Exec } from '../exec/execs.ts';
import { EngineError } from '../http/engineError.ts';
import { type EngineRequest, empty, findWhole, json, type Reply, toStreamType } from '../http/reply.ts';
import type { EngineRoute } from '../http/routeTable.ts';
import type { EngineParts } from './engineParts.ts';

export function execRoutes(engine: EngineParts): EngineRoute[] {
  const { containers, execs } = engine;
  const get = ({ params }: EngineRequest) => execs.get(params.id ?? '');
  return [
    {
      method: 'POST',
      path: '/containers/:id/exec',
      handle: async (request) => {
        const container = containers.get(request.params.id ?? '');
        return json({ Id: execs.create(container, parseExecSpec(await request.json())).id }, 201);
      },
    },
    { method: 'POST', path: '/exec/:id/start', handle: (request) => start(engine, get(request), request) },
    { method: 'GET', path: '/exec/:id/json', handle: (request) => json(toInspection(get(request))) },
    { method: 'POST', path: '/exec/:id/resize', handle: (request) => resize(get(request), request) },
  ];
}

async function start({ execs }: EngineParts, exec: Exec, request: EngineRequest): Promise<Reply> {
  const { detach, tty } = parseExecStart(await request.json());
  const started = await execs.start(exec);
  if (detach) {
    discardOutput(started);
    return empty(200);
  }
  return {
    kind: 'hijack',
    contentType: toStreamType(tty),
    run: (connection) => runSession({ spec: exec.spec, started, raw: tty }, connection),
  };
}

/** Without a terminal there is no size that could change; clients that ask for it must not fail. */
function resize(exec: Exec, { query }: EngineRequest): Reply {
  requireSize(query);
  if (exec.state !== 'running') throw new EngineError(409, `exec ${exec.id} is not running`);
  if (exec.spec.tty) exec.process?.resize(findWhole(query, 'h') ?? 0, findWhole(query, 'w') ?? 0);
  return empty(200);
}

/** Throws EngineError 400 for what is not a size. */
export function requireSize(query: URLSearchParams): void {
  for (const name of ['h', 'w']) {
    if (findWhole(query, name) === undefined) throw new EngineError(400, `invalid size: ${name} must be a number`);
  }
}

function toInspection({ id, container, spec, state, exitCode, pid }: Exec) {
  const [entrypoint = '', ...args] = spec.command;
  return {
    ID: id,
    Running: state === 'running',
    ExitCode: exitCode,
    ProcessConfig: { tty: spec.tty, entrypoint, arguments: args, privileged: spec.privileged, user: spec.user },
    OpenStdin: spec.stdin,
    OpenStderr: spec.stderr,
    OpenStdout: spec.stdout,
    CanRemove: false,
    ContainerID: container.id,
    DetachKeys: '',
    Pid: pid,
  };
}
