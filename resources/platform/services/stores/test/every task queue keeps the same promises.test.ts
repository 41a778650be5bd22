import { afterAll, beforeAll, describe, expect, onTestFinished, type TestContext, test } from 'vitest';
import { HAS_ENGINE, needEngine, type RealRabbit, STARTING_MS, startRabbit } from '../../test/realServers.ts';
import { StoreAway } from '../storeState.ts';
import { type Delivery, type QueueSettings, type TaskQueue, TaskRefused, type WorkReport } from '../taskQueue.ts';
import { createInProcessQueue } from '../taskQueueInProcess.ts';
import { createRabbitQueue } from '../taskQueueRabbit.ts';

const KINDS = ['in this process', 'RabbitMQ'] as const;
const RETRY_DELAYS_MS = [50, 150];
const POLL = { timeout: 30_000, interval: 50 };
let server: RealRabbit | undefined;
beforeAll(async () => {
  if (HAS_ENGINE) server = await startRabbit();
}, STARTING_MS);
afterAll(() => server?.remove(), STARTING_MS);

let count = 0;

async function open(kind: (typeof KINDS)[number], context: TestContext, atOnce = 4) {
  const reports: WorkReport[] = [];
  count += 1;
  const settings: QueueSettings = {
    ...{ name: `test.${count}`, atOnce, retryDelaysMs: RETRY_DELAYS_MS },
    report: (report) => void reports.push(report),
  };
  if (kind === 'in this process') return { queue: keep(createInProcessQueue(settings)), reports };
  needEngine(context);
  const { url, password } = server as RealRabbit;
  const another = async () => {
    const queue = keep(createRabbitQueue({ ...settings, url, password, log: () => {} }));
    await expect.poll(() => queue.isAway, POLL).toBe(false);
    return queue;
  };
  return { queue: await another(), reports, another };
}

function keep(queue: TaskQueue): TaskQueue {
  onTestFinished(() => queue.close());
  return queue;
}

const toTask = (id: string, payload = {}) => ({ id, name: 'count', payload, trace: {} });
const outcomes = (reports: readonly WorkReport[]) => reports.map(({ outcome }) => outcome.kind);

describe.each(KINDS)('%s', { timeout: 60_000 }, (kind) => {
  test('brings each task to the work as it was sent', async (context) => {
    const { queue } = await open(kind, context);
    const deliveries: Delivery[] = [];
    queue.consume(async (delivery) => void deliveries.push(delivery));
    const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=1' };
    await queue.send({ id: 'one', name: 'count', payload: { of: ['ä', 1] }, trace });
    await expect.poll(() => deliveries, POLL).toHaveLength(1);
    expect(deliveries[0]).toEqual({ id: 'one', name: 'count', payload: { of: ['ä', 1] }, trace, attempt: 1 });
    expect(await queue.depth()).toEqual({ ready: 0, retrying: 0, dead: 0 });
  });

  test('keeps what is sent before anybody works', async (context) => {
    const { queue } = await open(kind, context);
    await queue.send(toTask('one'));
    await queue.send(toTask('two'));
    const ids: string[] = [];
    queue.consume(async ({ id }) => void ids.push(id));
    await expect.poll(() => ids, POLL).toEqual(['one', 'two']);
  });

  test('tries again what has failed, and counts the tries', async (context) => {
    const { queue, reports } = await open(kind, context);
    queue.consume(async ({ attempt }) => {
      if (attempt < 3) throw new Error('not yet');
    });
    await queue.send(toTask('one'));
    await expect.poll(() => outcomes(reports), POLL).toEqual(['retry', 'retry', 'done']);
    expect(reports.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(await queue.depth()).toEqual({ ready: 0, retrying: 0, dead: 0 });
  });

  test('lays aside what fails to the end, and at once what is refused', async (context) => {
    const { queue, reports } = await open(kind, context);
    queue.consume(async ({ id }) => {
      throw id === 'refused' ? new TaskRefused('never') : new Error('always');
    });
    await queue.send(toTask('failing'));
    await expect.poll(() => outcomes(reports), POLL).toEqual(['retry', 'retry', 'dead']);
    await queue.send(toTask('refused'));
    await expect.poll(() => outcomes(reports).at(3), POLL).toBe('dead');
    await expect.poll(() => queue.depth(), POLL).toEqual({ ready: 0, retrying: 0, dead: 2 });
  });

  test('has no more under way than it was told', async (context) => {
    const { queue } = await open(kind, context, 2);
    let running = 0;
    let most = 0;
    let done = 0;
    queue.consume(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
      done += 1;
    });
    await Promise.all(Array.from({ length: 12 }, (_, index) => queue.send(toTask(`${index}`))));
    await expect.poll(() => done, POLL).toBe(12);
    expect(most).toBe(2);
  });
});

describe('RabbitMQ', { timeout: 120_000 }, () => {
  test('gives to another what the one that had it did not finish', async (context) => {
    const { queue, another } = await open('RabbitMQ', context, 1);
    queue.consume(() => new Promise(() => {}));
    await queue.send(toTask('one'));
    const ids: string[] = [];
    const second = await another?.();
    await expect.poll(() => second?.depth(), POLL).toMatchObject({ ready: 0 });
    second?.consume(async ({ id }) => void ids.push(id));
    await queue.close();
    await expect.poll(() => ids, POLL).toEqual(['one']);
  });

  test('says that it is away while it is, loses nothing that it has confirmed, and is back by itself', async (context) => {
    const { queue } = await open('RabbitMQ', context);
    const broker = server;
    await queue.send(toTask('before'));
    await broker?.stop();
    await expect.poll(() => queue.isAway, POLL).toBe(true);
    await expect(queue.send(toTask('meanwhile'))).rejects.toBeInstanceOf(StoreAway);
    await expect(queue.depth()).rejects.toBeInstanceOf(StoreAway);
    const ids: string[] = [];
    queue.consume(async ({ id }) => void ids.push(id));
    await broker?.start();
    await expect.poll(() => queue.isAway, { timeout: 60_000, interval: 200 }).toBe(false);
    await queue.send(toTask('after'));
    await expect.poll(() => ids, POLL).toEqual(['before', 'after']);
  });

  test('does not wait for a broker that answers nothing', async (context) => {
    const { queue } = await open('RabbitMQ', context);
    const broker = server;
    await broker?.freeze();
    try {
      await expect(queue.send(toTask('one'))).rejects.toThrow('no confirmation within 2000 ms');
    } finally {
      await broker?.thaw();
    }
  });
});
