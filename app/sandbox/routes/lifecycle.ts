// Commands that change what a container does, and the wait for its end.
import type { Container } from '../containers/container.ts';
import { parseSignal } from '../containers/containerProcess.ts';
import type { WaitCondition } from '../containers/exits.ts';
import type { StopOptions } from '../containers/lifecycle.ts';
import { EngineError } from '../http/engineError.ts';
import { type EngineRequest, empty, findWhole, isSet, type Reply, stream } from '../http/reply.ts';
import type { EngineRoute } from '../http/routeTable.ts';
import type { EngineParts } from './engineParts.ts';

export function lifecycleRoutes(engine: EngineParts): EngineRoute[] {
  const { containers, lifecycle } = engine;
  type Handler = (container: Container, request: EngineRequest) => Reply | Promise<Reply>;
  const on = (name: string, handle: Handler): EngineRoute => ({
    method: 'POST',
    path: `/containers/:id/${name}`,
    handle: (request) => handle(containers.get(request.params.id ?? ''), request),
  });
  return [
    on('start', async (container) => empty((await lifecycle.start(container)) ? 204 : 304)),
    on('stop', async (container, { query }) =>
      empty((await lifecycle.stop(container, toEnd(container, query))) ? 204 : 304),
    ),
    on('restart', async (container, { query }) => {
      await lifecycle.restart(container, toEnd(container, query));
      return empty(204);
    }),
    on('kill', async (container, { query }) => {
      await lifecycle.kill(container, parseSignal(query.get('signal') || 'SIGKILL'));
      return empty(204);
    }),
    on('pause', async (container) => {
      await lifecycle.pause(container);
      return empty(204);
    }),
    on('unpause', async (container) => {
      await lifecycle.unpause(container);
      return empty(204);
    }),
    on('wait', (container, { query }) => wait(engine, container, query)),
    {
      method: 'DELETE',
      path: '/containers/:id',
      handle: async ({ params, query }) => {
        const options = { force: isSet(query, 'force'), volumes: isSet(query, 'v') };
        await lifecycle.remove(containers.get(params.id ?? ''), options);
        return empty(204);
      },
    },
  ];
}

function toEnd(container: Container, query: URLSearchParams): StopOptions {
  const given = findWhole(query, 't') ?? container.spec.stopTimeoutSeconds;
  // Docker waits without end for -1; here an hour is without end.
  const seconds = given < 0 ? 3_600 : Math.min(given, 3_600);
  return { seconds, signal: parseSignal(query.get('signal') || container.spec.stopSignal) };
}

/** The headers come at once, so that a client knows that it waits before it starts the container. */
function wait({ exits }: EngineParts, container: Container, query: URLSearchParams): Reply {
  const condition = parseCondition(query.get('condition'));
  return stream({ 'Content-Type': 'application/json' }, async (response, signal) => {
    const exitCode = await exits.wait(container, condition, signal);
    if (exitCode !== undefined) response.write(`${JSON.stringify({ StatusCode: exitCode })}\n`);
  });
}

const CONDITIONS: readonly string[] = ['not-running', 'next-exit', 'removed'];

function parseCondition(text: string | null): WaitCondition {
  const wanted = text || 'not-running';
  if (!CONDITIONS.includes(wanted))
    throw new EngineError(400, `invalid condition: ${JSON.stringify(wanted.slice(0, 40))}`);
  return wanted as WaitCondition;
}
