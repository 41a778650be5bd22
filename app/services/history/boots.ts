// How long the stack took to come up, each time.
import { type Boot, bootSchema } from '../../contract/index.ts';
import type { History } from './history.ts';
import { orderedId } from './orderedId.ts';

export function addBoot(history: History, place: string, boot: Omit<Boot, 'id'>): void {
  const { at, ...entry } = boot;
  history.write((database) => {
    const sql = 'INSERT INTO boots (id, at, place, entry) VALUES (?, ?, ?, ?)';
    database.run(sql, orderedId(), Math.round(at), place, JSON.stringify(entry));
  });
}

/** Newest first. */
export function listBoots(history: History, place: string, limit: number): Boot[] {
  const sql = 'SELECT id, at, entry FROM boots WHERE place = ? ORDER BY at DESC, id DESC LIMIT ?';
  return history
    .read((database) => database.all(sql, place, limit))
    .map(({ id, at, entry }) => bootSchema.parse({ ...(JSON.parse(String(entry)) as object), id, at }));
}
