import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createProgram } from '../kit/program.ts';
import { toElasticsearchText } from './exporters/elasticsearch.ts';
import { toPgbouncerText } from './exporters/pgbouncer.ts';
import { pickMetrics, toGaugeText } from './exporters/prometheusText.ts';
import { createStoresExporter } from './storesExporter.ts';

test('of a store’s own metrics those that are wanted are passed on, with what is said of them', () => {
  const text = [
    '# TYPE wanted_total counter',
    '# HELP wanted_total It is.',
    'wanted_total{queue="a b"} 3',
    'wanted_total_of_another 4',
    '# a remark',
    'unwanted 5',
  ].join('\n');
  expect(pickMetrics(text, /^wanted_total$/)).toBe(
    '# TYPE wanted_total counter\n# HELP wanted_total It is.\nwanted_total{queue="a b"} 3\n',
  );
});

test('no name of a store’s breaks out of its label', () => {
  const text = toGaugeText('a', 'b', [{ labels: { index: 'x"} 1\nevil 2 \\' }, value: 3 }]);
  expect(text.trim().split('\n')).toHaveLength(3);
  expect(text).toContain('a{index="x\\"} 1\\nevil 2 \\\\"} 3\n');
});

test('Elasticsearch has one colour, and an index its documents', () => {
  const text = toElasticsearchText({ status: 'yellow', active_shards: 2 }, [
    { index: 'products', 'docs.count': '1200' },
  ]);
  expect(text).toContain('elasticsearch_cluster_health_status{color="green"} 0\n');
  expect(text).toContain('elasticsearch_cluster_health_status{color="yellow"} 1\n');
  expect(text).toContain('elasticsearch_indices_docs{index="products"} 1200\n');
});

test('PgBouncer’s pools are told, but for its own', () => {
  const text = toPgbouncerText([
    { database: 'shop', user: 'shop', cl_active: 3, cl_waiting: 2, sv_active: 4, sv_idle: 0, maxwait: 1 },
    { database: 'pgbouncer', user: 'shop', cl_active: 1 },
  ]);
  expect(text).toContain('pgbouncer_pools_client_waiting_connections{database="shop",user="shop"} 2\n');
  expect(text).not.toContain('database="pgbouncer"');
});

test('a store that is away is down, and the others are told all the same', async () => {
  const store = createServer((_, response) => response.end('collections_total 2\nother 1\n'));
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void store.close());
  const program = createProgram('stores-exporter', {
    EXPORT_QDRANT: `http://127.0.0.1:${(store.address() as AddressInfo).port}/metrics`,
    EXPORT_RABBITMQ: 'http://127.0.0.1:1/metrics',
  });
  expect(createStoresExporter(program).describe).toEqual({ stores: 'rabbitmq, qdrant' });
  const text = await program.metrics.render();
  expect(text).toContain('collections_total 2\n');
  expect(text).not.toContain('other 1');
  expect(text).toMatch(/store_up\{store="qdrant",service="stores-exporter"\} 1/);
  expect(text).toMatch(/store_up\{store="rabbitmq",service="stores-exporter"\} 0/);
});
