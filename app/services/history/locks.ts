// One at a time in a place, also between processes: the console and a command line that does without it.

import type { History } from './history.ts';
import { isAlive } from './isAlive.ts';

export interface Lock {
  release(): void;
}

/** undefined: the process `pid` has it, and lives. */
export function takeLock(history: History, place: string, now: () => number): Lock | { heldBy: number } {
  let holder: number | undefined;
  history.write((database) =>
    database.transaction(() => {
      const [row] = database.all('SELECT pid FROM locks WHERE place = ?', place);
      const pid = row === undefined ? undefined : Number(row.pid);
      holder = pid !== undefined && pid !== process.pid && isAlive(pid) ? pid : undefined;
      if (holder !== undefined) return;
      database.run('INSERT OR REPLACE INTO locks (place, pid, at) VALUES (?, ?, ?)', place, process.pid, now());
    }),
  );
  if (holder !== undefined) return { heldBy: holder };
  return {
    release: () =>
      history.write((database) => {
        database.run('DELETE FROM locks WHERE place = ? AND pid = ?', place, process.pid);
      }),
  };
}
