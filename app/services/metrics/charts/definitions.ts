// The charts that have a name: what each shows, from which metrics, and what to do where there are none. Data alone.
import type { ChartGroup, MetricsUnit } from '../../../contract/index.ts';
import type { Plan } from './plan.ts';

/** What the host itself measures of containers, by the engine's statistics. */
export const containerMetrics = {
  cpu: 'container_cpu_cores',
  cpuLimit: 'container_cpu_limit_share',
  memory: 'container_memory_bytes',
  memoryLimit: 'container_memory_limit_share',
  received: 'container_received_bytes_per_second',
  sent: 'container_sent_bytes_per_second',
} as const;

export interface ChartPart {
  /** For the legend, where the plan has no labels to tell its series apart, or the chart has several plans. */
  readonly name?: string;
  readonly plan: Plan;
}

export interface ChartDefinition {
  readonly id: string;
  readonly group: ChartGroup;
  readonly title: string;
  readonly unit: MetricsUnit;
  /** Exporters call the same thing by several names: the first of which there is any. */
  readonly alternatives: readonly (readonly ChartPart[])[];
  /** What has to be done so that there is something, as a sentence. */
  readonly remedy: string;
  /** By which words of a target's job or instance it is known that it would be the one to ask. */
  readonly target?: RegExp;
}

const gateway = (name: string) => `gatehouse_gateway_${name}`;
const rate = (metric: string, ...by: string[]): Plan => ({ kind: 'rate', metric, by });
const sum = (metric: string, ...by: string[]): Plan => ({ kind: 'gauge', take: 'sum', metric, by });
const max = (metric: string, ...by: string[]): Plan => ({ kind: 'gauge', take: 'max', metric, by });
const p95 = (metric: string, ...by: string[]): Plan => ({ kind: 'quantile', q: 0.95, metric, by });
const alone = (plan: Plan): readonly ChartPart[] => [{ plan }];

/** How a try at an upstream ends without the upstream having failed. */
const notFailed = { outcome: ['1xx', '2xx', '3xx', '4xx', 'aborted'] };

type PlainChart = Pick<ChartDefinition, 'id' | 'title' | 'unit'> & { readonly parts: readonly ChartPart[] };

function ofGateway(group: ChartGroup, charts: readonly PlainChart[]): ChartDefinition[] {
  return charts.map(({ parts, ...chart }) => ({
    ...chart,
    group,
    alternatives: [parts],
    target: /gateway/i,
    remedy: 'Let Prometheus scrape /metrics on the data port of each gateway.',
  }));
}

const traffic = ofGateway('traffic', [
  {
    id: 'route-rate',
    title: 'Requests by route',
    unit: 'perSecond',
    parts: alone(rate(gateway('requests_total'), 'route')),
  },
  {
    id: 'route-errors',
    title: 'Errors that callers got, by route',
    unit: 'share',
    parts: alone({
      kind: 'share',
      metric: gateway('requests_total'),
      match: { status_class: ['5xx'] },
      by: ['route'],
    }),
  },
  {
    id: 'route-duration',
    title: 'Duration by route, p95',
    unit: 'seconds',
    parts: alone(p95(gateway('request_duration_seconds'), 'route')),
  },
  {
    id: 'upstream-rate',
    title: 'Tries by upstream',
    unit: 'perSecond',
    parts: alone(rate(gateway('upstream_tries_total'), 'upstream')),
  },
  {
    id: 'upstream-errors',
    title: 'Failed tries by upstream',
    unit: 'share',
    parts: alone({ kind: 'share', metric: gateway('upstream_tries_total'), except: notFailed, by: ['upstream'] }),
  },
  {
    id: 'upstream-duration',
    title: 'Answer of upstreams, p95',
    unit: 'seconds',
    parts: alone(p95(gateway('upstream_try_duration_seconds'), 'upstream')),
  },
]);

const ofProcess = ofGateway('gateway', [
  {
    id: 'gateway-loop',
    title: 'Event loop: how late timers are',
    unit: 'seconds',
    parts: [
      { name: 'mean', plan: max(gateway('event_loop_delay_mean_seconds')) },
      { name: 'p99', plan: max(gateway('event_loop_delay_p99_seconds')) },
      { name: 'longest', plan: max(gateway('event_loop_delay_max_seconds')) },
    ],
  },
  {
    id: 'gateway-busy',
    title: 'Processor time',
    unit: 'cores',
    parts: [
      { name: 'event loop', plan: rate(gateway('event_loop_active_seconds_total')) },
      { name: 'process', plan: rate('process_cpu_seconds_total') },
    ],
  },
  {
    id: 'gateway-connections',
    title: 'Callers',
    unit: 'count',
    parts: [
      { name: 'connections', plan: sum(gateway('client_connections')) },
      { name: 'requests in flight', plan: sum(gateway('in_flight_requests')) },
      { name: 'WebSockets', plan: sum(gateway('open_websockets')) },
    ],
  },
  {
    id: 'gateway-pool',
    title: 'Connections to upstreams',
    unit: 'count',
    parts: [
      { name: 'active', plan: { ...sum(gateway('upstream_connections')), match: { state: ['active'] } } },
      { name: 'idle', plan: { ...sum(gateway('upstream_connections')), match: { state: ['idle'] } } },
      { name: 'requests that wait', plan: sum(gateway('upstream_waiting_requests')) },
    ],
  },
  {
    id: 'gateway-memory',
    title: 'Memory',
    unit: 'bytes',
    parts: [
      { name: 'resident', plan: sum('process_resident_memory_bytes') },
      { name: 'heap in use', plan: sum(gateway('heap_used_bytes')) },
    ],
  },
  {
    id: 'gateway-events',
    title: 'Retries, queues and ejections',
    unit: 'perSecond',
    parts: alone(rate(gateway('upstream_events_total'), 'event')),
  },
  {
    id: 'gateway-limits',
    title: 'Refused by limits, by policy',
    unit: 'perSecond',
    parts: alone({ ...rate(gateway('limit_decisions_total'), 'policy'), match: { outcome: ['refused'] } }),
  },
]);

function ofContainers(charts: readonly (Omit<PlainChart, 'parts'> & { metric: string; remedy: string })[]) {
  return charts.map(
    ({ metric, ...chart }): ChartDefinition => ({
      ...chart,
      group: 'containers',
      alternatives: [alone(max(metric, 'container'))],
    }),
  );
}

const noNetwork = 'This engine counts no bytes of networks.';
const noContainer = 'No container of the project runs; start one, and it is measured at the next look.';

const containers = ofContainers([
  {
    id: 'container-cpu',
    title: 'Processor time',
    unit: 'cores',
    metric: containerMetrics.cpu,
    remedy: noContainer,
  },
  {
    id: 'container-cpu-limit',
    title: 'Processor time, of the limit',
    unit: 'share',
    metric: containerMetrics.cpuLimit,
    remedy: 'No running container has a limit of its processor time; deploy.resources.limits.cpus sets one.',
  },
  {
    id: 'container-memory',
    title: 'Memory',
    unit: 'bytes',
    metric: containerMetrics.memory,
    remedy: noContainer,
  },
  {
    id: 'container-memory-limit',
    title: 'Memory, of the limit',
    unit: 'share',
    metric: containerMetrics.memoryLimit,
    remedy: 'No running container has a limit of its memory; deploy.resources.limits.memory sets one.',
  },
  {
    id: 'container-received',
    title: 'Received',
    unit: 'bytesPerSecond',
    metric: containerMetrics.received,
    remedy: noNetwork,
  },
  {
    id: 'container-sent',
    title: 'Sent',
    unit: 'bytesPerSecond',
    metric: containerMetrics.sent,
    remedy: noNetwork,
  },
]);

const stores: readonly ChartDefinition[] = [
  {
    id: 'pgbouncer-waiting',
    group: 'stores',
    title: 'PgBouncer: clients that wait',
    unit: 'count',
    alternatives: [
      alone(sum('pgbouncer_pools_client_waiting_connections', 'instance', 'database')),
      alone(sum('pgbouncer_pools_cl_waiting', 'instance', 'database')),
    ],
    target: /pgbouncer/i,
    remedy: 'Add an exporter for PgBouncer to the stack and to prometheus.yml.',
  },
  {
    id: 'postgres-connections',
    group: 'stores',
    title: 'Postgres: connections',
    unit: 'count',
    alternatives: [
      [
        { plan: sum('pg_stat_activity_count', 'instance') },
        { name: 'most', plan: max('pg_settings_max_connections', 'instance') },
      ],
      [{ plan: sum('pg_stat_database_numbackends', 'instance') }],
    ],
    target: /postgres|^pg/i,
    remedy: 'Add postgres_exporter to the stack and to prometheus.yml.',
  },
  {
    id: 'rabbitmq-queues',
    group: 'stores',
    title: 'RabbitMQ: messages by queue',
    unit: 'count',
    alternatives: [
      [
        { name: 'ready', plan: sum('rabbitmq_detailed_queue_messages_ready', 'queue') },
        { name: 'unacknowledged', plan: sum('rabbitmq_detailed_queue_messages_unacked', 'queue') },
      ],
      [
        { name: 'ready', plan: sum('rabbitmq_queue_messages_ready', 'queue') },
        { name: 'unacknowledged', plan: sum('rabbitmq_queue_messages_unacked', 'queue') },
      ],
    ],
    target: /rabbit/i,
    remedy: 'Switch on the plugin rabbitmq_prometheus (port 15692) and add it to prometheus.yml.',
  },
  {
    id: 'redis-memory',
    group: 'stores',
    title: 'Redis: memory',
    unit: 'bytes',
    alternatives: [
      [
        { name: 'used', plan: max('redis_memory_used_bytes', 'instance') },
        { name: 'limit', plan: max('redis_memory_max_bytes', 'instance') },
      ],
    ],
    target: /redis/i,
    remedy: 'Add redis_exporter to the stack and to prometheus.yml.',
  },
  {
    id: 'redis-evictions',
    group: 'stores',
    title: 'Redis: evicted keys',
    unit: 'perSecond',
    alternatives: [alone(rate('redis_evicted_keys_total', 'instance'))],
    target: /redis/i,
    remedy: 'Add redis_exporter to the stack and to prometheus.yml.',
  },
  {
    id: 'elasticsearch-colour',
    group: 'stores',
    title: 'Elasticsearch: state of the cluster',
    unit: 'colour',
    alternatives: [
      alone({ kind: 'colour', metric: 'elasticsearch_cluster_health_status', label: 'color', by: ['cluster'] }),
    ],
    target: /elastic/i,
    remedy: 'Add elasticsearch_exporter to the stack and to prometheus.yml.',
  },
  {
    id: 'qdrant-collections',
    group: 'stores',
    title: 'Qdrant: collections',
    unit: 'count',
    alternatives: [
      [{ name: 'collections', plan: sum('collections_total') }],
      [{ name: 'collections', plan: sum('qdrant_collections_total') }],
    ],
    target: /qdrant/i,
    remedy: 'Let Prometheus scrape /metrics of Qdrant (port 6333).',
  },
  {
    id: 'worker-lag',
    group: 'stores',
    title: 'Workers: tasks that wait',
    unit: 'count',
    alternatives: [
      [{ plan: sum('celery_queue_length', 'queue_name') }],
      [{ plan: sum('tasks_waiting', 'queue') }],
      [{ name: 'ready', plan: sum('rabbitmq_detailed_queue_messages_ready') }],
      [{ name: 'ready', plan: sum('rabbitmq_queue_messages_ready') }],
    ],
    target: /celery|worker|rabbit/i,
    remedy: 'Scrape an exporter of the workers, or of the queue that they read.',
  },
];

export const chartDefinitions: readonly ChartDefinition[] = [...traffic, ...ofProcess, ...containers, ...stores];

/** In the order of the view. */
export function findCharts(group: ChartGroup): readonly ChartDefinition[] {
  return chartDefinitions.filter((definition) => definition.group === group);
}
