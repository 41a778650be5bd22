// Works off the shop's tasks. Where no broker runs its queue is in this process, and tasks come to it over HTTP.
import { randomUUID } from 'node:crypto';
import type { Program, Running } from '../kit/program.ts';
import { ok, type Reply, type Route, readJson, refuse, type ServiceRequest } from '../kit/routes.ts';
import { serve } from '../kit/serve.ts';
import { StoreAway } from '../stores/storeState.ts';
import type { TaskQueue } from '../stores/taskQueue.ts';
import { type Background, createWorkReport, startBackground } from './shop/background.ts';
import { startPreparation } from './shop/prepare.ts';
import { toUnavailable } from './shop/refusal.ts';
import { createShopMetrics } from './shop/shopMetrics.ts';
import { openStores } from './shop/stores.ts';
import { TASKS } from './shop/tasks.ts';

/** Its port also carries health and metrics. */
export const WORKER = { name: 'celery_worker', port: 9808, path: '/tasks/' };
const HEARTBEAT_MS = 15_000;

export async function runCeleryWorker(program: Program): Promise<Running> {
  const { log } = program;
  const metrics = createShopMetrics(program.metrics.registry);
  const done = { count: 0 };
  const stores = await openStores(program, {
    countCache: metrics.countCache,
    reportWork: createWorkReport(log, (report) => {
      if (report.outcome.kind === 'done') done.count += 1;
      metrics.countTask(report);
    }),
  });
  metrics.watch(stores);
  let background: Background | undefined;
  const preparation = startPreparation({
    ...{ database: stores.database, log },
    onDone() {
      background = startBackground(stores, { log, works: true, beats: false });
    },
  });
  await preparation.wait();

  const health: Route = {
    method: 'GET',
    path: '/health',
    handle: () =>
      preparation.isDone
        ? ok({ status: 'ok', service: 'celery-worker', done: done.count, degraded: stores.degraded() })
        : refuse(503, 'starting', 'the database is being made ready'),
  };
  const intake: Route = {
    method: 'POST',
    path: WORKER.path,
    handle: (request) => takeIn(stores.queue, request),
  };
  const heartbeat = setInterval(() => log('info', 'heartbeat', { done: done.count }), HEARTBEAT_MS);
  return serve(
    {
      name: 'celery-worker',
      port: WORKER.port,
      healthPath: health.path,
      // With a broker tasks come from it alone: here nobody would ask who sent them.
      routes: stores.isQueueHere ? [health, intake] : [health],
      describe: stores.describe,
      async close() {
        clearInterval(heartbeat);
        preparation.cancel();
        await background?.close();
        await stores.close();
      },
    },
    program,
    stores.isQueueHere ? 'ready; no broker runs, tasks come over HTTP' : 'ready',
  );
}

async function takeIn(queue: TaskQueue, request: ServiceRequest): Promise<Reply> {
  const json = readJson(request);
  if ('refusal' in json) return json.refusal;
  const { task, id = randomUUID(), payload = {} } = json.value;
  if (typeof task !== 'string' || !Object.hasOwn(TASKS, task)) {
    return refuse(400, 'no-such-task', `task must be one of ${Object.keys(TASKS).join(', ')}`);
  }
  if (typeof id !== 'string' || typeof payload !== 'object' || payload === null) {
    return refuse(400, 'bad-task', 'id must be a text, and payload an object');
  }
  try {
    await queue.send({ id, name: task, payload: payload as Record<string, unknown>, trace: {} });
  } catch (error) {
    if (error instanceof StoreAway) return toUnavailable(error);
    throw error;
  }
  return { status: 202, body: { id, task } };
}
