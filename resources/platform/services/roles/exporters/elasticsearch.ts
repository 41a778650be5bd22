import type { Dial } from '../../kit/addresses.ts';
import { httpGet } from './httpGet.ts';
import { toGaugeText } from './prometheusText.ts';

const COLOURS = ['green', 'yellow', 'red'];
const INDICES_LIMIT = 100;

/** Health of the cluster and documents of each index. Rejects when it does not answer. */
export async function readElasticsearch(address: URL, dial: Dial): Promise<string> {
  const ask = async (path: string): Promise<unknown> => JSON.parse(await httpGet(new URL(path, address), dial));
  const [health, indices] = await Promise.all([ask('/_cluster/health'), ask('/_cat/indices?format=json&bytes=b')]);
  return toElasticsearchText(health as Record<string, unknown>, Array.isArray(indices) ? indices : []);
}

export function toElasticsearchText(
  health: Readonly<Record<string, unknown>>,
  indices: readonly Record<string, unknown>[],
): string {
  const colour = COLOURS.map((color) => ({ labels: { color }, value: health.status === color ? 1 : 0 }));
  const documents = indices
    .filter(({ index }) => typeof index === 'string')
    .slice(0, INDICES_LIMIT)
    .map((found) => ({ labels: { index: String(found.index) }, value: Number(found['docs.count'] ?? 0) }));
  return [
    toGaugeText('elasticsearch_cluster_health_status', 'Whether the cluster has this colour.', colour),
    toGaugeText('elasticsearch_cluster_health_active_shards', 'Shards that are in use.', [
      { value: Number(health.active_shards ?? 0) },
    ]),
    toGaugeText('elasticsearch_indices_docs', 'Documents of each index.', documents),
  ].join('');
}
