// The collectors that were asked for, one an environment: they stay when nobody looks, or spans would be lost meanwhile.
import { GatehouseError } from '../../../contract/index.ts';
import { type Collector, openCollector } from './collector.ts';

export interface OpenCollector {
  readonly collector: Collector;
  /** The operator asked for it, and may end it; that of the sandbox ends with the sandbox. */
  readonly isAsked: boolean;
}

export interface Collectors {
  find(environment: string): OpenCollector | undefined;
  /** Throws `bad-input` where one listens already or the port is taken. */
  open(environment: string, options: { port: number; isAsked: boolean }): Promise<Collector>;
  /** Without effect where none listens. */
  close(environment: string): Promise<void>;
  /** Called when one was opened or closed. */
  onChange(listener: () => void): () => void;
  closeAll(): Promise<void>;
}

export function createCollectors(): Collectors {
  const open = new Map<string, OpenCollector>();
  const opening = new Set<string>();
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const close = async (environment: string) => {
    const found = open.get(environment);
    open.delete(environment);
    await found?.collector.close();
    if (found) tell();
  };
  return {
    find: (environment) => open.get(environment),
    async open(environment, { port, isAsked }) {
      const before = open.get(environment)?.collector;
      if (before || opening.has(environment)) {
        throw new GatehouseError({
          code: 'bad-input',
          message: `Spans of ${environment} are listened for already${before ? ` at ${before.describe().endpoint}` : ''}.`,
          remedy: 'Stop that first to listen on another port.',
        });
      }
      opening.add(environment);
      try {
        const collector = await openCollector(port);
        open.set(environment, { collector, isAsked });
        tell();
        return collector;
      } finally {
        opening.delete(environment);
      }
    },
    close,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async closeAll() {
      await Promise.all([...open.keys()].map(close));
    },
  };
}
