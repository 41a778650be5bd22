// What outlives the host: audit log, what happened, boot times, kept logs. In a file of the user's, and where that
// cannot be used, in memory: the console runs all the same, and says so.
import { join } from 'node:path';
import type { HistoryState } from '../../contract/index.ts';
import { createLiveValue, isSameJson, type LiveValue } from '../stream/liveValue.ts';
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
  const { folder, now, limits = defaultLimits, retryEveryMs = 60_000 } = options;
  const file = join(folder, fileName);
  const state = createLiveValue<HistoryState>({ state: 'kept', file, since: now(), problem: null }, isSameJson);
  const listeners = new Set<() => void>();
  let database: Database | undefined;
  let writes = 0;

  const degrade = (error: unknown) => {
    database?.close();
    database = openDatabase(null);
    state.set({ state: 'memory', file, since: now(), problem: toHistoryProblem(file, error) });
  };
  const openFile = (): Database => {
    ensureStateFolder(folder);
    const opened = openDatabase(file);
    try {
      prune(opened, limits, now());
    } catch (error) {
      opened.close();
      throw error;
    }
    return opened;
  };
  const getDatabase = (): Database => {
    if (database) return database;
    try {
      database = openFile();
    } catch (error) {
      degrade(error);
    }
    return getDatabase();
  };
  const use = <T>(work: (database: Database) => T): T => {
    const current = getDatabase();
    try {
      return work(current);
    } catch (error) {
      if (!(error instanceof SqliteFailure) || current.file === null) throw error;
      degrade(error);
      return work(getDatabase());
    }
  };
  const tidy = () => use((current) => prune(current, current.file === null ? memoryLimits : limits, now()));
  const retry = () => {
    if (database?.file !== null) return;
    try {
      const opened = openFile();
      carryOver(database, opened);
      database.close();
      database = opened;
      state.set({ state: 'kept', file, since: now(), problem: null });
    } catch (error) {
      state.set({ ...state.current, problem: toHistoryProblem(file, error) });
    }
  };
  const timers = [setInterval(tidy, pruneEveryMs), setInterval(retry, retryEveryMs)];
  for (const timer of timers) timer.unref();
  getDatabase();

  return {
    state,
    read: use,
    write(work) {
      use(work);
      writes += 1;
      if (writes % pruneEveryWrites === 0) tidy();
      for (const listener of [...listeners]) listener();
    },
    onWrite(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const timer of timers) clearInterval(timer);
      database?.close();
    },
  };
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
