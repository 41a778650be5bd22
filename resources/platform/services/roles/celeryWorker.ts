// Works off a queue of tasks. The queue is in this process: no broker runs behind the stand-in of RabbitMQ, so tasks
// come over HTTP on the worker's metrics port, and the log says so.
import type { Program, Running } from '../kit/program.ts';
import { ok, type Reply, readJson, refuse, type Service, type ServiceRequest } from '../kit/routes.ts';
import { serve } from '../kit/serve.ts';
import { TASKS, WORKER } from './tasks.ts';

const QUEUE_LIMIT = 1_000;
const TURN_MS = 250;
const HEARTBEAT_MS = 15_000;

export async function runCeleryWorker(program: Program): Promise<Running> {
  const queue: { id: number; task: string }[] = [];
  let accepted = 0;
  let done = 0;

  function enqueue(request: ServiceRequest): Reply {
    const json = readJson(request);
    if ('refusal' in json) return json.refusal;
    const { task } = json.value;
    if (typeof task !== 'string' || !Object.hasOwn(TASKS, task)) {
      return refuse(400, 'no-such-task', `task must be one of ${Object.keys(TASKS).join(', ')}`);
    }
    if (queue.length >= QUEUE_LIMIT) return refuse(503, 'queue-full', `${QUEUE_LIMIT} tasks wait already`);
    accepted += 1;
    queue.push({ id: accepted, task });
    return { status: 202, body: { id: accepted, task, waiting: queue.length } };
  }

  function workOff(): void {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const startedAt = performance.now();
      const result = TASKS[next.task]?.() ?? {};
      done += 1;
      const ms = Math.round((performance.now() - startedAt) * 100) / 100;
      program.log('info', `task ${next.task} done`, { task: next.task, id: next.id, ms, ...result });
    }
  }

  const service: Service = {
    name: 'celery-worker',
    port: WORKER.port,
    healthPath: '/health',
    routes: [
      { method: 'GET', path: '/health', handle: () => ok({ status: 'ok', waiting: queue.length, done }) },
      { method: 'POST', path: WORKER.path, handle: enqueue },
    ],
  };
  const server = await serve(service, program, 'ready; the queue is in memory, tasks come over HTTP');
  const turn = setInterval(workOff, TURN_MS);
  const heartbeat = setInterval(() => program.log('info', 'heartbeat', { waiting: queue.length, done }), HEARTBEAT_MS);
  return {
    close() {
      clearInterval(turn);
      clearInterval(heartbeat);
      workOff();
      server.close();
    },
  };
}
