// The gateway core may not import the contract, so this test holds the two together: every answer of the admin API parses.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { buildRouteTable, createGateway, explain, type Gateway, loadConfig } from '../../../gateway-core/index.ts';
import {
  breakerSchema,
  exchangeDetailSchema,
  exchangeSchema,
  explanationSchema,
  gatewayStatsSchema,
  routeTableSchema,
} from '../../contract/index.ts';

const upstream = createServer((_req, res) => res.end('ok'));
const folder = mkdtempSync(join(tmpdir(), 'contract-'));
const socketPath = join(folder, 'admin.sock');
let gateway: Gateway;
let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  const text = `
version: 1
listen: { host: 127.0.0.1, port: 0 }
defaults: { breaker: { consecutiveConnectFailures: 1 } }
upstreams: { app: { url: "http://127.0.0.1:${port}" }, gone: { url: "http://127.0.0.1:1" } }
routes:
  - { id: app, paths: [/app], upstream: app, rewrite: { prefix: / } }
  - { id: gone, paths: [/gone], upstream: gone, methods: [GET], hosts: [127.0.0.1] }
`;
  gateway = createGateway(loadConfig(text), { name: 'contract' });
  const address = await gateway.listen();
  origin = `http://127.0.0.1:${address.port}`;
  await gateway.adminListen(socketPath);
  // An answer, a failure, a refusal by the breaker, a request without a route: each shape that a row can have.
  for (const path of ['/app/x?q=1', '/gone', '/gone', '/nowhere']) await (await fetch(origin + path)).text();
});

afterAll(async () => {
  await gateway.close({ graceMs: 0 });
  upstream.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  status: number;
  type: string | undefined;
  text: string;
}

function ask(path: string, options: { method?: string; body?: string; until?: (text: string) => boolean } = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request({ socketPath, path, method: options.method ?? 'GET', agent: false }, (response) => {
      let text = '';
      const done = () => {
        outgoing.destroy();
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], text });
      };
      response.setEncoding('utf8').on('end', done);
      response.on('data', (part: string) => {
        text += part;
        if (options.until?.(text)) done();
      });
    });
    outgoing.on('error', reject).end(options.body);
  });
}

const json = async (path: string): Promise<unknown> => JSON.parse((await ask(path)).text);

/** Strict: a field that the contract does not know is as wrong as one that is missing. */
const parse = (schema: z.ZodObject, value: unknown) => schema.strict().parse(value);

test('/routes is a RouteTable, and so is the one made of a file', async () => {
  parse(routeTableSchema, await json('/routes'));
  parse(
    routeTableSchema,
    buildRouteTable(
      loadConfig('version: 1\nupstreams: { a: { url: "http://a:1" } }\nroutes: [{ id: a, paths: [/], upstream: a }]'),
    ),
  );
});

test('/breakers is a list of breakers, closed and open', async () => {
  const breakers = z.array(breakerSchema.strict()).parse(await json('/breakers'));
  expect(breakers.map(({ upstream, state }) => [upstream, state])).toEqual([
    ['app', 'closed'],
    ['gone', 'open'],
  ]);
});

test('/stats is GatewayStats, with a count of latencies above the last bound', async () => {
  const stats = gatewayStatsSchema.strict().parse(await json('/stats'));
  expect(Object.keys(stats.routes)).toEqual(['app', 'gone', '-']);
  expect(stats.routes.gone).toMatchObject({ requests: 2, refused: 1, upstreamFailures: 1 });
  const { boundsMs, counts } = stats.routes.app?.latency ?? { boundsMs: [], counts: [] };
  expect(counts).toHaveLength(boundsMs.length + 1);
});

test('/explain answers an ExplainInput with an Explanation, and what is none with a problem', async () => {
  for (const url of ['/app/x', '/gone', '/nowhere', '/a/../b', '/health', `${origin}/app`]) {
    const { text } = await ask('/explain', { method: 'POST', body: JSON.stringify({ url, headers: [['a', 'b']] }) });
    parse(explanationSchema, JSON.parse(text));
  }
  const refused = await ask('/explain', { method: 'POST', body: '{"url":1}' });
  expect(refused).toMatchObject({ status: 400, type: 'application/problem+json' });
  const config = loadConfig(
    'version: 1\nupstreams: { a: { url: "http://a:1" } }\nroutes: [{ id: a, paths: [/], upstream: a }]',
  );
  parse(explanationSchema, await explain(config, { method: 'GET', url: '/x', headers: [] }));
});

test('/tap streams exchanges and heartbeats, and each exchange has its detail', async () => {
  const { text, type } = await ask('/tap?backfill=10', { until: (seen) => seen.split('\n').length > 5 });
  expect(type).toBe('application/x-ndjson');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; exchange?: unknown; stats?: unknown });
  expect(lines.filter((line) => line.type === 'heartbeat').length).toBeGreaterThan(0);
  const exchanges = lines
    .filter((line) => line.type === 'exchange')
    .map((line) => exchangeSchema.strict().parse(line.exchange));
  expect(exchanges.map(({ status, code }) => [status, code])).toEqual([
    [200, null],
    [502, 'upstream-unreachable'],
    [503, 'breaker-open'],
    [404, 'no-route'],
  ]);
  for (const { id } of exchanges) parse(exchangeDetailSchema, await json(`/exchanges/${id}`));
});

test('an unknown exchange and an unknown operation are problems', async () => {
  expect(await ask('/exchanges/nothing')).toMatchObject({ status: 404, type: 'application/problem+json' });
  expect(await ask('/nothing')).toMatchObject({ status: 404, type: 'application/problem+json' });
});

test('/upstreams lists the address that is dialled', async () => {
  expect(await json('/upstreams')).toMatchObject([
    { name: 'app', breaker: 'closed', inFlight: 0 },
    { name: 'gone', target: 'http://127.0.0.1:1', address: '127.0.0.1:1', breaker: 'open', inFlight: 0 },
  ]);
});
