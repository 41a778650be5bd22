// What goes on beside requests: the relay of the outbox, the work on tasks, and where no other process could, the beat.
import type { Log } from '../../kit/log.ts';
import type { WorkReport } from '../../stores/taskQueue.ts';
import { startBeat } from './beat.ts';
import { type Relay, startRelay } from './outbox.ts';
import type { Stores } from './stores.ts';
import { runTask } from './tasks.ts';

export interface Background {
  /** Something was written to the outbox. */
  kick(): void;
  close(): Promise<void>;
}

export interface BackgroundOptions {
  log: Log;
  works: boolean;
  beats: boolean;
}

export function startBackground(stores: Stores, { log, works, beats }: BackgroundOptions): Background {
  const { database, queue, cache, searchIndex } = stores;
  const onFailure = (error: unknown) => log('error', 'the background work failed', { error: String(error) });
  const relay: Relay = startRelay({ database, queue, onFailure });
  const setting = { database, cache, searchIndex, onTasksAdded: relay.kick };
  if (works) {
    queue.consume(async (delivery) => {
      const startedAt = performance.now();
      const facts = await runTask(setting, delivery);
      const ms = Math.round((performance.now() - startedAt) * 100) / 100;
      const { name: task, id, attempt } = delivery;
      log('info', `task ${task} done`, { task, id, attempt, ms, ...facts });
    });
  }
  const beat = beats ? startBeat({ database, onSent: relay.kick, onFailure }) : undefined;
  return {
    kick: relay.kick,
    async close() {
      beat?.close();
      await relay.close();
    },
  };
}

/** Says of each try that failed when it is tried again, or that it is not. */
export function createWorkReport(log: Log, count: (report: WorkReport) => void): (report: WorkReport) => void {
  return (report) => {
    count(report);
    const { task, id, attempt, outcome } = report;
    if (outcome.kind === 'done') return;
    const fields = { task, id, attempt, reason: outcome.reason };
    if (outcome.kind === 'dead') log('error', `task ${task} is dead`, fields);
    else log('warn', `task ${task} failed; it is tried again`, { ...fields, after_ms: outcome.delayMs });
  };
}
