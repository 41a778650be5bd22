// What this host keeps on disk, in figures: for the operator who wonders where it lies and what may be removed.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HostStorage } from '../../contract/index.ts';
import type { History } from '../history/history.ts';
import { tables } from '../history/migrations.ts';

export interface StorageOptions {
  history: History;
  runtimeFolder: string;
}

export function readHostStorage({ history, runtimeFolder }: StorageOptions): HostStorage {
  const state = history.state.current;
  const { rows, keptLogBytes } = history.read((database) => ({
    rows: Object.fromEntries(
      tables.map((table) => [table, Number(database.all(`SELECT count(*) AS n FROM ${table}`)[0]?.n ?? 0)]),
    ),
    keptLogBytes: Number(database.all('SELECT coalesce(sum(length(log)), 0) AS n FROM kept_logs')[0]?.n ?? 0),
  }));
  return {
    history: state,
    places: [
      // SQLite's newest pages lie beside the file until they are taken over.
      { what: 'history', path: state.file, bytes: sum([state.file, `${state.file}-wal`].map(findSize)) },
      { what: 'runtime', path: runtimeFolder, bytes: findFolderSize(runtimeFolder) },
    ],
    rows,
    keptLogBytes,
  };
}

/** null when nothing of it is there. */
function sum(sizes: readonly (number | null)[]): number | null {
  const known = sizes.filter((size) => size !== null);
  return known.length > 0 ? known.reduce((total, size) => total + size, 0) : null;
}

function findSize(path: string): number | null {
  try {
    const stats = statSync(path);
    return stats.isFile() ? stats.size : null;
  } catch {
    return null;
  }
}

const filesLimit = 5000;

/** Files right inside and below, as many as can be looked at without holding up the host. */
function findFolderSize(folder: string): number | null {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).slice(0, filesLimit);
    return names.reduce((total, name) => total + (findSize(join(folder, name)) ?? 0), 0);
  } catch {
    return null;
  }
}
