import type { Problem } from '../../contract/index.ts';
import { SqliteFailure, type SqliteFailureKind } from './database.ts';

const reasons: Record<SqliteFailureKind, string> = {
  damaged: 'it is damaged, or no database at all',
  busy: 'another program holds it',
  full: 'the disk is full',
  noAccess: 'it cannot be read and written',
  newer: 'it was made by a newer Gatehouse',
  other: 'SQLite failed',
};

const remedies: Record<SqliteFailureKind, (file: string) => string> = {
  damaged: (file) => `Move ${file} (and its -wal and -shm) away; within a minute a new one is begun.`,
  busy: () => 'Close the program that holds it; it is tried again each minute.',
  full: () => 'Free some space; it is tried again each minute.',
  noAccess: () =>
    'Give yourself read and write access to it, or set GATEHOUSE_STATE_DIR to a folder where you have it.',
  newer: () => 'Update this Gatehouse, or set GATEHOUSE_STATE_DIR to another folder.',
  other: () => 'It is tried again each minute; if it stays so, set GATEHOUSE_STATE_DIR to another folder.',
};

/** Why the file is not used, and what helps; until then all is kept in memory. */
export function toHistoryProblem(file: string, error: unknown): Problem {
  const kind = error instanceof SqliteFailure ? error.kind : 'noAccess';
  const detail = error instanceof Error ? error.message.slice(0, 300) : 'unknown reason';
  return {
    code: 'history-unavailable',
    message: `The history in ${file} is not used: ${reasons[kind]} (${detail}). What happens now is kept in memory only.`,
    remedy: remedies[kind](file),
  };
}
