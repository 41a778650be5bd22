// Makes the database ready: tables, the seeded past, accounts. A database that is away is waited for.
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../kit/log.ts';
import type { Database } from '../../stores/database.ts';
import { migrate } from '../../stores/databaseMigrations.ts';
import { StoreAway } from '../../stores/storeState.ts';
import { sowPast } from './seed.ts';
import { MIGRATIONS } from './tables.ts';

export interface Preparation {
  readonly isDone: boolean;
  /**
   * Resolves when it is done, or when a database elsewhere takes longer than is worth waiting: requests are then told so. One
   * in this process is not waited for by anybody else.
   */
  wait(): Promise<void>;
  cancel(): void;
}

export interface PrepareOptions {
  database: Database;
  log: Log;
  /** What else has to be there, for example accounts. Run again until it succeeds. */
  also?: () => Promise<void>;
  /** Left out where nobody looks at products. */
  withPast?: boolean;
  onDone(): void;
}

const PATIENCE_MS = 5_000;
const TRY_EVERY_MS = 1_000;
/** What time alone does not mend (a database of a newer program): somebody has to read the log first. */
const TRY_AGAIN_MS = 10_000;

export function startPreparation(options: PrepareOptions): Preparation {
  const ending = new AbortController();
  let isDone = false;
  const running = keepTrying(options, ending.signal).then((done) => {
    if (!done) return;
    isDone = true;
    options.onDone();
  });
  return {
    get isDone() {
      return isDone;
    },
    wait: () =>
      options.database.engine === 'sqlite'
        ? running
        : Promise.race([running, delay(PATIENCE_MS, undefined, { ref: false })]),
    cancel: () => ending.abort(),
  };
}

async function keepTrying(options: PrepareOptions, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    try {
      await prepare(options);
      return true;
    } catch (error) {
      const isAway = error instanceof StoreAway;
      if (!isAway) options.log('error', 'the database cannot be made ready', { error: String(error) });
      await delay(isAway ? TRY_EVERY_MS : TRY_AGAIN_MS, undefined, { signal }).catch(() => {});
    }
  }
  return false;
}

async function prepare({ database, log, also, withPast = true }: PrepareOptions): Promise<void> {
  const startedAt = performance.now();
  const migrations = await migrate(database, MIGRATIONS);
  const isSown = withPast && (await sowPast(database));
  await also?.();
  const ms = Math.round(performance.now() - startedAt);
  log('info', 'the database is ready', { database: database.described, migrations, sown: isSown, ms });
}
