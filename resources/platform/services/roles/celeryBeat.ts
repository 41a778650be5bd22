// Has each task done when it is due. What is due stands in the database: any number of beats may run, and a restart sends
// nothing twice. Where no broker runs it sends to the worker over HTTP, and what is due stands in this process.
import { request as httpRequest } from 'node:http';
import { findWorkers } from '../kit/environment.ts';
import type { Program, Running } from '../kit/program.ts';
import { ok, type Route, refuse } from '../kit/routes.ts';
import { serve } from '../kit/serve.ts';
import { StoreAway, toReason } from '../stores/storeState.ts';
import type { Task } from '../stores/taskQueue.ts';
import { WORKER } from './celeryWorker.ts';
import { SCHEDULES, startBeat } from './shop/beat.ts';
import { type RelaySetting, startRelay } from './shop/outbox.ts';
import { startPreparation } from './shop/prepare.ts';
import { findBroker, openDatabase, QUEUE_NAME } from './shop/stores.ts';

const HEARTBEAT_MS = 15_000;
const SEND_TIMEOUT_MS = 2_000;

export async function runCeleryBeat(program: Program): Promise<Running> {
  const { log, environment } = program;
  const database = await openDatabase(program, Math.min(2, findWorkers(environment)));
  const broker = findBroker(program, { name: QUEUE_NAME, atOnce: 1, report: () => {} });
  const queue = broker ?? createHttpSender(program);
  const onFailure = (error: unknown) => log('error', 'beat failed', { error: String(error) });
  const closing: (() => void | Promise<void>)[] = [];
  let sent = 0;
  const preparation = startPreparation({
    ...{ database, log, withPast: false },
    onDone() {
      const relay = startRelay({ database, queue, onFailure });
      const onSent = (tasks: readonly string[]) => {
        sent += tasks.length;
        log('debug', `due: ${tasks.join(', ')}`);
        relay.kick();
      };
      closing.push(startBeat({ database, onSent, onFailure }).close, relay.close);
    },
  });
  await preparation.wait();

  const health: Route = {
    method: 'GET',
    path: '/health',
    handle: () =>
      preparation.isDone
        ? ok({ status: 'ok', service: 'celery-beat', sent, degraded: findDegraded(database, queue) })
        : refuse(503, 'starting', 'the database is being made ready'),
  };
  const heartbeat = setInterval(() => log('info', 'heartbeat', { sent }), HEARTBEAT_MS);
  return serve(
    {
      name: 'celery-beat',
      port: WORKER.port,
      healthPath: health.path,
      routes: [health],
      describe: { database: database.described, queue: broker?.described ?? 'no broker runs: the worker, over HTTP' },
      async close() {
        clearInterval(heartbeat);
        preparation.cancel();
        for (const close of closing) await close();
        await broker?.close();
        await database.close();
      },
    },
    program,
    `ready; ${SCHEDULES.length} tasks scheduled`,
  );
}

function findDegraded(database: { isAway: boolean }, queue: { isAway: boolean }): string[] {
  return [...(database.isAway ? ['database'] : []), ...(queue.isAway ? ['queue'] : [])];
}

/** What a broker does otherwise, without its memory: a task that is not taken waits in the outbox. */
function createHttpSender(program: Program): RelaySetting['queue'] {
  return { isAway: false, send: (task) => postTask(program, task) };
}

function postTask(program: Program, { id, name, payload }: Task): Promise<void> {
  const { host, port } = program.dial(WORKER.name, WORKER.port);
  const body = JSON.stringify({ task: name, id, payload });
  return new Promise((resolve, reject) => {
    const refuseTask = (reason: string) => reject(new StoreAway('worker', reason));
    const request = httpRequest(
      {
        ...{ host, port, method: 'POST', path: WORKER.path, timeout: SEND_TIMEOUT_MS, agent: false },
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        if (response.statusCode === 202) resolve();
        else refuseTask(`it answered ${response.statusCode}`);
      },
    );
    request.once('timeout', () => request.destroy(new Error(`no answer within ${SEND_TIMEOUT_MS} ms`)));
    request.once('error', (error) => refuseTask(toReason(error)));
    request.end(body);
  });
}
