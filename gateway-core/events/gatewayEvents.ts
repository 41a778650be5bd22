// What happens to a gateway rather than to a request: kept for the admin API, told to listeners of the library.
import type { BreakerState } from '../breaker/breaker.ts';
import type { Clock } from '../clock/clock.ts';
import type { ExchangeRow } from '../tap/exchangeRecord.ts';

/** Who put a configuration in force, or tried to. */
export type ConfigOrigin = 'start' | 'library' | 'file' | 'signal' | 'api' | 'rollback';

export interface BreakerEvent {
  readonly type: 'breaker';
  readonly upstream: string;
  /** null: the breaker of the whole upstream. */
  readonly replica: string | null;
  readonly from: BreakerState;
  readonly to: BreakerState;
  readonly reason: string;
}

/** Its health changed, it was ejected, or an operator took it in hand. */
export interface ReplicaEvent {
  readonly type: 'replica';
  readonly upstream: string;
  readonly replica: string;
  readonly reason: string;
}

export interface ConfigEvent {
  readonly type: 'config';
  readonly origin: ConfigOrigin;
  readonly outcome: 'applied' | 'refused';
  /** Of the configuration in force afterwards. */
  readonly revision: string;
  /** What changed, or what is wrong with the one that was refused; one line each, at most ten. */
  readonly lines: readonly string[];
}

export interface DrainEvent {
  readonly type: 'drain';
  readonly phase: 'leaving' | 'draining' | 'closed';
}

export type GatewayEvent = BreakerEvent | ReplicaEvent | ConfigEvent | DrainEvent;

/** `sequence` counts up by one within one gateway. */
export type KeptEvent = GatewayEvent & { readonly sequence: number; readonly at: number };

export interface ListenedEvents {
  breaker: BreakerEvent & { readonly at: number };
  replica: ReplicaEvent & { readonly at: number };
  config: ConfigEvent & { readonly at: number };
  drain: DrainEvent & { readonly at: number };
  exchange: ExchangeRow;
}

/** At most a few hundred bytes each: a breaker that flaps for a day stays within a quarter of a megabyte. */
const KEPT = 500;

export interface GatewayEvents {
  emit(event: GatewayEvent): void;
  /** The kept ones after that sequence, oldest first, and how many are gone. */
  since(sequence: number): { events: KeptEvent[]; gone: number };
  readonly lastSequence: number;
  /** Called in a later turn of the event loop: nobody's code runs within what caused the event. Returns what ends it. */
  subscribe(listener: (event: KeptEvent) => void): () => void;
}

export function createGatewayEvents(clock: Clock, onListenerError: (error: unknown) => void): GatewayEvents {
  const kept: KeptEvent[] = [];
  const listeners = new Set<(event: KeptEvent) => void>();
  let lastSequence = 0;
  return {
    get lastSequence() {
      return lastSequence;
    },
    emit(event) {
      lastSequence += 1;
      const entry: KeptEvent = { ...event, sequence: lastSequence, at: clock.now() };
      kept.push(entry);
      if (kept.length > KEPT) kept.shift();
      for (const listener of listeners)
        setImmediate(() => {
          if (!listeners.has(listener)) return;
          try {
            listener(entry);
          } catch (error) {
            onListenerError(error);
          }
        });
    },
    since(sequence) {
      const events = kept.filter((event) => event.sequence > sequence);
      return { events, gone: Math.max(0, lastSequence - sequence - events.length) };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
