// The traffic that this window keeps, outside of React and of the query cache; `version` tells of each change.
import { create } from 'zustand';
import type { Exchange, TrafficBatch } from '../../../app/contract/index.ts';
import { TRAFFIC_CAPACITY, TrafficLog } from './trafficLog.ts';

/** Why the table stands still: `paused` by the operator, the others because somebody reads. */
export type HoldReason = 'paused' | 'pointer' | 'focus' | 'scrolled';

interface TrafficState {
  environment: string | null;
  log: TrafficLog;
  /** Counts the changes of `log`, which is one object for good. */
  version: number;
  holds: readonly HoldReason[];
  /** Arrived while the table stands still, oldest first. */
  held: Exchange[];
  /** Arrived but dropped since more than the table keeps came while it stood still. */
  heldDropped: number;
  /** Never reached this window, as the host says. */
  lost: number;
  kept: TrafficBatch['kept'] | null;
  /** Another environment has other traffic. */
  enter: (environment: string) => void;
  receive: (batches: readonly TrafficBatch[]) => void;
  setFilter: (filter: string) => void;
  setHold: (reason: HoldReason, on: boolean) => void;
  toggleRun: (run: number) => void;
  clear: () => void;
}

const nothing = { held: [], heldDropped: 0, lost: 0, kept: null };

export const useTrafficStore = create<TrafficState>()((set, get) => ({
  environment: null,
  log: new TrafficLog(),
  version: 0,
  holds: [],
  ...nothing,

  enter: (environment) => {
    if (get().environment === environment) return;
    set({ environment, log: new TrafficLog(), version: get().version + 1, holds: [], ...nothing });
  },

  receive: (batches) => {
    const state = get();
    const arrived = batches.flatMap((batch) => batch.exchanges);
    const lost = state.lost + batches.reduce((sum, batch) => sum + batch.lost, 0);
    const kept = batches.at(-1)?.kept ?? state.kept;
    if (state.holds.length > 0) {
      const held = [...state.held, ...arrived];
      const dropped = Math.max(0, held.length - TRAFFIC_CAPACITY);
      set({ held: held.slice(dropped), heldDropped: state.heldDropped + dropped, lost, kept });
      return;
    }
    state.log.append(arrived);
    set({ version: state.version + 1, lost, kept });
  },

  setFilter: (filter) => {
    const { log, version } = get();
    if (log.filter === filter) return;
    log.setFilter(filter);
    set({ version: version + 1 });
  },

  setHold: (reason, on) => {
    const { holds, held, heldDropped, lost, log, version } = get();
    if (holds.includes(reason) === on) return;
    const left = on ? [...holds, reason] : holds.filter((other) => other !== reason);
    if (left.length > 0) return set({ holds: left });
    log.append(held);
    set({ holds: left, held: [], heldDropped: 0, lost: lost + heldDropped, version: version + 1 });
  },

  toggleRun: (run) => {
    const { log, version } = get();
    log.toggleRun(run);
    set({ version: version + 1 });
  },

  clear: () => set({ log: withFilter(get().log.filter), version: get().version + 1, ...nothing, kept: get().kept }),
}));

function withFilter(filter: string): TrafficLog {
  const log = new TrafficLog();
  log.setFilter(filter);
  return log;
}
