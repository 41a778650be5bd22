// What outlives the host: audit log, what happened, boot times, kept logs. In a file of the user's, and where that
// cannot be used, in memory: the console runs all the same, and says so.
import { join } from 'node:path';
import type { HistoryState } from '../../contract/index.ts';
import { createLiveValue, isSameJson, type LiveValue, type WritableLiveValue } from '../stream/liveValue.ts';
import { type Database, openDatabase, SqliteFailure } from './database.ts';
import { toHistoryProblem } from './historyProblem.ts';
import { tables } from './migrations.ts';
import { defaultLimits, type HistoryLimits, memoryLimits, prune } from './prune.ts';
import { ensureStateFolder } from './stateFolder.ts';

export interface History {
  readonly state: LiveValue<HistoryState>;
  /** Reads. `work` is synchronous and may run twice: on the file, and where that fails, in memory. */
  read<T>(work: (database: Database) => T): T;
  /** As `read`, and tells those who listen. */
  write(work: (database: Database) => void): void;
  /** After each write of this process. */
  onWrite(listener: () => void): () => void;
  close(): void;
}

export interface HistoryOptions {
  folder: string;
  now: () => number;
  limits?: HistoryLimits;
  /** How often a file that could not be used is tried again. */
  retryEveryMs?: number;
}

const pruneEveryMs = 10 * 60_000;
const pruneEveryWrites = 1000;
const fileName = 'history.db';

/** Never throws: a file that cannot be used is said by `state`. */
export function createHistory(options: HistoryOptions): History {
  const { folder, now, retryEveryMs = 60_000 } = options;
  const file = join(folder, fileName);
  const state = createLiveValue<HistoryState>({ state: 'kept', file, since: now(), problem: null }, isSameJson);
  const listeners = new Set<() => void>();
  const store = createStore(options, file, state);
  let writes = 0;
  const timers = [setInterval(store.tidy, pruneEveryMs), setInterval(store.retry, retryEveryMs)];
  for (const timer of timers) timer.unref();

  return {
    state,
    read: store.use,
    write(work) {
      store.use(work);
      writes += 1;
      if (writes % pruneEveryWrites === 0) store.tidy();
      for (const listener of [...listeners]) listener();
    },
    onWrite(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const timer of timers) clearInterval(timer);
      store.close();
    },
  };
}

interface Store {
  use<T>(work: (database: Database) => T): T;
  /** Forgets what is too old or too much. */
  tidy(): void;
  /** Goes back to the file if it can be used again. */
  retry(): void;
  close(): void;
}

/** The file while it can be used, else memory. */
function createStore(
  { folder, now, limits = defaultLimits }: HistoryOptions,
  file: string,
  state: WritableLiveValue<HistoryState>,
): Store {
  const inMemory = (error: unknown): Database => {
    state.set({ state: 'memory', file, since: now(), problem: toHistoryProblem(file, error) });
    return openDatabase(null);
  };
  const openFile = (prepare: (opened: Database) => void = () => {}) =>
    openPrepared(folder, file, (opened) => {
      prepare(opened);
      prune(opened, limits, now());
    });
  let database = attempt(openFile, inMemory);

  const use = <T>(work: (database: Database) => T): T => {
    try {
      return work(database);
    } catch (error) {
      if (!(error instanceof SqliteFailure) || database.file === null) throw error;
      database.close();
      database = inMemory(error);
      return work(database);
    }
  };
  return {
    use,
    tidy: () => use((current) => prune(current, current.file === null ? memoryLimits : limits, now())),
    retry() {
      if (database.file !== null) return;
      try {
        const opened = openFile((fresh) => carryOver(database, fresh));
        database.close();
        database = opened;
        state.set({ state: 'kept', file, since: now(), problem: null });
      } catch (error) {
        state.set({ ...state.current, problem: toHistoryProblem(file, error) });
      }
    },
    close: () => database.close(),
  };
}

function attempt<T>(work: () => T, otherwise: (error: unknown) => T): T {
  try {
    return work();
  } catch (error) {
    return otherwise(error);
  }
}

function openPrepared(folder: string, file: string, prepare: (database: Database) => void): Database {
  ensureStateFolder(folder);
  const opened = openDatabase(file);
  try {
    prepare(opened);
    return opened;
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** What was kept in memory meanwhile. Ids are the same everywhere, and the later word on one holds. */
function carryOver(from: Database, to: Database): void {
  to.transaction(() => {
    for (const table of tables) {
      for (const row of from.all(`SELECT * FROM ${table}`)) {
        const columns = Object.keys(row);
        const marks = columns.map(() => '?').join(', ');
        to.run(`INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, ...Object.values(row));
      }
    }
  });
}
