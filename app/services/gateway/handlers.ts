import type { CallContext, HandlersOf, Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import { follow } from '../stream/liveValue.ts';
import { readConfigSchema } from './adminCalls.ts';
import { type GatewaySource, reached } from './gatewaySource.ts';
import { applyConfig, compareConfig, rollBack, tryConfig, viewConfig, viewHistory, viewKept } from './operateConfig.ts';
import { clearBreaker, drain, forceBreaker, giveBurst, viewLimits, viewUpstreams } from './operateUpstreams.ts';
import { whilePresent } from './whilePresent.ts';

type GatewayHandlers = HandlersOf<Operations['gateway']>;

export function createGatewayHandlers({ environments }: { environments: Environments }): GatewayHandlers {
  const ofGateway =
    <I extends { environment: string }, T>(work: (source: GatewaySource, input: I, call: CallContext) => Promise<T>) =>
    (input: I, call: CallContext) =>
      environments.use(input.environment, call.signal, (live) => work(live.gateway, input, call));
  return {
    about: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => follow(live.gateway.about, signal, { minIntervalMs: 500 })),
    routes: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) =>
        whilePresent(live.gateway, signal, (s) => follow(live.gateway.routes, s, { minIntervalMs: 250 })),
      ),
    breakers: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) =>
        whilePresent(live.gateway, signal, (s) => follow(live.gateway.breakers, s, { minIntervalMs: 250 })),
      ),
    abilities: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => follow(live.abilities, signal)),
    explain: ofGateway((source, { request }) => source.explain(request)),
    upstreams: ofGateway(viewUpstreams),
    config: ofGateway(viewConfig),
    configSchema: ofGateway(async (source) => reached(readConfigSchema(source.firstLive().client))),
    validateConfig: ofGateway((source, { document }) => tryConfig(source, document)),
    diffConfig: ofGateway((source, { document }) => compareConfig(source, document)),
    applyConfig: ofGateway((source, { document, basedOn, reason }, call) =>
      applyConfig(source, document, { basedOn, note: toNote(call, reason) }),
    ),
    history: ofGateway(viewHistory),
    keptConfig: ofGateway((source, { etag }) => viewKept(source, etag)),
    rollback: ofGateway((source, { etag, basedOn, reason }, call) =>
      rollBack(source, etag, { basedOn, note: toNote(call, reason) }),
    ),
    forceBreaker: ofGateway((source, { upstream, replica, state, forMs, reason }) =>
      forceBreaker(source, { upstream, replica }, { state, forMs, reason, now: Date.now() }),
    ),
    resetBreaker: ofGateway((source, { upstream, replica, reason }) =>
      clearBreaker(source, { upstream, replica }, { reason, now: Date.now() }),
    ),
    drain: ofGateway((source, { upstream, replica, forMs, reason }) =>
      drain(source, { upstream, replica }, { forMs, reason }),
    ),
    limits: ofGateway(viewLimits),
    resetLimit: ofGateway((source, { policy, key }) => giveBurst(source, policy, key)),
  };
}

/** Who and why, as the history of the gateway keeps it. */
function toNote({ caller = 'unknown' }: CallContext, reason: string): string {
  return reason === '' ? caller : `${caller}: ${reason}`;
}
