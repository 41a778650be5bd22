// One SQLite database. The only file that knows node:sqlite: others see rows and `SqliteFailure`.
import { chmodSync, closeSync, lstatSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { migrations } from './migrations.ts';

export type Row = Record<string, SQLOutputValue>;

export interface Database {
  /** null: in memory. */
  readonly file: string | null;
  /** Carries out one statement; gives the number of rows that it changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  all(sql: string, ...values: SQLInputValue[]): Row[];
  /** All of `work` or nothing of it. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** What SQLite refused. `kind` decides what the operator can do about it. */
export class SqliteFailure extends Error {
  override name = 'SqliteFailure';
  readonly kind: SqliteFailureKind;
  constructor(kind: SqliteFailureKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

export type SqliteFailureKind = 'damaged' | 'busy' | 'full' | 'noAccess' | 'newer' | 'other';

/** How long a statement waits for another process. The event loop waits with it: short, and writers are quick. */
const busyTimeoutMs = 500;
const walLimitBytes = 4 * 1024 * 1024;

/** Opens the file, creating it readable for its owner alone, and brings its tables up to date. Throws SqliteFailure. */
export function openDatabase(file: string | null): Database {
  if (file !== null) ensurePrivateFile(file);
  const sqlite = translate(() => new DatabaseSync(file ?? ':memory:', { timeout: busyTimeoutMs }));
  try {
    translate(() => prepare(sqlite));
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return toDatabase(file, sqlite);
}

function toDatabase(file: string | null, sqlite: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>();
  const statementOf = (sql: string) => {
    const known = statements.get(sql) ?? sqlite.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  return {
    file,
    run: (sql, ...values) => translate(() => Number(statementOf(sql).run(...values).changes)),
    all: (sql, ...values) => translate(() => statementOf(sql).all(...values)),
    transaction: (work) => inTransaction(sqlite, work),
    close() {
      statements.clear();
      if (sqlite.isOpen) sqlite.close();
    },
  };
}

function inTransaction<T>(sqlite: DatabaseSync, work: () => T): T {
  translate(() => sqlite.exec('BEGIN IMMEDIATE'));
  try {
    const result = work();
    translate(() => sqlite.exec('COMMIT'));
    return result;
  } catch (error) {
    // Some failures (a full disk) have rolled back already.
    if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
    throw error;
  }
}

/** SQLite gives the files beside it (-wal, -shm) the mode of the database. */
function ensurePrivateFile(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600));
    const stats = lstatSync(file);
    if (!stats.isFile()) throw new Error('it is not a regular file');
    if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0) chmodSync(file, 0o600);
  } catch (error) {
    throw new SqliteFailure('noAccess', error instanceof Error ? error.message : 'it cannot be opened', {
      cause: error,
    });
  }
}

function prepare(sqlite: DatabaseSync): void {
  // Before the first table: freed pages can then be given back to the disk without a copy of the whole file.
  sqlite.exec('PRAGMA auto_vacuum = INCREMENTAL');
  // Readers and one writer at a time, from several processes. NORMAL: the end of a process loses nothing, the loss of
  // power may lose the last moments; an fsync for each event would hold up the host.
  sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  sqlite.exec(`PRAGMA journal_size_limit = ${walLimitBytes}`);
  if (versionOf(sqlite) === migrations.length) return;
  inTransaction(sqlite, () => migrate(sqlite));
}

/** Inside the transaction: another process may have been faster. */
function migrate(sqlite: DatabaseSync): void {
  const version = versionOf(sqlite);
  if (version > migrations.length) {
    throw new SqliteFailure('newer', `its version is ${version}, and this Gatehouse knows up to ${migrations.length}`);
  }
  for (const step of migrations.slice(version)) sqlite.exec(step);
  sqlite.exec(`PRAGMA user_version = ${migrations.length}`);
}

function versionOf(sqlite: DatabaseSync): number {
  return Number(sqlite.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}

/** Primary result codes (sqlite.org/rescode.html); the extended ones carry them in their lowest byte. */
const kinds: Readonly<Record<number, SqliteFailureKind>> = {
  3: 'noAccess',
  5: 'busy',
  6: 'busy',
  8: 'noAccess',
  11: 'damaged',
  13: 'full',
  14: 'noAccess',
  26: 'damaged',
};

function translate<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, errcode, message } = error as { code?: string; errcode?: number; message?: string };
    if (code !== 'ERR_SQLITE_ERROR') throw error;
    const kind = kinds[(errcode ?? 0) & 0xff] ?? 'other';
    throw new SqliteFailure(kind, message ?? 'it failed', { cause: error });
  }
}
