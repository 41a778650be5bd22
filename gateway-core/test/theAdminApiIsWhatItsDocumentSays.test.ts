import { Ajv } from 'ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildOpenApi } from '../admin/openApi.ts';
import { operations } from '../admin/operations.ts';
import { callAdmin, watchAdmin } from './adminCalls.ts';
import { startGateway, startUpstream, type TestGateway } from './fixture.ts';

const document = buildOpenApi(operations);
const ajv = new Ajv({ strict: false, allErrors: true });

/** So that each shape has something in it. */
const EVERYTHING = `
  - { id: old, paths: [/old], redirect: { to: /app/new, status: 308 } }
tap: { bodyPreviewBytes: 100 }
defaults: { limits: [all] }
limits: { policies: { all: { by: [ip], rate: 1000 } } }
auth: { providers: { login: { issuer: "https://login.example", audiences: [a], algorithms: [HS256], keys: { secretEnv: ADMIN_TEST_SECRET } } } }
`;
process.env.ADMIN_TEST_SECRET = 'a secret of at least thirty-two bytes';

/** What is wrong with a value, in words; empty when it fits the component or inline schema. */
function faultsOf(schema: object, value: unknown): string {
  if (!ajv.getSchema('api')) ajv.addSchema({ ...document, $id: 'api' } as object, 'api');
  const text = JSON.stringify(schema).replaceAll('"#/components', '"api#/components');
  const validate = ajv.compile(JSON.parse(text) as object);
  return validate(value) ? '' : ajv.errorsText(validate.errors);
}

describe('the document', () => {
  test('names each operation once, with every parameter of its path', () => {
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, parameters } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = Object.entries(parameters).filter(([, { in: place }]) => place === 'path');
      expect(declared.map(([name]) => name)).toEqual(inPath);
    }
  });

  test('describes everything in words, and refers only to what it holds', () => {
    for (const operation of operations) {
      expect(operation.summary).not.toBe('');
      expect(Object.keys(operation.answers).length).toBeGreaterThan(0);
    }
    const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name ?? '',
    );
    expect(refs.length).toBeGreaterThan(10);
    expect(new Set(refs)).toEqual(new Set([...Object.keys(document.components.schemas)]));
  });
});

describe('the server', () => {
  let gateway: TestGateway;
  const calls: Record<string, { path: string; body?: string; headers?: Record<string, string> }[]> = {};

  beforeAll(() => {
    const config =
      'version: 1\nupstreams: { a: { url: "http://a:1" } }\nroutes: [{ id: a, paths: [/], upstream: a }]\n';
    const bad = { body: config.replace('upstream: a', 'upstream: b') };
    Object.assign(calls, {
      explain: [{ path: '/explain', body: '{"url":"/app/x"}' }],
      getExchange: [{ path: '/exchanges/ID' }, { path: '/exchanges/nothing' }],
      findExchanges: [{ path: '/exchanges?limit=1&status=2xx&status=404' }],
      validateConfig: [
        { path: '/config/validate', body: config },
        { path: '/config/validate', ...bad },
      ],
      diffConfig: [
        { path: '/config/diff', body: config },
        { path: '/config/diff', ...bad },
      ],
      applyConfig: [
        { path: '/config', body: config, headers: { 'if-match': '*' } },
        { path: '/config', ...bad, headers: { 'if-match': '*' } },
        { path: '/config', body: config, headers: { 'if-match': '"old"' } },
        { path: '/config', body: config },
      ],
      getKeptConfig: [{ path: '/config/history/1' }, { path: '/config/history/99' }],
      rollBackConfig: [
        { path: '/config/rollback?to=1', headers: { 'if-match': '*' } },
        { path: '/config/rollback?to=99', headers: { 'if-match': '*' } },
      ],
      holdBreaker: [
        { path: '/upstreams/app/breaker?state=closed&forMs=60000' },
        { path: '/upstreams/none/breaker?state=open&forMs=1' },
      ],
      resetBreaker: [{ path: '/upstreams/app/breaker/reset' }, { path: '/upstreams/none/breaker/reset' }],
      replay: [{ path: '/replays', body: '{"of":"a","method":"GET","path":"/app/x"}' }],
      releaseBreaker: [{ path: '/upstreams/app/breaker' }, { path: '/upstreams/none/breaker' }],
      drainReplica: [
        { path: '/upstreams/app/replicas/UPSTREAM/drain?forMs=60000' },
        { path: '/upstreams/app/replicas/none:1/drain?forMs=1' },
        { path: '/upstreams/none/replicas/none:1/drain?forMs=1' },
      ],
      takeReplicaBack: [
        { path: '/upstreams/app/replicas/UPSTREAM/drain' },
        { path: '/upstreams/app/replicas/none:1/drain' },
      ],
      reloadConfig: [{ path: '/config/reload' }],
      resetLimit: [{ path: '/limits/all/keys/127.0.0.1' }, { path: '/limits/none/keys/x' }],
    });
  });

  async function start(): Promise<{ id: string; replica: string }> {
    const upstream = await startUpstream((_req, res) => void res.setHeader('content-type', 'text/plain').end('ok'));
    gateway = await startGateway({ upstreamPort: upstream.port, yaml: EVERYTHING });
    const response = await fetch(`http://127.0.0.1:${gateway.port}/app/x?q=1`);
    await response.text();
    return { id: response.headers.get('x-request-id') ?? '', replica: `127.0.0.1:${upstream.port}` };
  }

  test('answers each operation with a described status, in the described shape', async () => {
    const { id, replica } = await start();
    for (const operation of operations) {
      const described = Object.entries(operation.answers);
      if (described.some(([, { type }]) => type === 'application/x-ndjson')) continue;
      for (const call of calls[operation.id] ?? [{ path: operation.path }]) {
        const answer = await callAdmin(
          gateway.adminSocket,
          `/v1${call.path.replace('ID', id).replace('UPSTREAM', replica)}`,
          { ...call, method: operation.method },
        );
        const found = described.find(([status]) => Number(status) === answer.status)?.[1];
        expect(found, `${operation.id}: ${answer.status} ${answer.text}`).toBeDefined();
        if (found?.schema === undefined) continue;
        const schema =
          typeof found.schema === 'string' ? { $ref: `#/components/schemas/${found.schema}` } : found.schema;
        expect(faultsOf(schema, answer.json()), `${operation.id}: ${answer.text}`).toBe('');
      }
    }
  });

  test.each([
    ['/v1/tap?backfill=10', 'TapLine'],
    ['/v1/tap?after=00000000-0', 'TapLine'],
    ['/v1/events?after=00000000-0', 'EventLine'],
  ])('streams %s in lines of the described shape', async (path, schema) => {
    await start();
    for (let count = 0; count < 5; count++) await fetch(`http://127.0.0.1:${gateway.port}/nowhere`);
    gateway.gateway.replaceConfig(gateway.config);
    const { seen } = await watchAdmin(gateway.adminSocket, path);
    await expect.poll(() => seen.length).toBeGreaterThan(2);
    for (const line of seen)
      expect(faultsOf({ $ref: `#/components/schemas/${schema}` }, line), JSON.stringify(line)).toBe('');
  });

  test('serves the document and the schema of gateway.yaml', async () => {
    await start();
    const served = await callAdmin(gateway.adminSocket, '/v1/openapi.json');
    expect(served.json()).toEqual(JSON.parse(JSON.stringify(document)));
    expect(Object.keys(document.paths)).toContain('/openapi.json');
    const schema = await callAdmin(gateway.adminSocket, '/v1/schema');
    expect(schema.json()).toMatchObject({ required: ['version', 'upstreams', 'routes'] });
  });

  test.each<[what: string, path: string, call: { method?: string; body?: string }, status: number, detail: RegExp]>([
    ['an unknown path', '/v1/nothing', {}, 404, /no GET \/v1\/nothing; see \/v1\/openapi\.json/],
    ['a path that never was unversioned', '/config', {}, 404, /no GET \/config/],
    ['another method', '/v1/stats', { method: 'POST' }, 405, /takes GET/],
    [
      'an unknown parameter',
      '/v1/tap?stauts=5xx',
      {},
      400,
      /no parameter "stauts"; the operation knows backfill, after, status/,
    ],
    ['a bad value', '/v1/exchanges?status=6xx', {}, 400, /"status" is "6xx"/],
    [
      'a number out of range',
      '/v1/exchanges?limit=0',
      {},
      400,
      /"limit" is "0"; it takes a whole number from 1 to 1000/,
    ],
    ['a parameter twice', '/v1/exchanges?limit=1&limit=2', {}, 400, /several times/],
    ['a missing parameter', '/v1/config/rollback', { method: 'POST' }, 400, /"to" is missing/],
    ['a body that is no JSON', '/v1/explain', { method: 'POST', body: '{' }, 400, /not JSON/],
    ['a body of another shape', '/v1/explain', { method: 'POST', body: '{"url":1}' }, 400, /\.url must be string/],
    ['a body that is too large', '/v1/explain', { method: 'POST', body: ' '.repeat(300_000) }, 413, /262144 bytes/],
  ])('refuses %s as a problem', async (_what, path, call, status, detail) => {
    await start();
    const answer = await callAdmin(gateway.adminSocket, path, call);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ status, detail: expect.stringMatching(detail), code: expect.any(String) });
  });
});
