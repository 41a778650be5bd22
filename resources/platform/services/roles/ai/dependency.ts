// A store that may be away while its service goes on without it: after a failure nobody waits for it any more, and a
// probe finds out when it is back.
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Log } from '../../kit/log.ts';
import { createStoreState, toReason } from '../../stores/storeState.ts';

export type Attempt<Result> = { ok: true; value: Result } | { ok: false };

export interface Dependency {
  readonly name: string;
  readonly isAway: boolean;
  /** The result of `work`; not ok when it rejected, or when the store is known to be away, and then `work` is not tried. */
  attempt<Result>(work: () => Promise<Result>): Promise<Attempt<Result>>;
  close(): void;
}

export interface DependencyOptions {
  name: string;
  log: Log;
  registry: Registry;
  /** Resolves when the store can be used again, with all in it that its service needs. */
  probe(): Promise<unknown>;
  pauseMs?: number;
}

const PAUSE_MS = 2_000;

export function createDependency({ name, log, registry, probe, pauseMs = PAUSE_MS }: DependencyOptions): Dependency {
  const { away, failures } = findDependencyMetrics(registry);
  const state = createStoreState(name, log);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  away.set({ dependency: name }, 0);

  function goAway(error: unknown): void {
    failures.inc({ dependency: name });
    state.away(toReason(error));
    away.set({ dependency: name }, 1);
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(() => void look(), pauseMs);
    timer.unref();
  }

  async function look(): Promise<void> {
    try {
      await probe();
    } catch (error) {
      goAway(error);
      return;
    }
    state.back();
    away.set({ dependency: name }, 0);
  }

  return {
    name,
    get isAway() {
      return state.isAway;
    },
    async attempt(work) {
      if (state.isAway) return { ok: false };
      try {
        return { ok: true, value: await work() };
      } catch (error) {
        goAway(error);
        return { ok: false };
      }
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** A registry takes a name once; a service may have several dependencies. */
export function findDependencyMetrics(registry: Registry) {
  const labelNames = ['dependency'];
  const away =
    (registry.getSingleMetric('dependency_away') as Gauge | undefined) ??
    new Gauge({
      name: 'dependency_away',
      help: '1 while a store is away and the service answers without it.',
      labelNames,
      registers: [registry],
    });
  const failures =
    (registry.getSingleMetric('dependency_failures_total') as Counter | undefined) ??
    new Counter({
      name: 'dependency_failures_total',
      help: 'Calls to a store that failed, probes of one that is away among them.',
      labelNames,
      registers: [registry],
    });
  return { away, failures };
}
