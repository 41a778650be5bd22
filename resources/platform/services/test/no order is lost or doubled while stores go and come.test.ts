// Two backends, two workers and a beat as real processes over real stores, each of which is killed and started again while
// customers order. What a customer was told counts: each order once, paid and confirmed, and taken from the stock once.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { repetitions } from '../../../../scripts/endurance.mjs';
import type { Database } from '../stores/database.ts';
import { openPostgres } from '../stores/databasePostgres.ts';
import { askSigned, createIdentityFile } from './gatewayIdentity.ts';
import { needEngine, needRedis, startPostgres, startRabbit, startRedis } from './realServers.ts';
import { type ServiceProcess, startService } from './serviceProcess.ts';
import { startStandIn } from './standInProcess.ts';

const ORDERS = repetitions({ usual: 60, ci: 200, soak: 1_000 });
const CUSTOMERS = 8;
const PRODUCTS = 10;
const PLENTY = 1_000_000;
const TIMEOUT_MS = 120_000 + ORDERS * 1_000;

interface Process {
  url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

async function startProcess(role: string, port: number, environment: Record<string, string>): Promise<Process> {
  let service: ServiceProcess;
  const started: Process = {
    url: '',
    async kill() {
      service.child.kill('SIGKILL');
      await new Promise((resolve) => service.child.once('exit', resolve));
    },
    async start() {
      service = startService([role], { ...environment, GATEHOUSE_PORTS: `{"${port}":"127.0.0.1:0"}` });
      started.url = `http://${(await service.line((line) => line.address !== undefined)).address}`;
    },
  };
  await started.start();
  onTestFinished(() => service.stop().then(() => {}));
  return started;
}

async function startShop() {
  const [postgres, rabbit, redis, elastic] = await Promise.all([
    startPostgres({ poolSize: 8 }),
    startRabbit(),
    startRedis(),
    startStandIn('elasticsearch'),
  ]);
  onTestFinished(async () => void (await Promise.all([postgres.remove(), rabbit.remove(), redis.remove()])), 60_000);
  const identity = createIdentityFile();
  onTestFinished(identity.remove);
  const url = await postgres.createDatabase();
  const environment = {
    ...{ GATEHOUSE_IDENTITY: 'enforce', GATEHOUSE_IDENTITY_FILE: identity.path },
    ...{ SHOP_DATABASE: url.href, SHOP_DATABASE_PASSWORD: postgres.password },
    ...{ SHOP_QUEUE: rabbit.url.href, SHOP_QUEUE_PASSWORD: rabbit.password },
    ...{ SHOP_CACHE: `redis://127.0.0.1:${redis.port}/0`, SHOP_SEARCH: elastic.url },
  };
  const [one, two, worker, other] = await Promise.all([
    startProcess('backend', 8000, environment),
    startProcess('backend', 8000, environment),
    startProcess('celery-worker', 9808, environment),
    startProcess('celery-worker', 9808, environment),
    startProcess('celery-beat', 9808, environment),
  ]);
  const database = await openPostgres({ url, password: postgres.password, connections: 2, log: () => {} });
  onTestFinished(() => database.close());
  const faults: [string, () => Promise<void>, () => Promise<void>][] = [
    ['redis', redis.stop, redis.start],
    ['elasticsearch', elastic.stop, elastic.restart],
    ['rabbitmq', rabbit.stop, rabbit.start],
    ['pgbouncer', postgres.stop, postgres.start],
    ['a worker', worker.kill, worker.start],
    ['the other worker', other.kill, other.start],
    ['a backend', two.kill, two.start],
  ];
  return { backends: [one, two], database, faults };
}

/** Sends the same order with the same key until somebody has taken it, as a client does; answers its id. */
async function insist(backends: readonly Process[], key: string, number: number): Promise<number> {
  const asked = {
    method: 'POST' as const,
    body: { items: [{ productId: 1 + (number % PRODUCTS), quantity: 1 + (number % 3) }] },
    headers: { 'idempotency-key': key },
    by: { subject: 1 + (number % CUSTOMERS) },
  };
  for (let tries = 0; ; tries += 1) {
    const backend = backends[(number + tries) % backends.length];
    const answer = await askSigned(`${backend?.url}/api/orders/`, 'backend', asked).catch(() => undefined);
    if (answer?.status === 201) return answer.json.id;
    if (answer !== undefined && answer.status < 500) throw new Error(`refused: ${JSON.stringify(answer.json)}`);
    await delay(200);
  }
}

async function placeAll(backends: readonly Process[]): Promise<number[]> {
  const ids: number[] = [];
  let next = 0;
  const client = async () => {
    while (next < ORDERS) {
      const number = next++;
      ids.push(await insist(backends, `key-${number}`, number));
      // Spread over the faults.
      await delay(100);
    }
  };
  await Promise.all(Array.from({ length: 4 }, client));
  return ids;
}

const count = async (database: Database, sql: string) => (await database.query<{ count: number }>(sql))[0]?.count;

test(
  `${ORDERS} orders`,
  async (context) => {
    needEngine(context);
    needRedis(context);
    const { backends, database, faults } = await startShop();
    await database.query(`update products set stock = ${PLENTY} where id <= ${PRODUCTS}`);
    const before = await count(database, 'select count(*) as count from orders');

    const placing = placeAll(backends);
    let isPlaced = false;
    placing.finally(() => {
      isPlaced = true;
    });
    for (let round = 0; !isPlaced || round < faults.length; round += 1) {
      const [, stop, start] = faults[round % faults.length] ?? [];
      await stop?.();
      await delay(1_500);
      await start?.();
      await delay(500);
    }
    const ids = await placing;

    expect(new Set(ids).size).toBe(ORDERS);
    expect(await count(database, 'select count(*) as count from orders')).toBe((before ?? 0) + ORDERS);
    const open = `select count(*) as count from orders where status <> 'confirmed'`;
    await expect.poll(() => count(database, open).catch(() => 'away'), { timeout: 150_000, interval: 500 }).toBe(0);
    const [sold] = await database.query(
      `select sum(quantity) as sold from order_lines where order_id in (${ids.join(', ')})`,
    );
    const [left] = await database.query(
      `select sum(${PLENTY} - stock) as sold, sum(reserved) as reserved from products where id <= ${PRODUCTS}`,
    );
    expect(left).toEqual({ sold: sold?.sold, reserved: 0 });
    expect(await count(database, 'select count(*) as count from confirmations')).toBe(ORDERS);
    await expect.poll(() => count(database, 'select count(*) as count from outbox')).toBeLessThan(5);
  },
  TIMEOUT_MS,
);
