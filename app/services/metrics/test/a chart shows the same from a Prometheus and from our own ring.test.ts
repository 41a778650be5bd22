// The same half hour of two replicas, one of which is started anew, is imported into a real Prometheus and fed
// to the ring. Prometheus has it twice, by two jobs.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chart, ChartGroup, Charts } from '../../../contract/index.ts';
import type { MetricsSource } from '../metricsSource.ts';
import { createPrometheusReach } from '../prometheus/prometheusReach.ts';
import { createPrometheusSource } from '../prometheus/prometheusSource.ts';
import { type Counted, toLook } from '../scraper/gatewayFeed.ts';
import { createRing } from '../scraper/ring.ts';
import { createScraperSource } from '../scraper/scraperSource.ts';
import { missingPrometheus, startPrometheus, type TestPrometheus } from './startPrometheus.ts';

const stepMs = 5000;
const looks = 360;
const end = Math.floor(Date.now() / 60_000) * 60_000 - 3 * 3_600_000;
const begin = end - looks * stepMs;
/** As long as the window of a rate where Prometheus does not say how often it scrapes: it takes 5 s to know its targets. */
const range = { from: begin + 240_000, to: end, stepMs: 240_000 };

/** Numbers that look like chance and are the same at each run. */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

type Line = [name: string, labels: Record<string, string>, value: number];

const routes = ['search', 'backend'];
const bounds = ['0.01', '0.1', '1', '+Inf'];

/** What one gateway process says at each look. */
function createReplica(seed: number, startedAt: number): () => Line[] {
  const chance = createChance(seed);
  const counters = new Map<string, Line>();
  const count = (name: string, labels: Record<string, string>, by: number) => {
    const key = JSON.stringify([name, labels]);
    const [, , value] = counters.get(key) ?? [name, labels, 0];
    counters.set(key, [name, labels, value + by]);
  };
  const prefix = 'gatehouse_gateway_';
  return () => {
    for (const route of routes) {
      for (const status_class of ['2xx', '5xx'])
        count(
          `${prefix}requests_total`,
          { route, status_class, code: 'none', method: 'GET' },
          Math.floor(chance() * 40),
        );
      let below = 0;
      for (const le of bounds) {
        below += Math.floor(chance() * 20);
        count(`${prefix}request_duration_seconds_bucket`, { route, le }, below);
        count(`${prefix}upstream_try_duration_seconds_bucket`, { upstream: route, le }, below);
      }
      count(`${prefix}request_duration_seconds_count`, { route }, below);
      for (const outcome of ['2xx', 'upstream-timeout', 'aborted'])
        count(`${prefix}upstream_tries_total`, { upstream: route, outcome }, Math.floor(chance() * 9));
    }
    count('process_cpu_seconds_total', {}, chance());
    count(`${prefix}event_loop_active_seconds_total`, {}, chance());
    count(`${prefix}upstream_events_total`, { upstream: 'search', event: 'retry' }, Math.floor(chance() * 3));
    count(`${prefix}limit_decisions_total`, { policy: 'auth', outcome: 'refused' }, Math.floor(chance() * 3));
    count(`${prefix}limit_decisions_total`, { policy: 'auth', outcome: 'admitted' }, Math.floor(chance() * 30));
    const levels: Line[] = [
      ['process_start_time_seconds', {}, startedAt / 1000],
      [`${prefix}build_info`, { version: '1' }, 1],
      [`${prefix}client_connections`, {}, Math.floor(chance() * 100)],
      [`${prefix}event_loop_delay_p99_seconds`, {}, chance() / 100],
      [`${prefix}upstream_connections`, { upstream: 'search', state: 'active' }, Math.floor(chance() * 10)],
      ['process_resident_memory_bytes', {}, 5e7 + Math.floor(chance() * 1e7)],
    ];
    return [...levels, ...counters.values()];
  };
}

function write([name, labels, value]: Line, more: Record<string, string> = {}): string {
  const pairs = Object.entries({ ...labels, ...more }).map(([label, text]) => `${label}="${text}"`);
  return `${name}{${pairs.join(',')}} ${value}`;
}

/** Ten minutes, hours before, in which two gateways answered in turn behind one name. */
const turns = { from: begin - 5 * 3_600_000, to: begin - 5 * 3_600_000 + 600_000, stepMs: 60_000 };

function* writeTurns(): Generator<[name: string, written: string]> {
  const labels = { job: 'gateway', instance: 'api_gateway:8080' };
  for (let at = turns.from, index = 0; at <= turns.to; at += stepMs, index += 1) {
    const lines: Line[] = [
      ['process_start_time_seconds', {}, (begin + (index % 2) * 60_000) / 1000 - 36_000],
      ['gatehouse_gateway_build_info', { version: '1' }, 1],
      ['gatehouse_gateway_requests_total', { route: 'search', status_class: '2xx' }, index + (index % 2) * 1000],
    ];
    for (const line of lines) yield [line[0], `${write(line, labels)} ${at / 1000}`];
  }
}

const config = `global: { scrape_interval: 5s, scrape_timeout: 1s }
scrape_configs:
  - job_name: gateway
    static_configs: [{ targets: ["127.0.0.1:1"] }]
`;

describe.skipIf(missingPrometheus !== undefined)(`with ${missingPrometheus ?? 'prometheus'}`, () => {
  let prometheus: TestPrometheus;
  let reach: ReturnType<typeof createPrometheusReach>;
  let asked: MetricsSource;
  let own: MetricsSource;

  beforeAll(async () => {
    const ring = createRing({ seriesLimit: 500, longestGapMs: 15_000 });
    const families = new Map<string, string[]>();
    const note = (name: string, written: string) => {
      const family = families.get(name) ?? [];
      family.push(written);
      families.set(name, family);
    };
    for (const [name, written] of writeTurns()) note(name, written);
    let before: ReadonlyMap<string, Counted> = new Map();
    const replicas = [createReplica(1, begin - 3_600_000), createReplica(2, begin - 1_800_123)];
    for (let index = 0; index <= looks; index += 1) {
      const at = begin + index * stepMs;
      if (index === 200) replicas[1] = createReplica(3, at - 2000);
      const said = replicas.map((read) => read());
      const exposed = said.map((lines, place) => ({
        name: `gw-${place}`,
        text: lines.map((line) => write(line)).join('\n'),
      }));
      const { look, counted } = toLook(
        { replicas: exposed, isComplete: true },
        { at, lastAt: index === 0 ? Number.NEGATIVE_INFINITY : at - stepMs, before },
      );
      ring.add(look);
      before = counted;
      for (const [place, lines] of said.entries())
        for (const job of ['gateway', 'second'])
          for (const line of lines) {
            const written = `${write(line, { job, instance: `gw-${place}:8080` })} ${at / 1000}`;
            note(line[0], written);
          }
    }
    prometheus = await startPrometheus({ config, history: `${[...families.values()].flat().join('\n')}\n# EOF\n` });
    reach = createPrometheusReach({
      place: prometheus.place,
      openEngine: () => {
        throw new Error('no engine is needed');
      },
      now: Date.now,
    });
    asked = createPrometheusSource({ reach, countGateways: () => 2, now: Date.now });
    const absence = () => ({ code: 'metrics-absent' as const, message: 'none', remedy: 'none' });
    own = createScraperSource({
      gateway: ring,
      engine: ring,
      absence,
      findGatewayProblem: () => null,
      findEngineProblem: () => null,
      now: Date.now,
    });
  });
  afterAll(async () => {
    await reach?.close();
    await prometheus?.close();
  });

  const byName = ({ series }: Chart) => new Map(series.map(({ name, values }) => [name, values]));

  test.each<ChartGroup>(['traffic', 'gateway'])('every chart of %s has the same values', async (group) => {
    const [theirs, ours]: [Charts, Charts] = await Promise.all([asked.charts(group, range), own.charts(group, range)]);
    expect(theirs.range).toEqual(ours.range);
    let compared = 0;
    for (const [index, chart] of theirs.charts.entries()) {
      const expected = byName(ours.charts[index] as Chart);
      expect([chart.id, [...byName(chart).keys()].toSorted()]).toEqual([chart.id, [...expected.keys()].toSorted()]);
      for (const [name, values] of byName(chart))
        for (const [place, value] of values.entries()) {
          const other = expected.get(name)?.[place] ?? null;
          compared += 1;
          if (value === null || other === null)
            expect([chart.id, name, place, value]).toEqual([chart.id, name, place, other]);
          else
            expect(Math.abs(value - other), `${chart.id} ${name} at ${place}`).toBeLessThanOrEqual(
              1e-9 * Math.abs(other),
            );
        }
    }
    expect(compared).toBeGreaterThan(40);
  });

  test('what two jobs scrape is there once, and that is said', async () => {
    const { charts } = await asked.charts('traffic', range);
    expect(charts[0]?.notes).toEqual([
      'The jobs gateway, second all scrape the gateway; the figures are those of gateway.',
    ]);
    expect(charts[0]?.queries[0]).toContain('job="gateway"');
  });

  test('a chart of what is not there says which metrics it would be, and what to do', async () => {
    const { charts } = await asked.charts('stores', range);
    expect(charts.every(({ series, reason }) => series.length === 0 && reason !== null)).toBe(true);
    expect(charts.find(({ id }) => id === 'redis-memory')?.reason).toMatch(/redis_memory_used_bytes.*redis_exporter/);
  });

  test('several gateways behind one name are not drawn as one, and it is said what helps', async () => {
    const { charts } = await asked.charts('traffic', turns);
    expect(charts.every(({ series }) => series.length === 0)).toBe(true);
    expect(charts[0]?.reason).toMatch(/^Behind api_gateway:8080 several gateways answer in turn.*dns_sd_configs/);
  });

  test('a time before anything was scraped is one that nobody watched', async () => {
    const earlier = { from: begin - 7_200_000, to: begin - 3_700_000, stepMs: 60_000 };
    const { charts } = await asked.charts('traffic', earlier);
    expect(charts[0]?.series).toEqual([]);
    expect(charts[0]?.reason).toMatch(/127\.0\.0\.1:1|scraped no gateway/);
    expect(charts[0]?.unwatched).toHaveLength(1);
  });
});
