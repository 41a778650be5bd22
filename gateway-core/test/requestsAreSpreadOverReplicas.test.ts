import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { eventually, startGateway, startUpstream, type TestGateway } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';
import { ask, detailOf, startMany, startReplica, toMany, viewMany } from './replicas.ts';

const answer = (text: string) => startReplica((_req, res) => res.end(text));

async function askMany(gateway: TestGateway, count: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let index = 0; index < count; index++) {
    const { body } = await ask(gateway.port, '/many');
    counts[body] = (counts[body] ?? 0) + 1;
  }
  return counts;
}

/** Both in the end: one that was slow to connect is left alone until that is forgotten. */
async function untilAnswered(gateway: TestGateway, names: readonly string[]): Promise<void> {
  const missing = new Set(names);
  await eventually(async () => {
    missing.delete((await ask(gateway.port, '/many')).body);
    return missing.size === 0;
  });
}

test('all replicas of a list get requests, by their weight', async () => {
  const [one, two] = [await answer('one'), await answer('two')];
  const gateway = await startMany({ replicas: [`${one.id} 1`, `${two.id} 3`] });
  const counts = await askMany(gateway, 200);
  expect(counts.one).toBeGreaterThan(20);
  expect(counts.one).toBeLessThan(90);
  expect((await viewMany(gateway)).replicas).toMatchObject([
    { id: one.id, weight: 1, requests: counts.one, inFlight: 0, health: 'unknown' },
    { id: two.id, weight: 3, requests: counts.two, inFlight: 0, health: 'unknown' },
  ]);
});

test('a busy replica gets less than an idle one, and the Host is that of the replica', async () => {
  const hosts = new Set<string | undefined>();
  const slow = await startReplica(() => undefined);
  const quick = await startReplica((req, res) => {
    hosts.add(req.headers.host);
    res.end('quick');
  });
  const gateway = await startMany({ replicas: [slow.id, quick.id] });
  const waiting = Array.from({ length: 20 }, () => ask(gateway.port, '/many').catch(() => undefined));
  await eventually(() => slow.requests + quick.requests === 20);
  // As soon as one hangs at the slow one, every further choice is for the other.
  expect(slow.requests).toBeLessThanOrEqual(4);
  expect(hosts).toEqual(new Set([quick.id]));
  await slow.stop();
  await Promise.all(waiting);
});

test('a drained replica finishes what it has and gets nothing new, until the time is over or it is released', async () => {
  let finish = () => {};
  const one = await startReplica((_req, res) => {
    finish = () => res.end('one');
  });
  const two = await answer('two');
  const gateway = await startMany({ replicas: [one.id, two.id] });
  const running: Promise<unknown>[] = [];
  while (one.requests === 0) {
    const asked = ask(gateway.port, '/many');
    await Promise.race([asked, eventually(() => one.requests === 1)]);
    running.push(asked);
  }
  const { upstreams } = gateway.gateway;
  expect(upstreams.drainReplica('many', one.id, Date.now() + 60_000)).toBe(true);
  expect(upstreams.drainReplica('many', 'nowhere:1', Date.now() + 60_000)).toBe(false);
  expect(await askMany(gateway, 20)).toEqual({ two: 20 });
  expect((await viewMany(gateway)).replicas[0]).toMatchObject({ drainedUntil: expect.any(Number), inFlight: 1 });
  finish();
  expect(await running.at(-1)).toMatchObject({ body: 'one' });
  upstreams.drainReplica('many', two.id, Date.now() + 60_000);
  const none = await ask(gateway.port, '/many');
  expect(none).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  expect(JSON.parse(none.body)).toMatchObject({ code: 'no-healthy-replica' });
  upstreams.clearDrain('many', two.id);
  expect(await askMany(gateway, 5)).toEqual({ two: 5 });
});

test('a drain ends by itself', async () => {
  const one = await answer('one');
  const gateway = await startMany({ replicas: [one.id] });
  gateway.gateway.upstreams.drainReplica('many', one.id, Date.now() + 200);
  expect((await ask(gateway.port, '/many')).status).toBe(503);
  await eventually(async () => (await ask(gateway.port, '/many')).status === 200);
});

const DNS = (more = '') => ({
  upstreamPort: 1,
  upstreams: `  many: { dns: { name: tasks.app, port: 8001, refreshMs: 100 }${more} }`,
  yaml: '  - { id: many, paths: [/many], upstream: many, rewrite: { prefix: / } }',
});

test('every address of a name is a replica, followed as it changes, and kept when DNS fails', async () => {
  // Addresses of this machine, so that each is a replica at the same port.
  const first = await startUpstream((req, res) => res.end(`one ${req.headers.host}`));
  let answerOf = () => Promise.resolve({ addresses: ['127.0.0.1'], ttlMs: null as number | null });
  const { upstreams, ...rest } = DNS();
  const gateway = await startGateway({
    ...rest,
    upstreams: upstreams.replace('8001', String(first.port)),
    resolveName: () => answerOf(),
  });
  expect((await ask(gateway.port, '/many')).body).toBe(`one tasks.app:${first.port}`);
  answerOf = async () => ({ addresses: ['127.0.0.1', '127.0.0.2'], ttlMs: 50 });
  await eventually(async () => (await viewMany(gateway)).replicas.length === 2);
  expect((await viewMany(gateway)).replicas.map(({ id }) => id)).toEqual([
    `127.0.0.1:${first.port}`,
    `127.0.0.2:${first.port}`,
  ]);
  let failures = 0;
  answerOf = () => {
    failures += 1;
    return Promise.reject(new Error('SERVFAIL'));
  };
  await eventually(() => failures === 3);
  expect((await viewMany(gateway)).replicas).toHaveLength(2);
  answerOf = async () => ({ addresses: ['127.0.0.1'], ttlMs: null });
  await eventually(async () => (await viewMany(gateway)).replicas.length === 1);
});

test('a request that comes before the first answer of DNS waits for it, and one without any is 502', async () => {
  const upstream = await startUpstream((_req, res) => res.end('here'));
  let resolve: (address: string) => void = () => undefined;
  const { upstreams, ...rest } = DNS();
  const gateway = await startGateway({
    ...rest,
    upstreams: upstreams.replace('8001', String(upstream.port)),
    resolveName: () =>
      new Promise((done) => {
        resolve = (address) => done({ addresses: [address], ttlMs: null });
      }),
  });
  const early = ask(gateway.port, '/many');
  await eventually(async () => (await viewMany(gateway)).inFlight === 1);
  resolve('127.0.0.1');
  expect((await early).body).toBe('here');

  const nowhere = await startGateway({ ...DNS(), resolveName: () => Promise.reject(new Error('ENOTFOUND')) });
  const got = await ask(nowhere.port, '/many');
  expect(got.status).toBe(502);
  expect(JSON.parse(got.body)).toMatchObject({ code: 'upstream-unreachable', detail: 'No address for many.' });
});

test('the hosts file gives the addresses of a name, one or several, and of every replica of a list', async () => {
  const [one, two] = [await answer('one'), await answer('two')];
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const hostsFile = join(folder, 'hosts.json');
  const write = (value: unknown) => {
    writeFileSync(`${hostsFile}.new`, JSON.stringify(value));
    renameSync(`${hostsFile}.new`, hostsFile);
  };
  write({ 'tasks.app:8001': one.id, 'a:1': one.id, 'b:1': two.id });
  const resolveName = () => Promise.reject(new Error('DNS must not be asked for what the hosts file knows'));
  const named = await startGateway({ ...DNS(), hostsFile, resolveName });
  expect(await askMany(named, 5)).toEqual({ one: 5 });
  write({ 'tasks.app:8001': [one.id, two.id], 'a:1': one.id, 'b:1': two.id });
  await untilAnswered(named, ['one', 'two']);

  const listed = await startGateway({ ...toMany({ replicas: ['a:1', 'b:1'] }), hostsFile });
  await untilAnswered(listed, ['one', 'two']);
  expect((await viewMany(listed)).replicas).toMatchObject([
    { id: 'a:1', address: one.id },
    { id: 'b:1', address: two.id },
  ]);
});

test('a new configuration keeps what is known of replicas, and lets those that are gone finish', async () => {
  let finish = () => {};
  const one = await startReplica((_req, res) => {
    finish = () => res.end('one');
  });
  const two = await answer('two');
  const gateway = await startMany({ replicas: [one.id] });
  const running = ask(gateway.port, '/many');
  await eventually(() => one.requests === 1);
  const toConfig = (replicas: string[]) => {
    const { upstreams, yaml } = toMany({ replicas });
    return loadConfig(`version: 1\nupstreams:\n${upstreams}\nroutes:\n${yaml}`);
  };
  gateway.gateway.replaceConfig(toConfig([one.id, two.id]));
  expect((await viewMany(gateway)).replicas).toMatchObject([{ id: one.id, inFlight: 1, requests: 1 }, { id: two.id }]);
  gateway.gateway.replaceConfig(toConfig([two.id]));
  expect(await askMany(gateway, 10)).toEqual({ two: 10 });
  finish();
  expect((await running).body).toBe('one');
  // Its connection ends with its last request.
  await eventually(
    () => new Promise<boolean>((resolve) => one.server.getConnections((_error, count) => resolve(count === 0))),
  );
});

test('an upstream that leaves the configuration still serves the requests that began before', async () => {
  const asked: ServerResponse[] = [];
  const upstream = await startUpstream((_req, res) => asked.push(res));
  const { gateway, port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: 'defaults: { concurrency: { maxInFlight: 1, maxQueueMs: 60000 } }',
  });
  const [first, second] = [ask(port, '/app'), openRawSocket(port)];
  await eventually(() => asked.length === 1);
  // The second one waits for its turn at the upstream; by then the upstream is gone.
  const waiting = await second;
  waiting.send('GET /app HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n');
  await eventually(() => gateway.upstreams.find('app')?.places.queued === 1);
  gateway.replaceConfig(
    loadConfig('version: 1\nupstreams: { b: { url: "http://b:1" } }\nroutes: [{ id: b, paths: [/b], upstream: b }]'),
  );
  asked[0]?.end('done');
  expect((await first).body).toBe('done');
  await eventually(() => asked.length === 2);
  asked[1]?.end('done');
  expect(await waiting.closed()).toMatch(/^HTTP\/1\.1 200 [\s\S]*done/);
  expect((await ask(port, '/app')).status).toBe(404);
});

test('each try is in the tap with the replica that was asked', async () => {
  const one = await answer('one');
  const gateway = await startMany({ replicas: [one.id] });
  const detail = await detailOf(gateway, await ask(gateway.port, '/many'));
  expect(detail.tries).toEqual([{ replica: one.id, status: 200, failure: null, ms: expect.any(Number) }]);
});
