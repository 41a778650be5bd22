// How far the sandbox's start has come. Pure.
import type { Level, Sandbox, SandboxItem } from '../../../app/contract/index.ts';

export interface SandboxProgress {
  ready: number;
  total: number;
  failed: number;
  /** What is being worked on or failed first, then what waits, then what is done. */
  items: SandboxItem[];
}

const order: Record<SandboxItem['state'], number> = {
  failed: 0,
  starting: 1,
  creating: 2,
  waiting: 3,
  stopped: 4,
  started: 5,
  healthy: 6,
};

export const itemLevels: Record<SandboxItem['state'], Level> = {
  failed: 'down',
  starting: 'unknown',
  creating: 'unknown',
  waiting: 'unknown',
  stopped: 'unknown',
  // Runs, and nothing is known of its health yet.
  started: 'unknown',
  healthy: 'ok',
};

/** As a list of steps has them; what has ended is no news there. */
export const stepStates = {
  failed: 'failed',
  starting: 'running',
  creating: 'running',
  waiting: 'waiting',
  stopped: 'waiting',
  started: 'waiting',
  healthy: 'waiting',
} as const satisfies Record<SandboxItem['state'], string>;

/** The item's detail, which says its state too, or its state alone. */
export function toItemWords({ state, detail }: Pick<SandboxItem, 'state' | 'detail'>): string {
  return detail === '' ? state : detail;
}

export function toSandboxProgress({ items }: Pick<Sandbox, 'items'>): SandboxProgress {
  return {
    ready: items.filter((item) => item.state === 'healthy' || item.state === 'started').length,
    total: items.length,
    failed: items.filter((item) => item.state === 'failed').length,
    items: items.toSorted((a, b) => order[a.state] - order[b.state] || a.name.localeCompare(b.name)),
  };
}
