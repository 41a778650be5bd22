import { GatehouseError, type HandlersOf, type Operations } from '../../contract/index.ts';
import type { Environments } from '../environment/environments.ts';
import type { Collectors } from './otlp/collectors.ts';

export function createTracesHandlers({
  environments,
  collectors,
}: {
  environments: Environments;
  collectors: Collectors;
}): HandlersOf<Operations['traces']> {
  return {
    source: ({ environment }, { signal }) =>
      environments.stream(environment, signal, ({ traces }) => traces.watchSource(signal)),
    search: ({ environment, query, range }, { signal }) =>
      environments.use(environment, signal, ({ traces }) => traces.search(query, range, signal)),
    watch: ({ environment, query, lengthMs }, { signal }) =>
      environments.stream(environment, signal, ({ traces }) => traces.watch(query, lengthMs, signal)),
    detail: ({ environment, traceId }, { signal }) =>
      environments.use(environment, signal, ({ traces }) => traces.detail(traceId, signal)),
    span: ({ environment, traceId, spanId }, { signal }) =>
      environments.use(environment, signal, ({ traces }) => traces.span(traceId, spanId, signal)),
    listen: ({ environment, port }, { signal }) =>
      environments.use(environment, signal, async ({ changes }) => {
        const collector = await collectors.open(environment, { port, isAsked: true });
        const described = collector.describe();
        changes.addOperatorAction('Traces', `listened for at ${described.endpoint}`);
        return described;
      }),
    stopListening: ({ environment }, { signal }) =>
      environments.use(environment, signal, async ({ changes }) => {
        const open = collectors.find(environment);
        if (!open) return;
        if (!open.isAsked) throw new GatehouseError(ofSandbox);
        await collectors.close(environment);
        changes.addOperatorAction('Traces', 'no longer listened for');
      }),
  };
}

const ofSandbox = {
  code: 'bad-input',
  message: 'This host listens for the spans of the sandbox as long as the sandbox runs.',
  remedy: 'Stop the sandbox to end it.',
} as const;
