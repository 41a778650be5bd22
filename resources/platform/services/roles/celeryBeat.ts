// Sends each task to the worker when it is due. It keeps no state: a restart begins every interval anew.
import { request as httpRequest } from 'node:http';
import type { Program, Running } from '../kit/program.ts';
import { ok, type Service } from '../kit/routes.ts';
import { serve } from '../kit/serve.ts';
import { WORKER } from './tasks.ts';

const SCHEDULE: readonly { task: string; everyMs: number }[] = [
  { task: 'count-stock', everyMs: 10_000 },
  { task: 'find-bestseller', everyMs: 30_000 },
  { task: 'count-search-words', everyMs: 60_000 },
];
const HEARTBEAT_MS = 15_000;
const SEND_TIMEOUT_MS = 5_000;

export async function runCeleryBeat(program: Program): Promise<Running> {
  let sent = 0;
  let failed = 0;

  async function sendTask(task: string): Promise<void> {
    try {
      await postTask(program, task);
      sent += 1;
      program.log('debug', `task ${task} sent`, { task });
    } catch (error) {
      failed += 1;
      program.log('warn', `task ${task} was not sent; it is due again after its interval`, {
        task,
        error: String(error),
      });
    }
  }

  const service: Service = {
    name: 'celery-beat',
    port: WORKER.port,
    healthPath: '/health',
    routes: [{ method: 'GET', path: '/health', handle: () => ok({ status: 'ok', sent, failed }) }],
  };
  const server = await serve(service, program, `ready; ${SCHEDULE.length} tasks scheduled`);
  const timers = SCHEDULE.map(({ task, everyMs }) => setInterval(() => void sendTask(task), everyMs));
  timers.push(setInterval(() => program.log('info', 'heartbeat', { sent, failed }), HEARTBEAT_MS));
  return {
    close() {
      for (const timer of timers) clearInterval(timer);
      server.close();
    },
  };
}

function postTask(program: Program, task: string): Promise<void> {
  const { host, port } = program.dial(WORKER.name, WORKER.port);
  const body = JSON.stringify({ task });
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host,
        port,
        method: 'POST',
        path: WORKER.path,
        timeout: SEND_TIMEOUT_MS,
        agent: false,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        if (response.statusCode === 202) resolve();
        else reject(new Error(`the worker answered ${response.statusCode}`));
      },
    );
    request.once('timeout', () => request.destroy(new Error(`no answer within ${SEND_TIMEOUT_MS} ms`)));
    request.once('error', reject);
    request.end(body);
  });
}
