import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { startGateway, startUpstream, type TestGateway } from './fixture.ts';

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;

const metricsOf = async ({ port }: TestGateway) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

/** The value of one series; undefined where there is none. */
function read(text: string, series: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`gatehouse_gateway_${series} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

test.skipIf(!hasPromtool)(
  'promtool finds nothing to say (skipped: promtool of Debian package prometheus)',
  async () => {
    const upstream = await startUpstream((_req, res) => res.end('ok'));
    const gateway = await startGateway({ upstreamPort: upstream.port });
    for (const path of ['/app', '/nowhere']) await (await fetch(`http://127.0.0.1:${gateway.port}${path}`)).text();
    const result = spawnSync('promtool', ['check', 'metrics'], { input: await metricsOf(gateway), encoding: 'utf8' });
    expect(`${result.stdout}${result.stderr}`).toBe('');
    expect(result.status).toBe(0);
  },
);

test('labels stay bounded whatever callers ask for', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const gateway = await startGateway({ upstreamPort: upstream.port });
  const series = async () => (await metricsOf(gateway)).split('\n').filter((line) => !line.startsWith('#')).length;
  const methods = ['PROPFIND', 'LOCK', 'MKCOL', 'REPORT'];
  await fetch(`http://127.0.0.1:${gateway.port}/app/first`, { method: methods[0] ?? '' });
  await fetch(`http://127.0.0.1:${gateway.port}/nowhere/first`);
  const before = await series();
  for (let count = 0; count < 40; count++) {
    await fetch(`http://127.0.0.1:${gateway.port}/app/${count}?q=${count}`, { method: methods[count % 4] ?? '' });
    await fetch(`http://127.0.0.1:${gateway.port}/nowhere/${count}`);
  }
  expect(await series()).toBe(before);
  const text = await metricsOf(gateway);
  expect(read(text, 'requests_total{route="app",status_class="2xx",code="none",method="_other"}')).toBe(41);
  expect(read(text, 'requests_total{route="-",status_class="4xx",code="no-route",method="GET"}')).toBe(41);
});

test('a try is told by upstream and outcome, with connections in use', async () => {
  const upstream = await startUpstream((req, res) => void res.writeHead(req.url === '/broken' ? 500 : 200).end('four'));
  const gateway = await startGateway({
    upstreamPort: upstream.port,
    upstreams: '  gone: { url: "http://127.0.0.1:1" }',
    yaml: '  - { id: gone, paths: [/gone], upstream: gone }',
  });
  for (const path of ['/app', '/app/broken', '/gone'])
    await (await fetch(`http://127.0.0.1:${gateway.port}${path}`, { method: 'POST', body: 'body' })).text();
  const text = await metricsOf(gateway);
  expect(read(text, 'upstream_tries_total{upstream="app",outcome="2xx"}')).toBe(1);
  expect(read(text, 'upstream_tries_total{upstream="app",outcome="5xx"}')).toBe(1);
  expect(read(text, 'upstream_tries_total{upstream="gone",outcome="upstream-unreachable"}')).toBe(1);
  expect(read(text, 'upstream_try_duration_seconds_count{upstream="app"}')).toBe(2);
  expect(read(text, 'request_body_bytes_total{route="app"}')).toBe(8);
  expect(read(text, 'response_body_bytes_total{route="app"}')).toBe(8);
  expect(read(text, 'upstream_connections{upstream="app",state="idle"}')).toBe(1);
  expect(read(text, 'client_connections')).toBeGreaterThanOrEqual(1);
  expect(read(text, 'breaker_state{upstream="gone",state="closed"}')).toBe(1);
  expect(text).toMatch(/^process_cpu_seconds_total \d/m);
  expect(text).toMatch(/^gatehouse_gateway_event_loop_delay_max_seconds \d/m);
});

test('what is no longer configured has no series any more, what stays counts on', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const gateway = await startGateway({ upstreamPort: upstream.port });
  await (await fetch(`http://127.0.0.1:${gateway.port}/app`)).text();
  const yaml = (route: string) =>
    `version: 1\nupstreams: { app: { url: "http://127.0.0.1:${upstream.port}" } }\nroutes: [{ id: ${route}, paths: [/app], upstream: app }]`;
  gateway.gateway.replaceConfig(loadConfig(yaml('renamed')));
  await (await fetch(`http://127.0.0.1:${gateway.port}/app`)).text();
  const text = await metricsOf(gateway);
  expect(text).not.toContain('route="app"');
  expect(read(text, 'requests_total{route="renamed",status_class="2xx",code="none",method="GET"}')).toBe(1);
  expect(read(text, 'upstream_tries_total{upstream="app",outcome="2xx"}')).toBe(2);
  expect(read(text, 'config_reloads_total{outcome="applied"}')).toBe(1);
});
