// The tables of the history, version by version. A published step is never changed: a later one corrects it.

/** Each step takes a database from its index to the next version (`PRAGMA user_version`). */
export const migrations: readonly string[] = [
  `
  CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    place TEXT,
    entry TEXT NOT NULL,
    finished INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_time ON audit (at, id);

  CREATE TABLE happenings (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    entry TEXT NOT NULL
  ) STRICT;
  CREATE INDEX happenings_by_place ON happenings (place, at, id);
  CREATE INDEX happenings_by_time ON happenings (at);

  CREATE TABLE watches (
    id TEXT PRIMARY KEY,
    place TEXT NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX watches_by_place ON watches (place, until);

  CREATE TABLE boots (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    place TEXT NOT NULL,
    entry TEXT NOT NULL
  ) STRICT;
  CREATE INDEX boots_by_place ON boots (place, at);

  CREATE TABLE kept_logs (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    place TEXT NOT NULL,
    service TEXT NOT NULL,
    entry TEXT NOT NULL,
    log BLOB NOT NULL
  ) STRICT;
  CREATE INDEX kept_logs_by_place ON kept_logs (place, service, at);

  CREATE TABLE locks (
    place TEXT PRIMARY KEY,
    pid INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE environments (
    place TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    settings TEXT NOT NULL
  ) STRICT;
  `,
];

/** What is carried from memory to a file that can be used again; locks end with their process. */
export const tables = ['audit', 'happenings', 'watches', 'boots', 'kept_logs', 'environments'] as const;
