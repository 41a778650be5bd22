import type { CallContext, Forward, ForwardWay, HandlersOf, Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import { follow } from '../stream/liveValue.ts';
import { createWake } from '../stream/wait.ts';
import type { Forwards, Opener } from './forwards.ts';
import { lookAtPort } from './lookAtPort.ts';

export interface ForwardHandlerDeps {
  environments: Environments;
  forwards: Forwards;
}

type OfForwards = Operations['forwards'];

export function createForwardHandlers({ environments, forwards }: ForwardHandlerDeps): HandlersOf<OfForwards> {
  const toOpener = async (operation: string, input: { environment: string }, call: CallContext): Promise<Opener> => {
    const { environment } = input;
    const { unlockReason } = await environments.inspect(environment, operation, input, call.signal);
    return { caller: call.caller ?? 'unknown', reason: unlockReason, signal: call.signal };
  };
  return {
    watch: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => {
        if (live.frame.current.guard !== 'readOnly') void forwards.sweep(live);
        return follow(forwards.list(environment), signal, { minIntervalMs: 100 });
      }),
    look: ({ environment, service, port }, { signal }): Promise<ForwardWay> =>
      environments.use(environment, signal, (live) => lookAtPort(live, { service, port }, forwards.source)),
    open: async (input, call) => {
      const forward = await forwards.open(input, await toOpener('forwards.open', input, call));
      return forward.snapshot();
    },
    hold: async function* (input, call): AsyncGenerator<Forward> {
      const forward = await forwards.open(input, await toOpener('forwards.hold', input, call));
      const wake = createWake();
      const stop = forwards.list(input.environment).onChange(() => wake.notify());
      try {
        while (!call.signal.aborted) {
          const now = forward.snapshot();
          yield now;
          if (now.state === 'ended') return;
          await wake.next(call.signal);
        }
      } finally {
        stop();
        forward.end('whoever opened it has left');
      }
    },
    close: async ({ environment, id }) => forwards.end(environment, id, 'it was closed'),
  };
}
