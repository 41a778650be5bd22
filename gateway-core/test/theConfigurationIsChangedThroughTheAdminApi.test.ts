import { expect, test } from 'vitest';
import { callAdmin, watchAdmin } from './adminCalls.ts';
import { startGateway, startUpstream, type TestGateway } from './fixture.ts';

interface Applied {
  id: number;
  revision: string;
  etag: string;
  changes: string[];
}

async function start(more = ''): Promise<TestGateway & { toText: (routes: string) => string }> {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const gateway = await startGateway({ upstreamPort: upstream.port, yaml: more });
  const toText = (routes: string) =>
    `version: 1\nlisten: { host: 127.0.0.1, port: 0 }\nupstreams: { app: { url: "http://127.0.0.1:${upstream.port}" } }\nroutes:\n${routes}\n`;
  return { ...gateway, toText };
}

const APP = '  - { id: app, paths: [/app], upstream: app, rewrite: { prefix: / } }';
const API = '  - { id: api, paths: [/api], upstream: app }';

const statusOf = async ({ port }: TestGateway, path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
const call = (
  { adminSocket }: TestGateway,
  method: string,
  path: string,
  more: { body?: string; etag?: string } = {},
) =>
  callAdmin(adminSocket, `/v1${path}`, {
    method,
    ...(more.body === undefined ? {} : { body: more.body }),
    ...(more.etag === undefined ? {} : { headers: { 'if-match': more.etag } }),
  });

test('a change is made to what its author saw, or not at all', async () => {
  const gateway = await start();
  const seen = (await call(gateway, 'GET', '/config')).headers.etag ?? '';
  const body = gateway.toText(`${APP}\n${API}`);
  expect((await call(gateway, 'PUT', '/config', { body })).status).toBe(428);
  expect(await statusOf(gateway, '/api')).toBe(404);

  const applied = await call(gateway, 'PUT', '/config?note=more', { body, etag: seen });
  expect(applied.status).toBe(200);
  expect(applied.json<Applied>()).toMatchObject({ id: 2, origin: 'api', note: 'more', changes: ['route api added'] });
  expect(applied.headers.etag).toBe(applied.json<Applied>().etag);
  expect(await statusOf(gateway, '/api')).toBe(200);

  const late = await call(gateway, 'PUT', '/config', { body: gateway.toText(APP), etag: seen });
  expect(late.status).toBe(412);
  expect(late.json()).toMatchObject({
    code: 'config-changed',
    detail: expect.stringContaining(applied.headers.etag ?? ''),
  });
  expect(await statusOf(gateway, '/api')).toBe(200);
});

test('the tag is of the text, so that a lost comment is a lost update, and replicas share it', async () => {
  const [one, two] = [await start(), await start()];
  const body = one.toText(APP);
  const tags = await Promise.all(
    [one, two].map(async (gateway) => (await call(gateway, 'PUT', '/config', { body, etag: '*' })).headers.etag),
  );
  expect(tags[0]).toBe(tags[1]);
  const [etag = ''] = tags;
  await call(one, 'PUT', '/config', { body: `# why\n${body}`, etag });
  expect((await call(one, 'PUT', '/config', { body, etag })).status).toBe(412);
});

test('a bad one changes nothing and says every problem with its place', async () => {
  const gateway = await start();
  const body = gateway
    .toText(`${APP}\n${API.replace('upstream: app', 'upstream: ap')}`)
    .replace('version: 1', 'version: 2');
  const refused = await call(gateway, 'PUT', '/config', { body, etag: '*' });
  expect(refused.status).toBe(422);
  expect(refused.json()).toMatchObject({ code: 'config-invalid', problems: [{ line: 1, where: 'version' }] });
  expect(await statusOf(gateway, '/app')).toBe(200);
  const shown = (await call(gateway, 'GET', '/config')).json<{ lastRefusal: unknown; id: number }>();
  expect(shown).toMatchObject({ id: 1, lastRefusal: { origin: 'api', problems: [{ line: 1 }] } });
  const metrics = await (await fetch(`http://127.0.0.1:${gateway.port}/metrics`)).text();
  expect(metrics).toContain('gatehouse_gateway_config_reloads_total{outcome="refused"} 1');
  expect(metrics).toContain('gatehouse_gateway_config_last_reload_successful 0');
});

test('trying and comparing change nothing', async () => {
  const gateway = await start();
  const body = gateway.toText(API);
  expect((await call(gateway, 'POST', '/config/validate', { body })).json()).toMatchObject({
    isValid: true,
    problems: [],
  });
  const unusable = `${body}telemetry: { accessLog: { to: /nowhere/x } }\n`;
  expect((await call(gateway, 'POST', '/config/validate', { body: unusable })).json()).toMatchObject({
    isValid: false,
  });
  const diff = (await call(gateway, 'POST', '/config/diff', { body })).json();
  expect(diff).toMatchObject({ isSame: false, routes: { added: ['api'], removed: ['app'] } });
  expect(await statusOf(gateway, '/app')).toBe(200);
  expect((await call(gateway, 'GET', '/config/history')).json<unknown[]>()).toHaveLength(1);
});

test('what is shown has no secrets, and can be sent back with a change', async () => {
  const gateway = await start(
    'telemetry: { traces: { otlpUrl: "http://127.0.0.1:1", headers: { x-key: topsecret } } }',
  );
  const answer = await call(gateway, 'GET', '/config');
  expect(answer.text).not.toContain('topsecret');
  const { text } = answer.json<{ text: string }>();
  const etag = answer.headers.etag ?? '';
  const applied = await call(gateway, 'PUT', '/config', { body: `${text}\ndrain: { delayMs: 5 }\n`, etag });
  expect(applied.json<Applied>().changes).toEqual(['drain.delayMs 0 → 5']);
  const forged = text.replace(/\[masked:[^\]]*\]/, '[masked:elsewhere]');
  expect((await call(gateway, 'PUT', '/config', { body: forged, etag: '*' })).status).toBe(422);
});

test('the last 20 are kept, and any of them can be put in force again', async () => {
  const gateway = await start();
  for (let count = 1; count <= 24; count++)
    await call(gateway, 'PUT', '/config', {
      body: gateway.toText(`${APP}\n${API.replace('id: api', `id: api${count}`)}`),
      etag: '*',
    });
  const history = (await call(gateway, 'GET', '/config/history')).json<Applied[]>();
  expect(history.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => 25 - index));
  const target = (await call(gateway, 'GET', '/config/history/10')).json<{
    diff: { lines: string[] };
    revision: string;
  }>();
  expect(target.diff.lines).toEqual(['route api9 added', 'route api24 removed']);

  expect((await call(gateway, 'POST', '/config/rollback?to=10')).status).toBe(428);
  expect((await call(gateway, 'POST', '/config/rollback?to=1', { etag: '*' })).status).toBe(404);
  const back = await call(gateway, 'POST', '/config/rollback?to=10', { etag: history[0]?.etag ?? '' });
  expect(back.json()).toMatchObject({ id: 26, origin: 'rollback', revision: target.revision, note: 'to 10' });
  expect((await call(gateway, 'GET', '/routes')).json()).toMatchObject({ routes: [{ id: 'app' }, { id: 'api9' }] });
});

test('every change and refusal is an event, and so is a breaker; one who comes back gets what was missed', async () => {
  const gateway = await start();
  type Line = { type: string; outcome?: string; to?: string; resume?: string };
  const first = await watchAdmin<Line>(gateway.adminSocket, '/v1/events');
  await call(gateway, 'PUT', '/config', { body: gateway.toText(`${APP}\n${API}`), etag: '*' });
  await expect.poll(() => first.seen.filter(({ type }) => type === 'config')).toMatchObject([{ outcome: 'applied' }]);
  await expect.poll(() => first.seen.findLast(({ type }) => type === 'heartbeat')?.resume).toMatch(/-1$/);
  first.close();
  const resume = first.seen.findLast(({ type }) => type === 'heartbeat')?.resume ?? '';

  await call(gateway, 'PUT', '/config', { body: 'nonsense', etag: '*' });
  const dead = gateway.toText(APP).replace(/127\.0\.0\.1:\d+"/, '127.0.0.1:1"');
  await call(gateway, 'PUT', '/config', { body: dead, etag: '*' });
  for (let count = 0; count < 6; count++) await statusOf(gateway, '/app');
  const second = await watchAdmin<Line>(gateway.adminSocket, `/v1/events?after=${resume}`);
  const told = () =>
    second.seen.filter(({ type }) => type !== 'heartbeat').map(({ type, outcome, to }) => [type, outcome ?? to]);
  await expect.poll(told).toEqual([
    ['config', 'refused'],
    ['config', 'applied'],
    ['breaker', 'open'],
  ]);
});
