import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { buildRouteTable } from './routeTable.ts';

test('a row says where a request goes, as data and as a sentence', () => {
  const config = loadConfig(`
version: 1
upstreams: { search: { url: http://search:8002 } }
routes: [{ id: ai-search, paths: [/ai/search, /api/ai/search], upstream: search, rewrite: { prefix: / } }, { id: rest, paths: [/], methods: [GET], hosts: [x.example], upstream: search }]
`);
  const table = buildRouteTable(config, 5);
  expect(table).toMatchObject({ listener: '0.0.0.0:8080', loadedAt: 5, revision: config.revision });
  expect(table.routes[0]).toEqual({
    id: 'ai-search',
    order: 1,
    paths: ['/ai/search/*', '/api/ai/search/*'],
    methods: null,
    hosts: null,
    matchHeaders: [],
    upstream: 'search',
    target: 'http://search:8002',
    rewriteTo: '/',
    becomes: '/*',
    redirect: null,
    headerRules: [],
    bodyLimitBytes: 10_485_760,
    timeoutMs: 60_000,
    sentence: '0.0.0.0:8080 → /ai/search/*, /api/ai/search/* → body ≤ 10 MiB, breaker search → http://search:8002/*',
    orderReason: 'before rest: its /ai/search lies under /',
  });
  expect(table.routes[1]).toMatchObject({
    order: 2,
    paths: ['/*'],
    rewriteTo: 'unchanged',
    sentence:
      '0.0.0.0:8080 → GET /* on x.example → body ≤ 10 MiB, breaker search → http://search:8002 (path unchanged)',
  });
});
