import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Connection, MetricsSourceView, Stats } from '../../../contract/index.ts';
import type { Observed } from '../../docker/reducer.ts';
import type { StatsHub } from '../../stats/statsHub.ts';
import { createLiveValue, follow } from '../../stream/liveValue.ts';
import { connection, container, observed } from '../../test/samples.ts';
import { createMetricsDesk, type MetricsDesk } from '../metricsDesk.ts';

let server: Server;
let port: number;
let desk: MetricsDesk;
const asked: string[] = [];

const containers = createLiveValue<Observed | undefined>(undefined);
const engine = createLiveValue<Connection>(connection('engine', 'live'));
const gateway = createLiveValue<Connection>(connection('gateway', 'live'));
const stats = createLiveValue<Stats | undefined>(undefined);
let viewers = 0;
const hub: StatsHub = {
  async *watch(signal) {
    viewers += 1;
    try {
      yield* follow(stats, signal) as AsyncGenerator<Stats>;
    } finally {
      viewers -= 1;
    }
  },
};
let scrapes = 0;

const prometheus = () =>
  container({
    service: 'prometheus',
    image: 'prom/prometheus:v3.5.0',
    startedAt: null,
    ports: [{ containerPort: 9090, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: port }],
  });
const range = () => {
  const to = Math.floor(Date.now() / 5000) * 5000;
  return { from: to - 60_000, to, stepMs: 5000 };
};

beforeEach(async () => {
  asked.length = 0;
  scrapes = 0;
  server = createServer((request, answer) => {
    asked.push((request.url ?? '').split('?')[0] ?? '');
    const data = request.url?.includes('/rules')
      ? { groups: [] }
      : { version: '3.5.0', activeTargets: [], resultType: 'vector', result: [] };
    answer.end(JSON.stringify({ status: 'success', data }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  containers.set(undefined);
  desk = createMetricsDesk({
    stack: { observed: containers, connection: engine },
    gateway: {
      connection: gateway,
      expose: async () => {
        scrapes += 1;
        return {
          replicas: [{ name: 'one', text: `gatehouse_gateway_client_connections ${scrapes}` }],
          isComplete: true,
        };
      },
    },
    stats: hub,
    openEngine: () => {
      throw new Error('no engine is needed');
    },
    isLocalEngine: () => true,
    now: Date.now,
  });
});
afterEach(async () => {
  await desk.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function sourceWhere(fits: (view: MetricsSourceView) => boolean): Promise<MetricsSourceView> {
  const leaving = new AbortController();
  const timer = setTimeout(() => leaving.abort(), 8000);
  try {
    for await (const view of desk.watchSource(leaving.signal)) if (fits(view)) return view;
  } finally {
    clearTimeout(timer);
    leaving.abort();
  }
  throw new Error('no view fitted in 8 s');
}

test('a stack without a Prometheus is measured here, and says why', async () => {
  containers.set(observed([container({ service: 'api' })]));
  const view = await sourceWhere(({ kind, state }) => kind === 'scraper' && state === 'live');
  expect(view.reason).toBe('No service of the project is a Prometheus.');
  await expect(
    desk.ask((source) => source.query({ query: 'up', range: null, at: 0 }, new AbortController().signal)),
  ).rejects.toMatchObject({
    code: 'metrics-absent',
    message: 'No service of the project is a Prometheus.',
  });
});

test('a Prometheus that runs is asked as soon as somebody looks, and not before', async () => {
  containers.set(observed([prometheus()]));
  expect(asked).toEqual([]);
  const view = await sourceWhere(({ kind, state }) => kind === 'prometheus' && state === 'live');
  expect(view).toMatchObject({
    detail: expect.stringContaining('Prometheus 3.5.0, published on'),
    withoutPromql: null,
  });
});

test('a Prometheus that is stopped hands over to the host, and takes over again when it is started', async () => {
  containers.set(observed([prometheus()]));
  await sourceWhere(({ kind, state }) => kind === 'prometheus' && state === 'live');
  containers.set(observed([{ ...prometheus(), state: 'exited' }]));
  expect((await sourceWhere(({ kind }) => kind === 'scraper')).reason).toContain('does not run');
  containers.set(observed([prometheus()]));
  await sourceWhere(({ kind, state }) => kind === 'prometheus' && state === 'live');
});

test('the gateway is scraped by one of the two alone', async () => {
  containers.set(observed([prometheus()]));
  await sourceWhere(({ state }) => state === 'live');
  expect(scrapes).toBe(0);
});

test('the gateway of a stack without Prometheus is measured without anybody asking for a chart', async () => {
  containers.set(observed([container({ service: 'api' })]));
  await vi.waitFor(() => expect(scrapes).toBeGreaterThan(0), { timeout: 8000 });
});

test('containers are measured by the engine, also where there is a Prometheus, and only while somebody looks', async () => {
  containers.set(observed([prometheus()]));
  const usage = {
    container: 'a',
    service: 'api',
    cpuShare: 0.5,
    cpuLimit: null,
    memoryBytes: 7,
    memoryLimitBytes: null,
  };
  const none = { networkRxBytesPerSecond: null, networkTxBytesPerSecond: null, pids: 1 };
  stats.set({ at: Math.floor(Date.now() / 5000) * 5000 - 1000, containers: [{ ...usage, ...none }], stepMs: 2000 });
  expect(viewers).toBe(0);
  await desk.charts('containers', range());
  await vi.waitFor(async () => {
    const { charts } = await desk.charts('containers', range());
    expect(charts[0]).toMatchObject({ source: 'engine', series: [{ name: 'api' }] });
    expect(charts[0]?.series[0]?.values.at(-1)).toBe(0.5);
    expect(charts[1]).toMatchObject({ series: [], reason: expect.stringContaining('limit of its processor time') });
  });
  expect(viewers).toBe(1);
  await desk.close();
  expect(viewers).toBe(0);
});

test('without a rule, and without a Prometheus, it is said why nothing fires', async () => {
  const first = async () => {
    const leaving = new AbortController();
    for await (const alerts of desk.watchAlerts(leaving.signal)) return alerts;
    return undefined;
  };
  containers.set(observed([prometheus()]));
  expect((await first())?.reason?.message).toContain('no alerting rule');
  containers.set(observed([container({ service: 'api' })]));
  expect((await first())?.reason?.message).toBe('No service of the project is a Prometheus.');
});
