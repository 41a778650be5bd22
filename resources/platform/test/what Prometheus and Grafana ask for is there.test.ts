import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { programs } from '../../../scripts/programs.mjs';
import { PLATFORM_FOLDER, readCompose } from './composeFiles.ts';

const folder = (name: string) => join(PLATFORM_FOLDER, name);
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

test('promtool finds nothing wrong with the configuration and its rules', (context) => {
  if (!hasPromtool) context.skip('needs promtool; install the package prometheus');
  const output = execFileSync('promtool', ['check', 'config', folder('prometheus/prometheus.yml')], {
    encoding: 'utf8',
  });
  expect(output).toContain('2 rule files found');
});

test('alerts fire when they should, and not before', (context) => {
  if (!hasPromtool) context.skip('needs promtool; install the package prometheus');
  const output = execFileSync('promtool', ['test', 'rules', folder('test/rules.yml')], { encoding: 'utf8' });
  expect(output).toContain('SUCCESS');
});

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
}
const rules = readdirSync(folder('prometheus/rules')).flatMap((name) => {
  const { groups } = parse(readFileSync(folder(`prometheus/rules/${name}`), 'utf8')) as { groups: { rules: Rule[] }[] };
  return groups.flatMap((group) => group.rules);
});

interface Dashboard {
  uid: string;
  panels: { title: string; datasource: { uid: string }; targets: { expr: string }[] }[];
}
const dashboards = readdirSync(folder('grafana/dashboards')).map(
  (name) => JSON.parse(readFileSync(folder(`grafana/dashboards/${name}`), 'utf8')) as Dashboard,
);

test('there are three dashboards, which ask the data source that is provisioned', () => {
  expect(dashboards.map(({ uid }) => uid).sort()).toEqual(['platform-gateway', 'platform-overview', 'platform-stores']);
  const { datasources } = parse(readFileSync(folder('grafana/provisioning/datasources/platform.yaml'), 'utf8')) as {
    datasources: { uid: string; url: string }[];
  };
  const services = Object.keys(readCompose('prod').services);
  for (const { url } of datasources) expect(services).toContain(new URL(url).hostname);
  const asked = new Set(dashboards.flatMap(({ panels }) => panels.map(({ datasource }) => datasource.uid)));
  expect(datasources.map(({ uid }) => uid)).toEqual(expect.arrayContaining([...asked]));
});

test('every target is a service of the compose files, on the monitoring network or Prometheus itself', () => {
  const { scrape_configs: jobs } = parse(readFileSync(folder('prometheus/prometheus.yml'), 'utf8')) as {
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
  const { services } = readCompose('prod');
  const targets = jobs.flatMap(({ static_configs }) => static_configs.flatMap((group) => group.targets));
  const watched = Object.entries(services)
    .filter(([, { networks }]) => JSON.stringify(networks ?? '').includes('monitoring_network'))
    .map(([name]) => name);
  const names = targets.map((target) => target.replace(/:\d+$/, '').replace('localhost', 'prometheus'));
  expect(names.sort()).toEqual(watched.sort());
});

/** Of the exporters, by their documentation; of our own one, what it makes of the stores' answers. */
const OF_EXPORTERS = [
  ...['up', 'pg_up', 'pg_stat_database_xact_commit', 'pg_stat_database_xact_rollback'],
  ...['redis_up', 'redis_memory_used_bytes', 'redis_commands_processed_total'],
  ...['nginx_http_requests_total', 'nginx_connections_active'],
  ...['rabbitmq_detailed_queue_messages_ready', 'rabbitmq_detailed_queue_messages_unacked'],
  ...['pgbouncer_pools_client_active_connections', 'pgbouncer_pools_client_waiting_connections'],
  ...['pgbouncer_pools_server_active_connections', 'pgbouncer_pools_client_maxwait_seconds'],
  ...['elasticsearch_indices_docs', 'collections_vector_total'],
];

const started: ChildProcess[] = [];
const exported = new Set<string>(OF_EXPORTERS);
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});
beforeAll(async () => {
  const texts = await Promise.all([
    readMetrics([programs.gateway, '--config', folder('gateway.yaml')], 8080),
    readMetrics([programs.service, 'backend'], 8000),
    readMetrics([programs.service, 'celery-worker'], 9808),
    readMetrics([programs.service, 'recommender'], 8001),
    readMetrics([programs.service, 'stores-exporter'], 9464),
  ]);
  for (const [, name = '', type] of texts.join('\n').matchAll(/^# TYPE (\S+) (\w+)$/gm)) {
    exported.add(name);
    if (type === 'histogram') for (const part of ['bucket', 'sum', 'count']) exported.add(`${name}_${part}`);
  }
}, 60_000);

/** Of the real program, as a process on any port. */
async function readMetrics(argv: string[], port: number): Promise<string> {
  const child = spawn(process.execPath, argv, {
    env: { PATH: process.env.PATH, GATEHOUSE_PORTS: JSON.stringify({ [port]: '127.0.0.1:0' }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const bound = await new Promise<number>((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /"address":"127\.0\.0\.1:(\d+)"|"msg":"listening".*?"port":(\d+)/.exec(output);
      if (found) resolve(Number(found[1] ?? found[2]));
    });
    child.once('exit', () => reject(new Error(`${argv.join(' ')} ended: ${output}`)));
  });
  return (await fetch(`http://127.0.0.1:${bound}/metrics`)).text();
}

const KEYWORDS = new Set([
  'and',
  'or',
  'unless',
  'by',
  'without',
  'on',
  'ignoring',
  'bool',
  'offset',
  'le',
  'inf',
  'nan',
]);

/** Names of metrics in PromQL: what is no function, no keyword, and within no braces, brackets or lists of labels. */
function findMetricNames(expr: string): string[] {
  const bare = expr
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, ' ');
  return [...bare.matchAll(/(?<![\w.:])[a-zA-Z_][\w:]*(?!\w*\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => !KEYWORDS.has(name));
}

test('names of metrics are found in expressions', () => {
  expect(findMetricNames('sum by (a, b) (rate(x_total{c="d"}[5m])) / 0.1 or vector(0) > y:z:w')).toEqual([
    'x_total',
    'y:z:w',
  ]);
});

const asked: [where: string, expr: string][] = [
  ...rules.map((rule): [string, string] => [rule.record ?? rule.alert ?? '', rule.expr]),
  ...dashboards.flatMap(({ uid, panels }) =>
    panels.flatMap(({ title, targets }) => targets.map(({ expr }): [string, string] => [`${uid}: ${title}`, expr])),
  ),
];
test.each(asked)('%s asks for metrics that somebody exports', (_, expr) => {
  const recorded = new Set(rules.flatMap(({ record }) => record ?? []));
  const names = findMetricNames(expr);
  expect(names).not.toEqual([]);
  expect(names.filter((name) => !exported.has(name) && !recorded.has(name))).toEqual([]);
});
