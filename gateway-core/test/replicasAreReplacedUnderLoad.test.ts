import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { startGateway, type TestGateway } from './fixture.ts';
import { startMany, toMany, viewMany } from './replicas.ts';

/**
 * Answers after some ms; on SIGTERM it finishes what it has and says so on each connection, as a good service does: Node
 * closes only those that are idle at that moment.
 */
const SERVICE = `
  let isStopping = false;
  const answer = (res) => {
    if (isStopping) res.setHeader('connection', 'close');
    res.end(String(process.pid));
  };
  const server = require('node:http').createServer((req, res) => {
    req.resume().on('end', () => setTimeout(answer, Math.random() * 20, res));
  }).listen(0, '127.0.0.1', () => console.log(server.address().port));
  process.on('SIGTERM', () => {
    isStopping = true;
    server.close(() => process.exit(0));
  });`;

interface Service {
  readonly id: string;
  readonly child: ChildProcess;
  /** Resolves with the exit code. */
  stop(): Promise<number | null>;
}

async function startService(): Promise<Service> {
  const child = spawn(process.execPath, ['-e', SERVICE], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const stop = async () => {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = (await exit) as [number | null];
    return code;
  };
  return { id: `127.0.0.1:${String(line).trim()}`, child, stop };
}

interface Load {
  /** Ends it; how every request ended, and by how many processes they were answered. */
  end(): Promise<{ asked: number; failed: string[]; processes: number }>;
  readonly answered: () => number;
}

/** 300 requests a second, one in four with a body, until it is ended. */
function startLoad(port: number): Load {
  const agent = new Agent({ keepAlive: true });
  const failed: string[] = [];
  const processes = new Set<string>();
  const running = new Set<Promise<void>>();
  let asked = 0;
  let answered = 0;

  function askOnce(): Promise<void> {
    asked += 1;
    const method = asked % 4 === 0 ? 'PUT' : 'GET';
    return new Promise((resolve) => {
      const finish = (failure?: string) => {
        if (failure !== undefined) failed.push(failure);
        else answered += 1;
        resolve();
      };
      const outgoing = request({ agent, port, host: '127.0.0.1', path: `/many/${asked}`, method }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          body += part;
        });
        response.on('error', (error) => finish(String(error)));
        response.on('end', () => {
          if (response.statusCode === 200) processes.add(body);
          finish(response.statusCode === 200 ? undefined : `${response.statusCode} ${body}`);
        });
      });
      outgoing.on('error', (error) => finish(String(error)));
      outgoing.end(method === 'PUT' ? 'x'.repeat(2_000) : undefined);
    });
  }

  const timer = setInterval(() => {
    for (let index = 0; index < 3; index++) {
      const one = askOnce();
      running.add(one);
      void one.then(() => running.delete(one));
    }
  }, 10);
  return {
    answered: () => answered,
    async end() {
      clearInterval(timer);
      await Promise.all(running);
      agent.destroy();
      return { asked, failed, processes: processes.size };
    },
  };
}

/** Until so many more requests were answered: time alone says nothing on a busy machine. */
async function more(load: Load, count: number): Promise<void> {
  const goal = load.answered() + count;
  await expect.poll(load.answered, { timeout: 60_000 }).toBeGreaterThanOrEqual(goal);
}

function setReplicas({ gateway }: TestGateway, replicas: string[]): void {
  const { upstreams, yaml } = toMany({ replicas });
  gateway.replaceConfig(loadConfig(`version: 1\nupstreams:\n${upstreams}\nroutes:\n${yaml}`));
}

test('a new replica is started, the old one drained and stopped, and no request is lost', async () => {
  let current = await startService();
  const gateway = await startMany({ replicas: [current.id] });
  const load = startLoad(gateway.port);
  for (let round = 0; round < 4; round++) {
    await more(load, 200);
    const next = await startService();
    setReplicas(gateway, [current.id, next.id]);
    await more(load, 100);
    setReplicas(gateway, [next.id]);
    expect(await current.stop()).toBe(0);
    current = next;
  }
  await more(load, 200);
  const { asked, failed, processes } = await load.end();
  expect(failed).toEqual([]);
  expect(processes).toBe(5);
  expect(asked).toBeGreaterThanOrEqual(1_400);
  expect((await viewMany(gateway)).replicas).toMatchObject([{ id: current.id, inFlight: 0 }]);
});

test('a replica that an operator drains can be stopped without losing a request', async () => {
  const services = [await startService(), await startService(), await startService()];
  const gateway = await startMany({ replicas: services.map(({ id }) => id) });
  const load = startLoad(gateway.port);
  for (const { id, stop } of services.slice(0, 2)) {
    await more(load, 150);
    gateway.gateway.upstreams.drainReplica('many', id, Date.now() + 600_000);
    expect(await stop()).toBe(0);
  }
  await more(load, 150);
  expect((await load.end()).failed).toEqual([]);
});

test('with another try, a replica that stops before anybody says so loses no request either', async () => {
  const services = [await startService(), await startService()];
  const gateway = await startGateway({
    ...toMany({
      replicas: services.map(({ id }) => id),
      upstream: 'retryBudget: { share: 1 }',
      route: 'retry: { attempts: 3, on: [connect-failure, reset] }',
    }),
  });
  const load = startLoad(gateway.port);
  await more(load, 200);
  expect(await services[0]?.stop()).toBe(0);
  await more(load, 300);
  const { failed } = await load.end();
  expect(failed).toEqual([]);
  expect((await viewMany(gateway)).totals.retries).toBeGreaterThan(0);
});
