// What the panels of Metrics show of each store, and what the store itself says of the same at that time.
import { Client } from 'pg';
import type { Charts } from '../../../app/contract/index.ts';
import { createPrometheusReach } from '../../../app/services/metrics/prometheus/prometheusReach.ts';
import { createPrometheusSource } from '../../../app/services/metrics/prometheus/prometheusSource.ts';
import type { Stack } from './engine.ts';

const PASSWORD = 'for-development-only';

/** Name → value; what a source has nothing of is left out. */
type Figures = Record<string, number>;

export interface Figure {
  readonly name: string;
  /** Of the panels, by the source that the console asks. */
  readonly shown: () => Promise<Figures>;
  /** Of the store's own API. */
  readonly own: () => Promise<Figures>;
  /** How far both may be apart where each look at it changes it. */
  readonly apart?: (value: number) => number;
}

export interface Panels {
  /** The newest values of a chart, by its series. */
  read(chart: string): Promise<Figures>;
  /** Why it has none. */
  reason(chart: string): Promise<string | null>;
  /** One value and the moment at which it was measured, epoch ms. */
  sample(query: string): Promise<{ value: number; at: number } | undefined>;
  close(): Promise<void>;
}

/** As the metrics desk asks a Prometheus that is published on this machine. */
export function openPanels(): Panels {
  const reach = createPrometheusReach({
    place: {
      kind: 'present',
      service: 'prometheus',
      container: 'prometheus',
      startedAt: null,
      ways: [{ kind: 'published', host: '127.0.0.1', port: 9090 }],
      running: 1,
    },
    openEngine() {
      throw new Error('Prometheus is published: no engine is needed');
    },
    now: Date.now,
  });
  const source = createPrometheusSource({ reach, countGateways: () => 1, now: Date.now });
  const { signal } = new AbortController();
  const find = async (chart: string): Promise<Charts['charts'][number]> => {
    const to = Math.floor(Date.now() / 1000) * 1000;
    const { charts } = await source.charts('stores', { from: to - 10_000, to, stepMs: 1000 });
    const found = charts.find(({ id }) => id === chart);
    if (!found) throw new Error(`there is no chart ${chart}`);
    return found;
  };
  const ask = async (query: string) => {
    const answer = await source.query({ query, range: null, at: Date.now() }, signal);
    return answer.kind === 'instant' ? (answer.samples[0]?.value ?? undefined) : undefined;
  };
  return {
    async read(chart) {
      const { series } = await find(chart);
      const last = series.map(({ name, values }) => [name, values.findLast((value) => value !== null)] as const);
      return Object.fromEntries(last.flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])));
    },
    reason: async (chart) => (await find(chart)).reason,
    async sample(query) {
      const [value, at] = await Promise.all([ask(query), ask(`timestamp(${query})`)]);
      return value === undefined || at === undefined ? undefined : { value, at: at * 1000 };
    },
    close: () => reach.close(),
  };
}

const ofName = (figures: Figures, pattern: RegExp): Figures =>
  Object.fromEntries(Object.entries(figures).filter(([name]) => pattern.test(name)));
const sum = (figures: Figures): number => Object.values(figures).reduce((total, value) => total + value, 0);

/** Lines of `a|b|c` below their heading. */
function parseRows(text: string): Record<string, string>[] {
  const [head = '', ...lines] = text.split('\n').filter((line) => !/^\(\d+ rows?\)$/.test(line));
  const names = head.split('|');
  return lines.map((line) => Object.fromEntries(line.split('|').map((value, at) => [names[at] ?? '', value])));
}

async function askPgbouncer({ exec }: Stack): Promise<Figures> {
  const psql = ['psql', '-h', 'localhost', '-p', '6432', '-U', 'shop', '-A', '-c', 'SHOW POOLS', 'pgbouncer'];
  const rows = parseRows(await exec('pgbouncer', 'env', `PGPASSWORD=${PASSWORD}`, ...psql));
  const pools = rows.filter(({ database }) => database !== 'pgbouncer');
  return { waiting: pools.reduce((total, { cl_waiting }) => total + Number(cl_waiting), 0) };
}

/** Without this very session. */
const SESSIONS =
  "select (select count(*) from pg_stat_activity where datname is not null and pid <> pg_backend_pid()), current_setting('max_connections')";

async function askPostgres({ exec }: Stack, service: 'postgres' | 'postgres_ai'): Promise<Figures> {
  const [count, most] = (await exec(service, 'psql', '-U', 'shop', '-At', '-c', SESSIONS, 'shop')).split('|');
  return { count: Number(count), most: Number(most) };
}

async function askRabbitmq(): Promise<{ name: string; ready: number; unacknowledged: number }[]> {
  const authorization = `Basic ${Buffer.from(`shop:${PASSWORD}`).toString('base64')}`;
  const answer = await fetch('http://127.0.0.1:15672/api/queues', { headers: { authorization } });
  const queues = (await answer.json()) as { name: string; messages_ready: number; messages_unacknowledged: number }[];
  return queues.map(({ name, messages_ready, messages_unacknowledged }) => ({
    name,
    ready: messages_ready ?? 0,
    unacknowledged: messages_unacknowledged ?? 0,
  }));
}

async function askRedis({ exec }: Stack): Promise<Record<string, number>> {
  const text = await exec('redis', 'redis-cli', 'INFO');
  return Object.fromEntries(
    text.split(/\r?\n/).flatMap((line) => {
      const [, name = '', value] = /^([a-z_]+):(\d+)$/.exec(line) ?? [];
      return value === undefined ? [] : [[name, Number(value)]];
    }),
  );
}

const COLOURS = ['green', 'yellow', 'red'];

async function askElasticsearch(): Promise<Figures> {
  const answer = await fetch('http://127.0.0.1:9200/_cluster/health');
  return { all: COLOURS.indexOf(((await answer.json()) as { status: string }).status) };
}

/** A stand-in has no figures of its own: then the panel has to say so. */
async function askQdrant(): Promise<Figures> {
  const metrics = await (await fetch('http://127.0.0.1:6333/metrics')).text();
  if (!/^collections_total /m.test(metrics)) return {};
  const answer = (await (await fetch('http://127.0.0.1:6333/collections')).json()) as {
    result: { collections: unknown[] };
  };
  return { collections: answer.result.collections.length };
}

export function toFigures(stack: Stack, panels: Panels): Figure[] {
  const postgres = (service: 'postgres' | 'postgres_ai'): Figure => ({
    name: `${service}: connections`,
    async shown() {
      const all = ofName(await panels.read('postgres-connections'), new RegExp(`^${service}_exporter:`));
      return { count: sum(ofName(all, /:\d+$/)), most: sum(ofName(all, / · most$/)) };
    },
    own: () => askPostgres(stack, service),
    // The exporter looks with sessions of its own, of which it keeps one.
    apart: () => 2,
  });
  return [
    {
      name: 'PgBouncer: clients that wait',
      shown: async () => ({ waiting: sum(await panels.read('pgbouncer-waiting')) }),
      own: () => askPgbouncer(stack),
    },
    postgres('postgres'),
    postgres('postgres_ai'),
    {
      name: 'RabbitMQ: messages by queue',
      shown: () => panels.read('rabbitmq-queues'),
      async own() {
        const queues = await askRabbitmq();
        return Object.fromEntries(
          queues.flatMap(({ name, ready, unacknowledged }) => [
            [`${name} · ready`, ready],
            [`${name} · unacknowledged`, unacknowledged],
          ]),
        );
      },
    },
    {
      name: 'Workers: tasks that wait',
      shown: async () => ({ ready: sum(await panels.read('worker-lag')) }),
      own: async () => ({ ready: (await askRabbitmq()).reduce((total, { ready }) => total + ready, 0) }),
    },
    {
      name: 'Redis: memory',
      shown: async () => ({ used: sum(ofName(await panels.read('redis-memory'), /used/)) }),
      own: async () => ({ used: (await askRedis(stack)).used_memory ?? Number.NaN }),
      // Each connection takes its buffers.
      apart: (value) => value / 10,
    },
    {
      name: 'Redis: its limit, and keys that were evicted',
      shown: async () => ({
        limit: sum(ofName(await panels.read('redis-memory'), /limit/)),
        evicted: (await panels.sample('redis_evicted_keys_total'))?.value ?? Number.NaN,
      }),
      async own() {
        const { maxmemory = Number.NaN, evicted_keys = Number.NaN } = await askRedis(stack);
        return { limit: maxmemory, evicted: evicted_keys };
      },
    },
    {
      name: 'Elasticsearch: state of the cluster',
      shown: () => panels.read('elasticsearch-colour'),
      own: askElasticsearch,
    },
    {
      name: 'Qdrant: collections',
      shown: () => panels.read('qdrant-collections'),
      own: askQdrant,
    },
  ];
}

/** Requests that nginx has taken, by its own page. */
export async function askNginx({ exec }: Stack): Promise<number> {
  const page = await exec('nginx', 'curl', '-s', 'http://localhost:8081/stub_status');
  return Number(/^\s*\d+ \d+ (\d+)/m.exec(page)?.[1]);
}

/** So that there is something to tell: messages that nobody takes, and more clients than the pool has servers. */
export async function makeBusy(): Promise<() => Promise<void>> {
  const authorization = `Basic ${Buffer.from(`shop:${PASSWORD}`).toString('base64')}`;
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:15672/api/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  await call('PUT', 'queues/%2F/figures', { durable: false });
  const message = { properties: {}, routing_key: 'figures', payload: 'x', payload_encoding: 'string' };
  for (let sent = 0; sent < 7; sent += 1) await call('POST', 'exchanges/%2F/amq.default/publish', message);
  const clients = await Promise.all(Array.from({ length: CLIENTS }, connect));
  const asking = clients.map((client) => client.query('begin').catch(() => {}));
  return async () => {
    for (const client of clients) void client.end().catch(() => {});
    await Promise.all(asking);
    await call('DELETE', 'queues/%2F/figures');
  };
}

/** PgBouncer opens 20 servers for a pool where nobody says otherwise. */
const CLIENTS = 25;

async function connect(): Promise<Client> {
  const place = { host: '127.0.0.1', port: 6432, user: 'shop', database: 'shop', password: PASSWORD };
  const client = new Client(place);
  // Some are ended while they wait.
  client.on('error', () => {});
  await client.connect();
  return client;
}
