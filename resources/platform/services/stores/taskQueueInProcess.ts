// The queue where no broker runs: in this process's memory, with the same tries and the same dead. It ends with the process.
import { setTimeout as delay } from 'node:timers/promises';
import { StoreAway } from './storeState.ts';
import { type Delivery, type QueueSettings, sendInSpan, type TaskQueue, type Work, workOff } from './taskQueue.ts';

const LIMIT = 10_000;
const DEAD_KEPT = 1_000;
const CLOSING_LOOKS = 30;
const CLOSING_LOOK_MS = 20;

export function createInProcessQueue(given: QueueSettings): TaskQueue {
  const settings = { ...given, system: 'in-process' as const };
  const waiting: Delivery[] = [];
  const dead: Delivery[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let work: Work | undefined;
  let running = 0;
  let isClosed = false;

  function begin(): void {
    while (work !== undefined && !isClosed && running < settings.atOnce) {
      const delivery = waiting.shift();
      if (delivery === undefined) return;
      running += 1;
      void finish(delivery, work);
    }
  }

  async function finish(delivery: Delivery, work: Work): Promise<void> {
    const outcome = await workOff(delivery, work, settings);
    running -= 1;
    if (outcome.kind === 'dead') {
      dead.push(delivery);
      if (dead.length > DEAD_KEPT) dead.shift();
    }
    if (outcome.kind === 'retry') {
      const timer = setTimeout(() => {
        timers.delete(timer);
        waiting.push({ ...delivery, attempt: delivery.attempt + 1 });
        begin();
      }, outcome.delayMs);
      timers.add(timer);
    }
    begin();
  }

  return {
    described: 'in this process: no broker runs, tasks are worked off here',
    isAway: false,
    send: (task) =>
      sendInSpan(task, settings, async (traced) => {
        if (isClosed) throw new StoreAway('task queue', 'it is closed');
        if (waiting.length + timers.size >= LIMIT) throw new StoreAway('task queue', `${LIMIT} tasks wait already`);
        waiting.push({ ...traced, attempt: 1 });
        // Not at once: the sender goes on first, as with a broker.
        setImmediate(begin);
      }),
    consume(wanted) {
      work = wanted;
      begin();
    },
    depth: async () => ({ ready: waiting.length, retrying: timers.size, dead: dead.length }),
    async close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
      for (let looks = 0; running > 0 && looks < CLOSING_LOOKS; looks += 1) await delay(CLOSING_LOOK_MS);
    },
  };
}
