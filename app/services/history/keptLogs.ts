// The last lines of containers that were removed: compressed, and bounded by `prune.ts`.
import { gunzipSync, gzipSync } from 'node:zlib';
import { type KeptLog, keptLogSchema } from '../../contract/index.ts';
import type { History } from './history.ts';
import { orderedId } from './orderedId.ts';

export const keptLogLimitBytes = 1024 * 1024;

export interface NewKeptLog {
  at: number;
  service: string;
  container: string;
  /** Lines as the engine stamped them, at most `keptLogLimitBytes`. */
  log: Buffer;
  cut: boolean;
}

export function addKeptLog(history: History, place: string, { at, service, container, log, cut }: NewKeptLog): void {
  const entry = JSON.stringify({ container, bytes: log.length, cut });
  const packed = gzipSync(log.subarray(-keptLogLimitBytes));
  history.write((database) => {
    const sql = 'INSERT INTO kept_logs (id, at, place, service, entry, log) VALUES (?, ?, ?, ?, ?, ?)';
    database.run(sql, orderedId(), Math.round(at), place, service, entry, packed);
  });
}

/** Newest first. */
export function listKeptLogs(history: History, place: string, service: string | null): KeptLog[] {
  const sql = `SELECT id, at, service, entry FROM kept_logs WHERE place = ? AND (? IS NULL OR service = ?)
    ORDER BY at DESC, id DESC LIMIT 200`;
  return history
    .read((database) => database.all(sql, place, service, service))
    .map(({ id, at, service: name, entry }) =>
      keptLogSchema.parse({ ...(JSON.parse(String(entry)) as object), id, at, service: name }),
    );
}

/** undefined when there is none of this id in this place. */
export function findKeptLog(history: History, place: string, id: string): Buffer | undefined {
  const sql = 'SELECT log FROM kept_logs WHERE place = ? AND id = ?';
  const [row] = history.read((database) => database.all(sql, place, id));
  return row?.log instanceof Uint8Array ? gunzipSync(row.log, { maxOutputLength: 2 * keptLogLimitBytes }) : undefined;
}
