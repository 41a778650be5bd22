// Tasks on their way to the queue. They are written in the transaction of what they follow from, so that neither happens
// without the other; a relay sends them when the queue is there, at least once.
import { inject } from '../../kit/tracing.ts';
import { type Database, insertRows, type Transaction, toList } from '../../stores/database.ts';
import { StoreAway } from '../../stores/storeState.ts';
import type { Task, TaskQueue } from '../../stores/taskQueue.ts';

export type NewTask = Pick<Task, 'id' | 'name' | 'payload'>;

/** A task whose id is waiting already is not written again. */
export function addTasks(transaction: Transaction, tasks: readonly NewTask[]): Promise<void> {
  // The span that is under way here has to be the parent of whatever comes of it, whoever sends it and whenever.
  const trace = JSON.stringify(inject());
  const now = new Date().toISOString();
  const rows = tasks.map(({ id, name, payload }) => [id, name, JSON.stringify(payload), trace, now]);
  const columns = ['message_id', 'task', 'payload', 'trace', 'created_at'];
  return insertRows(transaction, { table: 'outbox', columns, ending: 'on conflict (message_id) do nothing' }, rows);
}

export interface Relay {
  /** Something was written: look at once. */
  kick(): void;
  close(): Promise<void>;
}

export interface RelaySetting {
  database: Database;
  queue: Pick<TaskQueue, 'send' | 'isAway'>;
  /** A failure that no store being away explains. */
  onFailure(error: unknown): void;
}

const AT_ONCE = 50;
const LOOK_EVERY_MS = 500;
/** Longer than sending takes; a relay that ended in between leaves its tasks to the next one after this. */
const CLAIM_MS = 10_000;

/** Any number of relays may run, in as many processes: each task is claimed by one of them at a time. */
export function startRelay({ database, queue, onFailure }: RelaySetting): Relay {
  let isEnding = false;
  let wake = () => {};
  let isKicked = false;

  async function run(): Promise<void> {
    while (!isEnding) {
      isKicked = false;
      const sent = await relaySome(database, queue).catch((error: unknown) => {
        if (!(error instanceof StoreAway)) onFailure(error);
        return 0;
      });
      if (sent === AT_ONCE || isKicked) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_EVERY_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  const running = run();
  return {
    kick() {
      isKicked = true;
      wake();
    },
    async close() {
      isEnding = true;
      wake();
      await running;
    },
  };
}

interface Row {
  id: number;
  message_id: string;
  task: string;
  payload: string;
  trace: string;
}

/** How many were sent; fewer than were there when the queue did not take all of them. */
export async function relaySome(database: Database, queue: RelaySetting['queue']): Promise<number> {
  if (queue.isAway) return 0;
  const rows = await claim(database);
  if (rows.length === 0) return 0;
  const results = await Promise.allSettled(rows.map((row) => queue.send(toTask(row))));
  const sent = rows.filter((_, index) => results[index]?.status === 'fulfilled').map(({ id }) => id);
  const unsent = rows.filter((_, index) => results[index]?.status === 'rejected').map(({ id }) => id);
  if (sent.length > 0) await database.query(`delete from outbox where id in (${toList(sent.length)})`, sent);
  if (unsent.length > 0) {
    await database.query(`update outbox set claimed_until = null where id in (${toList(unsent.length)})`, unsent);
  }
  return sent.length;
}

function claim(database: Database): Promise<Row[]> {
  const now = Date.now();
  // The condition stands twice: of two relays that choose the same rows, the second waits for the first and then looks at
  // the outer one again.
  return database.query<Row>(
    `update outbox set claimed_until = $2
      where (claimed_until is null or claimed_until < $1) and id in
        (select id from outbox where claimed_until is null or claimed_until < $1 order by id limit ${AT_ONCE})
      returning id, message_id, task, payload, trace`,
    [new Date(now).toISOString(), new Date(now + CLAIM_MS).toISOString()],
  );
}

function toTask({ message_id, task, payload, trace }: Row): Task {
  return { id: message_id, name: task, payload: JSON.parse(payload), trace: JSON.parse(trace) };
}

export async function findOutbox(database: Database): Promise<{ waiting: number; oldest: string | null }> {
  const [row] = await database.query<{ waiting: number; oldest: string | null }>(
    'select count(*) as waiting, min(created_at) as oldest from outbox',
  );
  return row ?? { waiting: 0, oldest: null };
}
