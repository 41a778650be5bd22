import { expect, test } from 'vitest';
import type { Chart, Charts } from '../../../app/contract/index.ts';
import { sampleService } from '../services/serviceSample.ts';
import { toStoreFigures } from './storeFigures.ts';

const now = 1_000_000;
const chart = (id: string, series: Record<string, (number | null)[]>, unit: Chart['unit'] = 'count'): Chart => ({
  id,
  group: 'stores',
  title: id,
  unit,
  metrics: [],
  source: 'prometheus',
  queries: [],
  series: Object.entries(series).map(([name, values]) => ({ name, values })),
  seriesCount: 1,
  reason: null,
  notes: [],
  unwatched: [],
});
const charts = (...list: Chart[]): Charts => ({
  at: now,
  range: { from: now - 60_000, to: now, stepMs: 30_000 },
  charts: list,
});
const store = (name: string) => sampleService({ name, kind: 'store', image: `${name}:1` });

test.each<[string, Chart, string, string, string]>([
  ['pgbouncer', chart('pgbouncer-waiting', { 'a shop': [0, 2, 3], 'a web': [0, 0, 1] }), '4 wait', '4', 'degraded'],
  [
    'rabbitmq',
    chart('rabbitmq-queues', { 'ready · jobs': [1, 9, 12], 'unacknowledged · jobs': [0, 0, 2] }),
    '14 queued',
    '12 ready, 2 unacknowledged',
    'ok',
  ],
  [
    'redis',
    chart('redis-memory', { used: [1, 1, 950], limit: [1000, 1000, 1000] }),
    '95.0 % full',
    '950 B of 1000 B',
    'degraded',
  ],
  ['redis', chart('redis-memory', { used: [1, 1, 950], limit: [0, 0, 0] }), '950 B', '950 B, no limit', 'ok'],
  [
    'elasticsearch',
    chart('elasticsearch-colour', { docs: [0, 0, 2], other: [0, 0, 0] }, 'colour'),
    'red',
    'red',
    'down',
  ],
  ['qdrant', chart('qdrant-collections', { collections: [null, 3, null] }), '3 coll.', '3', 'ok'],
])('%s is known by its own figure', (name, one, text, value, level) => {
  expect(toStoreFigures(charts(one), [store(name), store('postgres')], now).get(name)).toMatchObject({
    text,
    value,
    level,
  });
});

test('what is too old, or not there, is no figure', () => {
  const old = chart('qdrant-collections', { collections: [3, null, null] });
  expect(toStoreFigures(charts(old), [store('qdrant')], now + 60_000)).toEqual(new Map());
  expect(toStoreFigures(charts(), [store('qdrant')], now)).toEqual(new Map());
});

test('of two redis neither has the figure that may be the other one’s; an exporter is none of them', () => {
  const one = chart('redis-memory', { used: [1, 1, 1] });
  expect(toStoreFigures(charts(one), [store('redis_a'), store('redis_b')], now).size).toBe(0);
  const exporter = sampleService({ name: 'redis_exporter', kind: 'exporter' });
  expect([...toStoreFigures(charts(one), [store('redis'), exporter], now).keys()]).toEqual(['redis']);
});
