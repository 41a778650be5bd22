import type { z } from 'zod';
import type { HandlersOf, Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import { whilePresent } from '../gateway/whilePresent.ts';
import type { ReplayTokens } from '../secrets/replayTokens.ts';
import { replay } from './replay.ts';

export interface TrafficHandlerDeps {
  environments: Environments;
  tokens: Pick<ReplayTokens, 'get'>;
}

type ReplayInput = z.output<Operations['traffic']['replay']['input']>;

export function createTrafficHandlers({ environments, tokens }: TrafficHandlerDeps): HandlersOf<Operations['traffic']> {
  const send = async (input: ReplayInput, signal: AbortSignal, safeOnly: boolean) => {
    const { environment, id, bearerToken, usesKeptToken } = input;
    const bearer = usesKeptToken ? await tokens.get(environments.placeOf(environment)) : bearerToken;
    return environments.use(environment, signal, (live) => replay(live.gateway, id, { bearer, safeOnly }));
  };
  return {
    watch: ({ environment, backfill }, { signal }) =>
      environments.stream(environment, signal, (live) =>
        whilePresent(live.gateway, signal, (s) => live.traffic.watch(backfill, s)),
      ),
    detail: ({ environment, id }, { signal }) =>
      environments.use(environment, signal, (live) => live.gateway.detail(id)),
    replay: (input, { signal }) => send(input, signal, true),
    replayUnsafe: (input, { signal }) => send(input, signal, false),
  };
}
