// Hand-made handlers for tests of the transport: every subscription ticks, every query answers, nothing is behind them.
import { type CallContext, type Handlers, operations } from '../../contract/index.ts';

export interface Ticking {
  readonly handlers: Handlers;
  /** Subscriptions that are open right now. */
  openCount(): number;
}

type Overrides = { [D in keyof Handlers]?: Partial<Handlers[D]> };

/** Subscriptions of `logs` shape tick every `intervalMs` until their caller leaves. `overrides` replace single verbs. */
export function createTickingHandlers(overrides: Overrides = {}, intervalMs = 20): Ticking {
  let open = 0;

  async function* tick(_input: unknown, { signal }: CallContext): AsyncGenerator<unknown> {
    open += 1;
    try {
      for (let i = 0; !signal.aborted; i++) {
        yield { lines: [], skipped: i, reach: null, away: null, unreadable: null };
        await pause(intervalMs, signal);
      }
    } finally {
      open -= 1;
    }
  }

  const handlers: Record<string, Record<string, unknown>> = {};
  for (const [domain, verbs] of Object.entries(operations)) {
    handlers[domain] = {};
    for (const [verb, operation] of Object.entries(verbs)) {
      const made = (overrides as Record<string, Record<string, unknown>>)[domain]?.[verb];
      handlers[domain][verb] = made ?? (operation.kind === 'subscription' ? tick : async () => undefined);
    }
  }
  return { handlers: handlers as Handlers, openCount: () => open };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
