import { type Demo, GatehouseError, type HandlersOf, type Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import { follow } from '../stream/liveValue.ts';
import { findDemoTarget } from './target.ts';

export function createDemoHandlers({ environments }: { environments: Environments }): HandlersOf<Operations['demo']> {
  return {
    watch: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) => follow(live.demoView, signal)),
    start: ({ environment, requestsPerSecond, seconds }, { signal }) =>
      environments.use(environment, signal, async (live) => {
        const obstacle = live.demoView.current.notAllowed;
        if (obstacle) {
          throw new GatehouseError({
            code: 'demo-not-allowed',
            message: `Demo traffic cannot be started in ${environment}: ${obstacle}`,
            remedy: 'Start the sandbox, or open a dev stack whose gateway publishes its port.',
          });
        }
        live.demo.start({ requestsPerSecond, seconds, findTarget: () => findDemoTarget(live.topology.current) });
        live.changes.addOperatorAction('Demo traffic', `started, ${requestsPerSecond}/s for ${seconds} s`);
        return toDemo(live);
      }),
    stop: ({ environment }, { signal }) =>
      environments.use(environment, signal, async (live) => {
        if (live.demo.state.current.state === 'running') live.changes.addOperatorAction('Demo traffic', 'stopped');
        live.demo.stop();
        return toDemo(live);
      }),
  };
}

/** The view follows a moment later; the answer is of now. */
function toDemo(live: LiveEnvironment): Demo {
  return { ...live.demo.state.current, notAllowed: live.demoView.current.notAllowed };
}
