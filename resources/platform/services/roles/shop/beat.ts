// When which task is due. It stands in the database, so that a restart changes nothing, and is moved on in the transaction
// that writes the task to the outbox: of any number of beats one sends it, once.
import type { Database } from '../../stores/database.ts';
import { StoreAway } from '../../stores/storeState.ts';
import { addTasks } from './outbox.ts';

export interface Schedule {
  task: string;
  everyMs: number;
  payload?: Readonly<Record<string, unknown>>;
}

export const SCHEDULES: readonly Schedule[] = [
  { task: 'count-stock', everyMs: 10_000 },
  { task: 'index-products', everyMs: 15_000, payload: { check: true } },
  { task: 'find-bestseller', everyMs: 30_000 },
  { task: 'resume-orders', everyMs: 30_000 },
  { task: 'restock', everyMs: 60_000 },
  { task: 'clean-up', everyMs: 600_000 },
];

const LOOK_EVERY_MS = 1_000;
const ID_PREFIX = 'beat-';

/** Sends what is due at `now` and answers the names. Times that were missed come to one. */
export async function sendDue(
  database: Database,
  { schedules, now }: { schedules: readonly Schedule[]; now: number },
): Promise<string[]> {
  return database.transaction(async (transaction) => {
    // Transaction scoped: it is free again when this beat ends in the middle, and PgBouncer allows no other kind.
    await transaction.lock('beat');
    const rows = await transaction.query<{ task: string; due_at: string }>('select task, due_at from schedule');
    const dueAt = new Map(rows.map((row) => [row.task, Date.parse(row.due_at)]));
    const due = schedules.filter(({ task }) => (dueAt.get(task) ?? now) <= now);
    for (const { task, everyMs } of due) {
      // On the task's own grid, so that a late look does not shift it.
      const next = new Date((Math.floor(now / everyMs) + 1) * everyMs).toISOString();
      await transaction.query(
        'insert into schedule (task, due_at) values ($1, $2) on conflict (task) do update set due_at = excluded.due_at',
        [task, next],
      );
    }
    // While the queue is away its tasks wait, and one of each is enough.
    const waiting = await transaction.query<{ task: string }>(
      `select distinct task from outbox where message_id like '${ID_PREFIX}%'`,
    );
    const isWaiting = new Set(waiting.map(({ task }) => task));
    const sent = due.filter(({ task }) => !isWaiting.has(task));
    await addTasks(
      transaction,
      sent.map(({ task, payload = {} }) => ({ id: `${ID_PREFIX}${task}-${now}`, name: task, payload })),
    );
    return sent.map(({ task }) => task);
  });
}

export interface BeatSetting {
  database: Database;
  schedules?: readonly Schedule[];
  onSent(tasks: readonly string[]): void;
  /** A failure that no store being away explains. */
  onFailure(error: unknown): void;
}

export function startBeat({ database, schedules = SCHEDULES, onSent, onFailure }: BeatSetting): { close(): void } {
  let isLooking = false;
  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      const sent = await sendDue(database, { schedules, now: Date.now() });
      if (sent.length > 0) onSent(sent);
    } catch (error) {
      if (!(error instanceof StoreAway)) onFailure(error);
    } finally {
      isLooking = false;
    }
  }
  void look();
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return { close: () => clearInterval(timer) };
}
