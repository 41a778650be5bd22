// The sandbox as it is shown: its state, and how far each service has come.
import type { Problem, Sandbox, SandboxItem } from '../../contract/index.ts';
import { createLiveValue, type LiveValue } from '../stream/liveValue.ts';

export interface Progress {
  readonly state: LiveValue<Sandbox>;
  begin(): void;
  setItems(items: readonly { name: string; detail: string }[]): void;
  setItem(name: string, state: SandboxItem['state'], detail: string): void;
  setPlace(socketPath: string, environment: string): void;
  setState(state: 'running' | 'stopping'): void;
  /** While the engine still runs, its environment can be looked at: the logs say why. */
  fail(problem: Problem, isEngineGone: boolean): void;
  reset(): void;
}

export function createProgress(now: () => number): Progress {
  const off = (): Sandbox => ({
    state: 'off',
    environment: null,
    address: null,
    since: now(),
    items: [],
    problem: null,
  });
  const state = createLiveValue<Sandbox>(off());
  const change = (part: Partial<Sandbox>) => state.set({ ...state.current, ...part });
  return {
    state,
    begin: () => state.set({ ...off(), state: 'starting' }),
    setItems: (items) => change({ items: items.map((item) => ({ ...item, state: 'waiting', since: now() })) }),
    setItem(name, itemState, detail) {
      const items = state.current.items.map((item) => {
        if (item.name !== name || (item.state === itemState && item.detail === detail)) return item;
        return { name, state: itemState, detail, since: item.state === itemState ? item.since : now() };
      });
      change({ items });
    },
    setPlace: (socketPath, environment) => change({ address: `unix://${socketPath}`, environment }),
    setState: (next) => change({ state: next, since: now() }),
    fail(problem, isEngineGone) {
      const items = state.current.items.map((item): SandboxItem => ({ ...item, state: 'stopped', since: now() }));
      change({
        ...(isEngineGone ? { environment: null, address: null, items } : {}),
        state: 'failed',
        since: now(),
        problem,
      });
    },
    reset: () => state.set(off()),
  };
}
