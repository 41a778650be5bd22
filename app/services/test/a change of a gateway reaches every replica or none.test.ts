// Two gateways as they are, each behind a socket that can break.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createGateway, type Gateway, loadConfig } from '../../../gateway-core/index.ts';
import { createGatewaySource, type GatewaySource } from '../gateway/gatewaySource.ts';
import { applyConfig, compareConfig, rollBack, tryConfig, viewConfig, viewHistory, viewKept } from '../gateway/operateConfig.ts'; // biome-ignore format: one line of names
import {
  clearBreaker,
  drain,
  forceBreaker,
  giveBurst,
  viewLimits,
  viewUpstreams,
} from '../gateway/operateUpstreams.ts';
import { replay } from '../traffic/replay.ts';
import { type BreakableSocket, createBreakableSocket } from './breakableSocket.ts';

const upstream = createServer((_request, answer) => answer.end('ok'));
const folder = mkdtempSync(join(tmpdir(), 'gh-'));
const pathOf = (name: string) => join(folder, `${name}.sock`);
let gateways: Gateway[] = [];
let sockets: BreakableSocket[] = [];
let source: GatewaySource;
let origin: string;
let toText: (more?: string) => string;

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  toText = (more = '') => `version: 1
listen: { host: 127.0.0.1, port: 0 }
limits: { policies: { all: { by: [ip], rate: 1, perSeconds: 60, burst: 9 } } }
upstreams: { app: { url: "http://127.0.0.1:${port}" } }
routes:
  - { id: app, paths: [/app], upstream: app, rewrite: { prefix: / }, limits: [all] }
${more}`;
  gateways = ['one', 'two'].map((name) => createGateway(loadConfig(toText()), { name }));
  const [first] = await Promise.all(gateways.map((gateway) => gateway.listen()));
  origin = `http://127.0.0.1:${first?.port}`;
  await Promise.all(gateways.map((gateway, index) => gateway.adminListen(pathOf(`admin-${index}`))));
  sockets = await Promise.all([0, 1].map((index) => createBreakableSocket(pathOf(`way-${index}`), pathOf(`admin-${index}`)))); // biome-ignore format: two sockets
  source = createGatewaySource({ openEngine: expect.unreachable, now: Date.now });
  const addresses = [0, 1].map((index) => ({ kind: 'socket' as const, path: pathOf(`way-${index}`) }));
  source.setPlace({ kind: 'present', service: 'api_gateway', replicas: 2, addresses });
  await untilBothAnswer();
});
afterEach(async () => {
  for (const socket of sockets) socket.breakage = null;
  await untilBothAnswer();
});
afterAll(async () => {
  await source.close();
  await Promise.all(sockets.map((socket) => socket.close()));
  await Promise.all(gateways.map((gateway) => gateway.close({ graceMs: 0 })));
  upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

const untilBothAnswer = () =>
  vi.waitFor(() => expect(source.live()).toHaveLength(2), { timeout: 10_000, interval: 20 });
const revisions = () => gateways.map(({ config }) => config.revision);
const routesOf = () =>
  gateways.map(({ config }) =>
    config.routes
      .map(({ id }) => id)
      .sort()
      .join(),
  );
const route = (id: string) => `  - { id: ${id}, paths: [/${id}], upstream: app }\n`;
const breakTwo = (breakage: BreakableSocket['breakage']) => {
  if (sockets[1]) sockets[1].breakage = breakage;
};

async function apply(more: string, reason = '') {
  const { replicas } = await viewConfig(source);
  return applyConfig(source, toText(more), { basedOn: replicas.map(({ etag }) => etag), note: `console: ${reason}` });
}

test('it is tried and compared on all, put in force on all, kept with who and why, and taken back on all', async () => {
  const before = await viewConfig(source);
  expect(before).toMatchObject({ silent: 0, patch: null, replicas: [{ gateway: 'one' }, { gateway: 'two' }] });
  expect(await tryConfig(source, toText(route('more')))).toEqual({ isValid: true, problems: [] });
  expect(await compareConfig(source, toText(route('more')))).toMatchObject({ routes: { added: ['more'] } });

  const applied = await apply(route('more'), 'a route more');
  expect(applied).toMatchObject({ outcome: 'applied', replicas: [{ state: 'changed' }, { state: 'changed' }] });
  expect(routesOf()).toEqual(['app,more', 'app,more']);
  const [newest, older] = await viewHistory(source);
  expect(newest).toMatchObject({ etag: applied.etag, note: 'console: a route more', isInForce: true, keptBy: 2 });
  expect(older).toMatchObject({ etag: before.etag });

  expect(await viewKept(source, before.etag)).toMatchObject({ diff: { routes: { removed: ['more'] } } });
  const back = await rollBack(source, before.etag, { basedOn: [applied.etag ?? ''], note: 'console' });
  expect(back).toMatchObject({ outcome: 'applied', etag: before.etag });
  expect(routesOf()).toEqual(['app', 'app']);
});

test('what is not valid is refused with its place, and what was taken meanwhile is not overwritten', async () => {
  const before = revisions();
  const refused = await apply('  - { id: bad, paths: [/bad], upstream: nobody }\n');
  expect(refused).toMatchObject({ outcome: 'failed', configProblems: [{ line: 7 }] });
  expect(refused.summary).toContain('nothing has changed');
  const stale = await applyConfig(source, toText(route('late')), { basedOn: ['"old"'], note: 'console' });
  expect(stale).toMatchObject({ outcome: 'stale', replicas: [{ state: 'unchanged' }, { state: 'unchanged' }] });
  expect(revisions()).toEqual(before);
});

test('when the second does not take it, the first is put back, and what stands where is said', async () => {
  const before = revisions();
  breakTwo({ before: 'PUT /v1/config' });
  const change = await apply(route('half'));
  expect(change.replicas).toMatchObject([
    { gateway: 'one', state: 'restored' },
    { gateway: 'two', state: 'unchanged' },
  ]);
  expect(change).toMatchObject({ outcome: 'failed', problems: [{ subject: 'two' }] });
  expect(revisions()).toEqual(before);
});

test('an answer that is lost is no failure: what stands there is looked at', async () => {
  breakTwo({ after: 'PUT /v1/config' });
  expect(await apply(route('lost'))).toMatchObject({ outcome: 'applied' });
  expect(routesOf()).toEqual(['app,lost', 'app,lost']);
});

test('replicas that differ are told apart, and come together with the next change', async () => {
  gateways[1]?.replaceConfig(loadConfig(toText(route('other'))));
  const { replicas } = await viewConfig(source);
  expect(new Set(replicas.map(({ etag }) => etag)).size).toBe(2);
  expect(await apply('')).toMatchObject({ outcome: 'applied' });
  expect(routesOf()).toEqual(['app', 'app']);
});

test('a breaker is held on all or on none, for as long as was said', async () => {
  const states = () => gateways.map((gateway) => gateway.upstreams.peek('app')?.admitted);
  const hold = { state: 'open', forMs: 60_000, reason: 'console: bad build', now: Date.now() } as const;
  expect(await forceBreaker(source, { upstream: 'app' }, hold)).toMatchObject({ outcome: 'applied' });
  expect(states()).toEqual([false, false]);
  expect(await clearBreaker(source, { upstream: 'app' }, { reason: '', now: Date.now() })).toMatchObject({
    outcome: 'applied',
  });
  expect(states()).toEqual([true, true]);

  breakTwo({ before: 'PUT /v1/upstreams' });
  const half = await forceBreaker(source, { upstream: 'app' }, hold);
  expect(half).toMatchObject({ outcome: 'failed', replicas: [{ state: 'restored' }, { state: 'unknown' }] });
  expect(states()).toEqual([true, true]);
  const unknown = await forceBreaker(source, { upstream: 'nobody' }, hold);
  expect(unknown.problems[0]?.message).toContain('no upstream "nobody"');
});

test('a replica is drained and taken back on all', async () => {
  const [{ replicas: [only] = [] } = { replicas: [] }] = await viewUpstreams(source);
  const name = { upstream: 'app', replica: only?.id ?? '' };
  const isDrained = async () => (await viewUpstreams(source))[0]?.replicas[0]?.drainedUntil !== null;
  expect(await drain(source, name, { forMs: 60_000, reason: '' })).toMatchObject({ outcome: 'applied' });
  expect(await isDrained()).toBe(true);
  expect(await drain(source, name, { forMs: null, reason: '' })).toMatchObject({ outcome: 'applied' });
  expect(await isDrained()).toBe(false);
});

test('keys of limits are seen, and one gets a whole burst anew', async () => {
  await vi.waitFor(async () => expect((await fetch(`${origin}/app/x`)).status).toBe(429), { timeout: 10_000 });
  const { policies } = await viewLimits(source);
  expect(policies).toMatchObject([{ name: 'all', top: [{ key: 'ip=127.0.0.1', used: 9 }] }]);
  expect(await giveBurst(source, 'all', 'ip=127.0.0.1')).toMatchObject({ outcome: 'applied' });
  expect((await fetch(`${origin}/app/x`)).status).toBe(200);
});

test('a request is sent again through the gateway that it passed, marked, without what nobody kept', async () => {
  const headers = { authorization: 'Bearer topsecret' };
  const id = (await fetch(`${origin}/app/again?q=1`, { headers })).headers.get('x-request-id') ?? '';
  const sent = await replay(source, id, { bearer: undefined, safeOnly: true });
  expect(sent).toMatchObject({ status: 200, leftOut: ['authorization'] });
  expect((await source.locate(sent.id ?? '')).detail).toMatchObject({ replayOf: id, path: '/app/again?q=1' });
  const posted = (await fetch(`${origin}/app/again`, { method: 'POST' })).headers.get('x-request-id') ?? '';
  await expect(replay(source, posted, { bearer: undefined, safeOnly: true })).rejects.toMatchObject({
    code: 'gateway-refused',
    message: expect.stringContaining('POST may change something'),
  });
});

test('nothing is changed while one that runs does not answer', async () => {
  const before = revisions();
  breakTwo({ before: 'GET ' });
  await vi.waitFor(() => expect(source.silent()).toBe(1), { timeout: 10_000, interval: 20 });
  const { etag } = await viewConfig(source);
  await expect(applyConfig(source, toText(route('alone')), { basedOn: [etag], note: '' })).rejects.toMatchObject({
    code: 'gateway-unreachable',
    message: expect.stringContaining('1 of 2 replicas'),
  });
  expect(revisions()).toEqual(before);
});
