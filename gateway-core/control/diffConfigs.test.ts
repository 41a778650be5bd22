import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { diffConfigs, isSame, toLines } from './diffConfigs.ts';

const base = `
version: 1
upstreams: { app: { url: http://app:8000 }, old: { url: http://old:1 } }
routes:
  - { id: app, paths: [/app], upstream: app }
  - { id: old, paths: [/old], upstream: old }
  - { id: kept, paths: [/kept], upstream: app }
telemetry: { traces: { otlpUrl: "http://jaeger:4318/v1/traces", headers: { x-key: topsecret } } }
`;
const diff = (after: string) => diffConfigs(loadConfig(base), loadConfig(after));

test('the same meaning is no difference', () => {
  expect(isSame(diff(`# a comment\n${base.replace('8000 }', '8000/ }')}`))).toBe(true);
  expect(toLines(diff(base))).toEqual([]);
});

test('routes and upstreams are told by name, settings by path', () => {
  const after = base
    .replace('old: { url: http://old:1 }', 'new: { url: http://new:1, timeouts: { totalMs: 5 } }')
    .replace('- { id: old, paths: [/old], upstream: old }', '- { id: new, paths: [/new], upstream: new }')
    .replace('paths: [/app], upstream: app', 'paths: [/app, /api], upstream: new, methods: [GET]')
    .replace('telemetry:', 'listen: { port: 1 }\ntap: { slowMs: 5 }\ntelemetry:');
  const result = diff(after);
  expect(result).toMatchObject({
    routes: { added: ['new'], removed: ['old'], reordered: false },
    upstreams: { added: ['new'], removed: ['old'], changed: [] },
    needsRestart: ['listen.port'],
  });
  expect(toLines(result)).toEqual([
    'upstream new added',
    'upstream old removed',
    'route new added',
    'route old removed',
    'route app: paths ["/app"] → ["/app","/api"]',
    'route app: methods null → ["GET"]',
    'route app: timeouts.totalMs 60000 → 5',
    'route app: upstream "app" → "new"',
    'listen.port 8080 → 1',
    'tap.slowMs 1000 → 5',
  ]);
});

test("an upstream's own change is not said of each route", () => {
  const result = diff(base.replace('http://app:8000', 'http://app:9000'));
  expect(result.routes.changed).toEqual([]);
  expect(result.upstreams.changed).toMatchObject([{ id: 'app', fields: [{ path: 'origin' }, { path: 'authority' }] }]);
});

test('another order is one', () => {
  const lines = base.split('\n');
  const [app = '', old = ''] = lines.splice(4, 2);
  lines.splice(5, 0, app, old);
  expect(toLines(diff(lines.join('\n')))).toEqual(['routes are tried in another order']);
});

test('a secret that changed is not said', () => {
  const result = diff(base.replace('topsecret', 'newsecret'));
  expect(toLines(result)).toEqual(['telemetry.traces.headers.x-key "[masked]" → "[masked]"']);
  expect(JSON.stringify(result)).not.toMatch(/topsecret|newsecret/);
});
