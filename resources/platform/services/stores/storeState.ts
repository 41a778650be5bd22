// Whether a store can be asked. Each client reports what it meets; the log then has one line when a store goes and one when
// it comes back, and health says which are away.
import type { Log } from '../kit/log.ts';

/** The store cannot be asked now. What was asked of it may have happened all the same: the answer alone may be lost. */
export class StoreAway extends Error {
  override name = 'StoreAway';
  readonly code = 'store-away';
  readonly store: string;

  constructor(store: string, reason: string, options?: ErrorOptions) {
    super(`${store} is away: ${reason}`, options);
    this.store = store;
  }
}

export interface StoreState {
  readonly store: string;
  readonly isAway: boolean;
  away(reason: string): void;
  back(): void;
}

export function createStoreState(store: string, log: Log): StoreState {
  let isAway = false;
  return {
    store,
    get isAway() {
      return isAway;
    },
    away(reason) {
      if (isAway) return;
      isAway = true;
      log('warn', `${store} is away`, { store, reason });
    },
    back() {
      if (!isAway) return;
      isAway = false;
      log('info', `${store} is back`, { store });
    },
  };
}

/** What an error says in one line; a failed connection to several addresses has its reasons inside. */
export function toReason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return toReason(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  // fetch says no more than "fetch failed"; the reason is its cause.
  if (error instanceof TypeError && error.cause !== undefined) return toReason(error.cause);
  const { code } = error as NodeJS.ErrnoException;
  return error.message || (typeof code === 'string' ? code : error.name);
}
