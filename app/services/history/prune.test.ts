import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { type Database, openDatabase } from './database.ts';
import { defaultLimits, type HistoryLimits, prune, usedBytes } from './prune.ts';

const now = 2_000_000_000_000;
const day = 86_400_000;

function open(): { database: Database; file: string } {
  const file = join(temporaryFolder(), 'history.db');
  const database = openDatabase(file);
  onTestFinished(() => database.close());
  return { database, file };
}

function fill(database: Database, table: string, count: number, { at = now, bytes = 100 } = {}): void {
  const [sql, values]: [string, (index: number) => (string | number | Uint8Array)[]] =
    table === 'kept_logs'
      ? [
          "INSERT INTO kept_logs (id, at, place, service, entry, log) VALUES (?, ?, 'p', 's', '{}', ?)",
          (index) => [`${at}-${index}`, at + index, new Uint8Array(bytes)],
        ]
      : table === 'audit'
        ? [
            "INSERT INTO audit (id, at, place, entry, finished) VALUES (?, ?, 'p', ?, 1)",
            (index) => [`${at}-${index}`, at + index, 'x'.repeat(bytes)],
          ]
        : [
            "INSERT INTO happenings (id, at, place, kind, entry) VALUES (?, ?, 'p', 'engine', ?)",
            (index) => [`${at}-${index}`, at + index, 'x'.repeat(bytes)],
          ];
  database.transaction(() => {
    for (let index = 0; index < count; index += 1) database.run(sql, ...values(index));
  });
}

const count = (database: Database, table: string) =>
  Number(database.all(`SELECT count(*) AS n FROM ${table}`)[0]?.n ?? -1);

test('each table forgets by its own age', () => {
  const { database } = open();
  for (const table of ['audit', 'happenings', 'kept_logs']) {
    fill(database, table, 3, { at: now - 31 * day });
    fill(database, table, 2);
  }
  prune(database, defaultLimits, now);
  expect(['audit', 'happenings', 'kept_logs'].map((table) => count(database, table))).toEqual([5, 2, 2]);
});

test('kept logs stay within their own size, the newest of them', () => {
  const { database } = open();
  fill(database, 'kept_logs', 10, { bytes: 1000 });
  prune(database, { ...defaultLimits, keptLogBytes: 3500 }, now);
  expect(database.all('SELECT at FROM kept_logs ORDER BY at').map(({ at }) => at)).toEqual([now + 7, now + 8, now + 9]);
});

const tight: HistoryLimits = { ...defaultLimits, totalBytes: 1024 * 1024, keptLogBytes: 64 * 1024 * 1024 };

test('what is too large shrinks on the disk: logs first, then what happened, and the audit log stays', () => {
  const { database, file } = open();
  fill(database, 'audit', 200, { bytes: 500 });
  fill(database, 'happenings', 5000, { bytes: 500 });
  fill(database, 'kept_logs', 20, { bytes: 100_000 });
  prune(database, tight, now);
  database.all('PRAGMA wal_checkpoint(TRUNCATE)');
  expect(usedBytes(database)).toBeLessThanOrEqual(tight.totalBytes);
  expect(statSync(file).size).toBeLessThanOrEqual(tight.totalBytes * 1.1);
  expect(count(database, 'kept_logs')).toBe(0);
  expect(count(database, 'audit')).toBe(200);
  expect(count(database, 'happenings')).toBeGreaterThan(500);
  const [oldest] = database.all('SELECT min(at) AS at FROM happenings');
  expect(Number(oldest?.at)).toBeGreaterThan(now);
});

test('even an audit log alone stays within the size', () => {
  const { database } = open();
  fill(database, 'audit', 4000, { bytes: 1000 });
  prune(database, tight, now);
  expect(usedBytes(database)).toBeLessThanOrEqual(tight.totalBytes);
  expect(count(database, 'audit')).toBeGreaterThan(300);
});

test('settings of environments are never pruned', () => {
  const { database } = open();
  database.run("INSERT INTO environments (place, at, settings) VALUES ('p', 0, '{}')");
  fill(database, 'audit', 4000, { bytes: 1000 });
  prune(database, tight, now);
  expect(count(database, 'environments')).toBe(1);
});
