import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { MetricsRange } from '../../../contract/index.ts';
import { createEngine } from '../../docker/engine.ts';
import { createExecEngine } from '../../test/execEngine.ts';
import type { MetricsSource } from '../metricsSource.ts';
import { createPrometheusReach, type PrometheusReach } from '../prometheus/prometheusReach.ts';
import { createPrometheusSource } from '../prometheus/prometheusSource.ts';
import { missingPrometheus, startPrometheus, type TestPrometheus } from './startPrometheus.ts';

const hostile = '</script><b>\u001b[2J"} or vector(1) #\\';
const { signal } = new AbortController();
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });
const noEngine = () => {
  throw new Error('no engine is needed');
};

/** Of a small server: a counter, two gauges of a store, and labels of somebody who means harm. */
function startExporter(): Promise<Server> {
  const escaped = hostile.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  const server = createServer((_, answer) =>
    answer.setHeader('content-type', 'text/plain; version=0.0.4').end(`# HELP shop_orders_total Orders that were paid.
# TYPE shop_orders_total counter
shop_orders_total{shop="north"} 42
shop_orders_total{shop="${escaped}"} 7
redis_memory_used_bytes 1048576
redis_memory_max_bytes 4194304
`),
  ).listen(0, '127.0.0.1');
  return once(server, 'listening').then(() => server);
}

const toConfig = (
  port: number,
) => `global: { scrape_interval: 200ms, scrape_timeout: 150ms, evaluation_interval: 200ms }
rule_files: [rules.yml]
scrape_configs:
  - job_name: redis
    static_configs: [{ targets: ["127.0.0.1:${port}"] }]
  - job_name: elasticsearch
    static_configs: [{ targets: ["127.0.0.1:1"] }]
`;
const rules = `groups:
  - name: platform
    rules:
      - { alert: TargetDown, expr: up == 0, labels: { severity: critical }, annotations: { summary: "{{ $labels.instance }} is down" } }
      - { alert: Never, expr: up > 1 }
      - { record: up:count, expr: count(up) }
`;

describe.skipIf(missingPrometheus !== undefined)(`with ${missingPrometheus ?? 'prometheus'}`, () => {
  let exporter: Server;
  let prometheus: TestPrometheus;
  let reach: PrometheusReach;
  let source: MetricsSource;
  const ask = (query: string, range: MetricsRange | null = null, at = Date.now()) =>
    source.query({ query, range, at }, signal);

  beforeAll(async () => {
    exporter = await startExporter();
    prometheus = await startPrometheus({ config: toConfig((exporter.address() as AddressInfo).port), rules });
    reach = createPrometheusReach({ place: prometheus.place, openEngine: noEngine, now: Date.now });
    source = createPrometheusSource({ reach, countGateways: () => 0, now: Date.now });
    // Prometheus knows its targets after 5 s; a second later there is a whole second to look at.
    await until(async () =>
      expect(await ask('shop_orders_total', null, Math.floor(Date.now() / 1000) * 1000)).toMatchObject({
        seriesCount: 2,
      }),
    );
  });
  afterAll(async () => {
    await reach?.close();
    await prometheus?.close();
    exporter?.close();
  });

  test('values at one moment are those of its own API', async () => {
    const at = Date.now();
    const theirs = (await prometheus.api('/api/v1/query', { query: 'shop_orders_total', time: `${at / 1000}` })) as {
      result: { metric: Record<string, string>; value: [number, string] }[];
    };
    const ours = await ask('shop_orders_total', null, at);
    expect(ours.kind === 'instant' && ours.samples.map(({ text }) => text)).toEqual(
      theirs.result.map(({ value }) => value[1]),
    );
    expect(ours).toMatchObject({ kind: 'instant', seriesCount: 2, at });
  });

  test('a course has the points of its own API, and nothing where it has none', async () => {
    const to = Math.floor(Date.now() / 1000) * 1000;
    const range = { from: to - 60_000, to, stepMs: 1000 };
    const theirs = (await prometheus.api('/api/v1/query_range', {
      query: 'shop_orders_total{shop="north"}',
      start: `${range.from / 1000}`,
      end: `${range.to / 1000}`,
      step: '1',
    })) as { result: { values: [number, string][] }[] };
    const ours = await ask('shop_orders_total{shop="north"}', range);
    const known = new Map(theirs.result[0]?.values.map(([at, value]) => [at * 1000, Number(value)]));
    const expected = Array.from({ length: 61 }, (_, index) => known.get(range.from + index * 1000) ?? null);
    expect(ours.kind === 'range' && ours.series[0]?.values).toEqual(expected);
    expect(expected.at(-1)).toBe(42);
    expect(expected[0]).toBeNull();
  });

  test('labels of somebody who means harm are text', async () => {
    const answer = await ask('shop_orders_total == 7');
    const [sample] = answer.kind === 'instant' ? answer.samples : [];
    expect(sample?.labels.shop).toBe('</script><b>"} or vector(1) #\\');
  });

  test.each([
    ['sum(', 'parse error'],
    ['no_such_function(up)', 'unknown function'],
    ['shop_orders_total * on() shop_orders_total', 'duplicate series|many-to-many'],
  ])('the query %s is refused in its own words', async (query, words) => {
    await expect(ask(query)).rejects.toMatchObject({
      code: 'query-refused',
      message: expect.stringMatching(words),
      remedy: expect.stringMatching(/./),
    });
  });

  test('a refused query is no lost source', async () => {
    await ask('sum(').catch(() => {});
    expect(reach.state.current).toMatchObject({ state: 'live', problem: null });
    expect(reach.state.current.detail).toMatch(/^Prometheus \d+\.\d+.*, published on 127\.0\.0\.1:\d+$/);
  });

  test('targets are up or down, with the reason', async () => {
    await until(async () => {
      const { targets, targetCount } = await source.targets(signal);
      expect(targetCount).toBe(2);
      expect(targets[0]).toMatchObject({
        job: 'elasticsearch',
        health: 'down',
        error: expect.stringContaining('refused'),
      });
      expect(targets[1]).toMatchObject({ job: 'redis', health: 'up', error: '', intervalMs: 200 });
    });
  });

  test('an alert that fires is told with its rule; recordings are no alerts', async () => {
    await until(async () => {
      const { alerts, firingCount, ruleCount, rules: all } = await source.alerts(signal);
      expect(alerts).toMatchObject([
        { rule: 'TargetDown', state: 'firing', severity: 'critical', summary: '127.0.0.1:1 is down' },
      ]);
      expect([firingCount, ruleCount]).toEqual([1, 2]);
      expect(all.map(({ name, state }) => [name, state])).toEqual([
        ['TargetDown', 'firing'],
        ['Never', 'inactive'],
      ]);
    });
  });

  test('names, labels and values are completed from what it has', async () => {
    const texts = async (query: string) =>
      (await source.completion(query, query.length, signal)).options.map(({ text }) => text);
    expect(await texts('shop_')).toEqual(['shop_orders_total']);
    expect(await texts('shop_orders_total{sh')).toEqual(['shop']);
    expect(await texts('shop_orders_total{shop="n')).toContain('north');
    const [value] = (await texts('shop_orders_total{shop="<')).filter((text) => text.startsWith('<'));
    expect(await ask(`shop_orders_total{shop="${value}"}`)).toMatchObject({ seriesCount: 1 });
    const { options } = await source.completion('shop_', 5, signal);
    expect(options[0]?.detail).toBe('counter: Orders that were paid.');
  });

  test('charts of stores have what their exporters say, and name the one that is down', async () => {
    const to = Math.floor(Date.now() / 1000) * 1000;
    const { charts } = await source.charts('stores', { from: to - 60_000, to, stepMs: 1000 });
    const memory = charts.find(({ id }) => id === 'redis-memory');
    expect(memory?.series.map(({ name, values }) => [name.replace(/^.* · /, ''), values.at(-1)])).toEqual([
      ['used', 1_048_576],
      ['limit', 4_194_304],
    ]);
    expect(charts.find(({ id }) => id === 'elasticsearch-colour')?.reason).toMatch(/127\.0\.0\.1:1 is down: .*refused/);
    expect(charts.find(({ id }) => id === 'redis-evictions')?.reason).toMatch(/is scraped and gives none/);
  });

  test('where its port is not published, it is asked through the gateway', async () => {
    const engine = createExecEngine('/nowhere');
    engine.program = [...engine.program, '--allow', 'tcp'];
    await engine.listen();
    const { port } = prometheus;
    const through = createPrometheusReach({
      place: {
        ...prometheus.place,
        ways: [
          { kind: 'published', host: '127.0.0.1', port: 1 },
          { kind: 'relay', container: 'gateway', startedAt: null, service: 'api_gateway', host: '127.0.0.1', port },
        ],
      },
      openEngine: () => createEngine({ kind: 'socket', path: engine.socketPath }),
      now: Date.now,
    });
    const { data } = await through.ask({ path: '/api/v1/query', isPost: true, parameters: { query: '1' } }, signal);
    expect(data).toMatchObject({ resultType: 'scalar' });
    expect(through.state.current).toMatchObject({
      state: 'live',
      detail: expect.stringContaining('through api_gateway'),
    });
    expect(engine.commands).toEqual([['node', '/opt/gatehouse/gateway.js', 'relay', '--allow', 'tcp']]);
    await through.close();
    await vi.waitFor(() => expect(engine.running.size).toBe(0), { timeout: 8000 });
    await engine.close();
  });

  test('another Prometheus on the same port is not taken for it', async () => {
    const other = createPrometheusReach({
      place: { ...prometheus.place, startedAt: Date.now() - 86_400_000 },
      openEngine: noEngine,
      now: Date.now,
    });
    await expect(other.ask({ path: '/api/v1/targets' }, signal)).rejects.toMatchObject({
      code: 'metrics-unreachable',
      message: expect.stringContaining('another Prometheus'),
    });
    await other.close();
  });

  // Last: nothing answers any more in between.
  test('killed, it is said to be lost with what helps; started again, it answers again', async () => {
    await prometheus.kill();
    await expect(ask('up')).rejects.toMatchObject({
      code: 'metrics-unreachable',
      message: expect.stringContaining('nothing listens there'),
      remedy: expect.stringContaining('log of prometheus'),
    });
    expect(reach.state.current).toMatchObject({ state: 'lost', lastSeenAt: expect.any(Number) });
    await prometheus.start();
    await until(async () => expect(await ask('1')).toMatchObject({ seriesCount: 1 }));
    expect(reach.state.current.state).toBe('live');
  });
});
