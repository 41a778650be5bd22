// Bounds the history by age and by size: what is oldest and largest goes first, the audit log last.
import type { Database } from './database.ts';

export interface HistoryLimits {
  /** What the database may take on the disk, without the log that SQLite writes ahead. */
  totalBytes: number;
  keptLogBytes: number;
  ageMs: { audit: number; happenings: number; boots: number; keptLogs: number };
}

const dayMs = 24 * 60 * 60 * 1000;

export const defaultLimits: HistoryLimits = {
  totalBytes: 64 * 1024 * 1024,
  keptLogBytes: 24 * 1024 * 1024,
  ageMs: { audit: 400 * dayMs, happenings: 30 * dayMs, boots: 90 * dayMs, keptLogs: 14 * dayMs },
};

/** Without a file, and until there is one again. */
export const memoryLimits: HistoryLimits = {
  ...defaultLimits,
  totalBytes: 16 * 1024 * 1024,
  keptLogBytes: 8 * 1024 * 1024,
};

/** First to go when there is too much. Settings of environments are no history: they stay. */
const bySize = ['kept_logs', 'happenings', 'watches', 'boots', 'audit'] as const;

export function prune(database: Database, limits: HistoryLimits, now: number): void {
  database.transaction(() => {
    pruneByAge(database, limits.ageMs, now);
    pruneKeptLogs(database, limits.keptLogBytes);
    for (const table of bySize) {
      while (usedBytes(database) > limits.totalBytes && removeOldest(database, table)) {
        // Each round takes a tenth, so that one that is over by a little loses little.
      }
    }
  });
  database.all('PRAGMA incremental_vacuum');
}

function pruneByAge(database: Database, ageMs: HistoryLimits['ageMs'], now: number): void {
  database.run('DELETE FROM audit WHERE at < ?', now - ageMs.audit);
  database.run('DELETE FROM happenings WHERE at < ?', now - ageMs.happenings);
  database.run('DELETE FROM watches WHERE until < ?', now - ageMs.happenings);
  database.run('DELETE FROM boots WHERE at < ?', now - ageMs.boots);
  database.run('DELETE FROM kept_logs WHERE at < ?', now - ageMs.keptLogs);
}

function pruneKeptLogs(database: Database, limitBytes: number): void {
  let bytes = 0;
  for (const row of database.all('SELECT id, length(log) AS bytes FROM kept_logs ORDER BY at DESC, id DESC')) {
    bytes += Number(row.bytes);
    if (bytes > limitBytes) database.run('DELETE FROM kept_logs WHERE id = ?', String(row.id));
  }
}

/** false when there was nothing left to remove. */
function removeOldest(database: Database, table: (typeof bySize)[number]): boolean {
  const tenth = `SELECT id FROM ${table} ORDER BY at, id LIMIT (SELECT (count(*) + 9) / 10 FROM ${table})`;
  return database.run(`DELETE FROM ${table} WHERE id IN (${tenth})`) > 0;
}

/** Pages in use: those that were freed are given back to the disk, or used again. */
export function usedBytes(database: Database): number {
  const [row] = database.all(
    'SELECT (p.page_count - f.freelist_count) * s.page_size AS bytes FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s',
  );
  return Number(row?.bytes ?? 0);
}
