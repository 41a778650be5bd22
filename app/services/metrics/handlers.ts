import type { HandlersOf, Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import { follow } from '../stream/liveValue.ts';

export function createMetricsHandlers({
  environments,
}: {
  environments: Environments;
}): HandlersOf<Operations['metrics']> {
  return {
    routes: ({ environment }, { signal }) =>
      environments.stream(environment, signal, ({ metrics, metricsDesk }) => {
        metrics.fillFrom((range) => metricsDesk.charts('traffic', range));
        return follow(metrics.metrics, signal);
      }),
    source: ({ environment }, { signal }) =>
      environments.stream(environment, signal, ({ metricsDesk }) => metricsDesk.watchSource(signal)),
    range: ({ environment, group, range }, { signal }) =>
      environments.use(environment, signal, ({ metricsDesk }) => metricsDesk.charts(group, range)),
    query: ({ environment, at = Date.now(), ...request }, { signal }) =>
      environments.use(environment, signal, ({ metricsDesk }) =>
        metricsDesk.ask((source) => source.query({ ...request, at }, signal)),
      ),
    completion: ({ environment, query, at }, { signal }) =>
      environments.use(environment, signal, ({ metricsDesk }) =>
        metricsDesk.ask((source) => source.completion(query, at, signal)),
      ),
    targets: ({ environment }, { signal }) =>
      environments.use(environment, signal, ({ metricsDesk }) => metricsDesk.ask((source) => source.targets(signal))),
    alerts: ({ environment }, { signal }) =>
      environments.stream(environment, signal, ({ metricsDesk }) => metricsDesk.watchAlerts(signal)),
  };
}
