// Metrics of stores that stay off the monitoring network and have none of their own there: asked for on their network at
// each scrape, and given out under the names of the exporters that the makers of Prometheus keep for them.
import { Gauge } from 'prom-client';
import { findSecret } from '../kit/environment.ts';
import { METRICS_PORT, type Program } from '../kit/program.ts';
import { ok, type Service } from '../kit/routes.ts';
import { readElasticsearch } from './exporters/elasticsearch.ts';
import { readPgbouncer } from './exporters/pgbouncer.ts';
import { readPrometheusText } from './exporters/prometheusText.ts';

/** One store: what it is asked, as text of Prometheus. Rejects when it does not answer. */
type ReadStore = () => Promise<string>;

/** Names of RabbitMQ and Qdrant that dashboards and rules use; the rest, some hundred series, is left out. */
const RABBITMQ = /^rabbitmq_detailed_queue_(?:messages(?:_ready|_unacked)?|consumers)$/;
const QDRANT = /^(?:app_info|collections_total|collections_vector_total|rest_responses_total|memory_resident_bytes)$/;

export function createStoresExporter(program: Program): Service {
  const stores = findStores(program);
  const up = new Gauge({
    name: 'store_up',
    help: '1: the store answered at this scrape.',
    labelNames: ['store'],
    registers: [program.metrics.registry],
  });

  async function read(store: string, ask: ReadStore): Promise<string> {
    try {
      const text = await ask();
      up.set({ store }, 1);
      return text;
    } catch (error) {
      up.set({ store }, 0);
      program.log('debug', `${store} does not answer`, { store, error: String(error) });
      return '';
    }
  }

  program.metrics.precede(async () =>
    (await Promise.all([...stores].map(([store, ask]) => read(store, ask)))).join(''),
  );
  const described = [...stores.keys()].join(', ') || 'none: no store runs in the sandbox';
  return {
    name: 'stores-exporter',
    port: METRICS_PORT,
    healthPath: '/health',
    describe: { stores: described },
    routes: [{ method: 'GET', path: '/health', handle: () => ok({ status: 'ok', service: 'stores-exporter' }) }],
  };
}

function findStores({ environment, dial }: Program): Map<string, ReadStore> {
  const stores = new Map<string, ReadStore>();
  const add = (store: string, variable: string, toRead: (address: URL) => ReadStore) => {
    const text = environment[variable] || undefined;
    if (text === undefined) return;
    const address = URL.parse(text);
    if (address === null) throw new Error(`${variable} is ${JSON.stringify(text)}, which is no URL`);
    stores.set(store, toRead(address));
  };
  add('rabbitmq', 'EXPORT_RABBITMQ', (address) => () => readPrometheusText(address, { dial, wanted: RABBITMQ }));
  add('qdrant', 'EXPORT_QDRANT', (address) => () => readPrometheusText(address, { dial, wanted: QDRANT }));
  add('elasticsearch', 'EXPORT_ELASTICSEARCH', (address) => () => readElasticsearch(address, dial));
  add('pgbouncer', 'EXPORT_PGBOUNCER', (address) => {
    const password = findSecret(environment, 'EXPORT_PGBOUNCER_PASSWORD');
    return () => readPgbouncer(address, { dial, password });
  });
  return stores;
}
