import type { ServiceKind } from '../../contract/index.ts';

const byImage: readonly [RegExp, ServiceKind][] = [
  [/(^|\/)gatehouse\/api-gateway$/, 'gateway'],
  [/exporter/, 'exporter'],
  [/(^|\/)(prom\/prometheus|prometheus|victoria-?metrics)/, 'metrics'],
  [/(^|\/)(jaegertracing\/|jaeger|zipkin|grafana\/tempo)/, 'traces'],
  [/(^|\/)(grafana\/grafana|grafana|kibana|pgadmin|adminer)/, 'dashboard'],
  [/(^|\/)(rabbitmq|kafka|nats|activemq|pulsar)/, 'queue'],
  [
    /(^|\/)(postgres|postgis|pgbouncer|pgvector|mysql|mariadb|mongo|redis|valkey|memcached|elasticsearch|opensearch|qdrant|weaviate|milvus|minio|clickhouse|cockroach)/,
    'store',
  ],
  [/(^|\/)(kong|krakend|express-gateway|tyk)/, 'gateway'],
  [/(^|\/)(nginx|traefik|caddy|haproxy|envoy)/, 'edge'],
];

const byName: readonly [RegExp, ServiceKind][] = [
  [/^(api[_-]?)?gateway$/, 'gateway'],
  [/exporter$/, 'exporter'],
  [/^(nginx|traefik|caddy|haproxy|proxy|edge|ingress)$/, 'edge'],
  [/^(pgbouncer|postgres\w*|redis\w*|elasticsearch|qdrant|mysql|mongo|db|database)$/, 'store'],
  [/^(rabbitmq|kafka|nats)$/, 'queue'],
  [/^prometheus$/, 'metrics'],
  [/^(jaeger|tempo|zipkin)$/, 'traces'],
  [/^grafana$/, 'dashboard'],
];

/** What a service is for, by its image (without registry host and tag), then by its name; `app` when neither says. */
export function findServiceKind(name: string, image: string): ServiceKind {
  const repository = toRepository(image.slice(0, 512).toLowerCase());
  const find = (table: readonly [RegExp, ServiceKind][], text: string) =>
    table.find(([pattern]) => pattern.test(text))?.[1];
  return find(byImage, repository) ?? find(byName, name.slice(0, 256).toLowerCase()) ?? 'app';
}

/** Whether it is our gateway, whose admin API we can use: by its image, or by the label that one's own image carries. */
export function isOurGateway(image: string, labels: Readonly<Record<string, string>> = {}): boolean {
  return (
    labels['gatehouse.gateway'] === 'true' || /(^|\/)gatehouse\/api-gateway$/.test(toRepository(image.slice(0, 512)))
  );
}

/** `registry:5000/library/redis:7@sha256:…` → `library/redis` with the registry kept out of the way of names. */
function toRepository(image: string): string {
  const withoutDigest = image.split('@')[0] ?? '';
  return withoutDigest.replace(/:[^/:]*$/, '');
}
