// What happened in an environment, as rows of the timeline. Two consoles that see the same event write it once.
import { createHash } from 'node:crypto';
import { type Cursor, type TimelineEntry, type TimelineKind, timelineEntrySchema } from '../../contract/index.ts';
import type { History } from './history.ts';

export type Happening = Omit<TimelineEntry, 'id' | 'operator'>;

const textLimit = 1000;

export function addHappening(history: History, place: string, happening: Happening): void {
  const { at, kind, level } = happening;
  const [subject, text] = [happening.subject.slice(0, textLimit), happening.text.slice(0, textLimit)];
  const id = createHash('sha256')
    .update(JSON.stringify([place, at, kind, subject, text]))
    .digest('base64url');
  const entry = JSON.stringify({ level, subject, text });
  history.write((database) => {
    const sql = 'INSERT OR IGNORE INTO happenings (id, at, place, kind, entry) VALUES (?, ?, ?, ?, ?)';
    database.run(sql, id.slice(0, 22), Math.round(at), place, kind, entry);
  });
}

export interface PageQuery {
  place: string;
  kinds: readonly TimelineKind[];
  /** What is older than this; null: the newest. */
  before: Cursor | null;
  limit: number;
}

/** Newest first. */
export function listHappenings(history: History, { place, kinds, before, limit }: PageQuery): TimelineEntry[] {
  const { at, id } = before ?? newest;
  const marks = kinds.map(() => '?').join(', ');
  const sql = `SELECT id, at, kind, entry FROM happenings
    WHERE place = ? AND (at, id) < (?, ?) AND kind IN (${marks}) ORDER BY at DESC, id DESC LIMIT ?`;
  return history
    .read((database) => database.all(sql, place, at, id, ...kinds, limit))
    .map((row) =>
      timelineEntrySchema.parse({
        ...(JSON.parse(String(row.entry)) as object),
        id: row.id,
        at: row.at,
        kind: row.kind,
        operator: null,
      }),
    );
}

/** Later than every entry. */
export const newest: Cursor = { at: Number.MAX_SAFE_INTEGER, id: '' };
