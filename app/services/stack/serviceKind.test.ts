import { expect, test } from 'vitest';
import { findServiceKind, isOurGateway } from './serviceKind.ts';

test.each([
  ['nginx', 'nginx:1.28', 'edge'],
  ['api_gateway', 'gatehouse/api-gateway:0.1.0', 'gateway'],
  ['front', 'registry.example:5000/team/gatehouse/api-gateway@sha256:00', 'gateway'],
  ['postgres_ai', 'postgres:16', 'store'],
  ['pgbouncer', 'edoburu/pgbouncer:v1', 'store'],
  ['cache', 'valkey/valkey:8', 'store'],
  ['mq', 'rabbitmq:4-management', 'queue'],
  ['prometheus', 'prom/prometheus:v3', 'metrics'],
  ['postgres-exporter', 'registry.example/prometheuscommunity/postgres-exporter', 'exporter'],
  ['grafana', 'grafana/grafana:12', 'dashboard'],
  ['tempo', 'grafana/tempo:2', 'traces'],
  ['jaeger', 'jaegertracing/jaeger:2', 'traces'],
  ['redis', 'my/own-build:1', 'store'],
  ['backend', 'gatehouse/platform-service:0.1.0', 'app'],
  ['api', '', 'app'],
])('%s of %s is %s', (name, image, kind) => {
  expect(findServiceKind(name, image)).toBe(kind);
});

test('only our own image is our gateway', () => {
  expect(isOurGateway('gatehouse/api-gateway:1')).toBe(true);
  expect(isOurGateway('evil-gatehouse/api-gateway:1')).toBe(false);
  expect(isOurGateway('gatehouse/api-gateway-fork:1')).toBe(false);
});
