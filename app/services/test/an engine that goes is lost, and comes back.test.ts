import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LogBatch, logFilterSchema } from '../../contract/index.ts';
import { createEngine } from '../docker/engine.ts';
import { type ProjectWatch, watchProject } from '../docker/projectWatch.ts';
import { followLogs } from '../logs/followLogs.ts';
import { createFakeEngine, type FakeContainer, type FakeEngine } from './fakeEngine.ts';

let fake: FakeEngine;
let watch: ProjectWatch;

const openEngine = () => createEngine({ kind: 'socket', path: fake.socketPath });
const add = (id: string, service: string): FakeContainer => {
  const container = { id, service, running: true, startedAt: '2026-01-01T00:00:00Z', log: [] };
  fake.containers.set(id, container);
  return container;
};
const services = () => [...(watch.observed.current?.containers.values() ?? [])].map(({ service }) => service).sort();
const until = (check: () => void, timeout = 5000) => vi.waitFor(check, { timeout, interval: 10 });

beforeEach(async () => {
  fake = createFakeEngine();
  add('a', 'api');
  await fake.listen();
  watch = watchProject({ openEngine, project: 'shop', now: Date.now });
  await until(() => expect(watch.connection.current.state).toBe('live'));
});
afterEach(async () => {
  await watch.close();
  await until(() => expect(fake.connections).toBe(0));
  await fake.close();
});

test('the list is taken, and events change it', async () => {
  expect(services()).toEqual(['api']);
  expect(watch.connection.current.detail).toBe('Docker 28.2');
  const db = add('b', 'db');
  fake.emit('create', db);
  await until(() => expect(services()).toEqual(['api', 'db']));
  db.running = false;
  fake.emit('die', db);
  await until(() => expect(watch.observed.current?.containers.get('b')?.state).toBe('exited'));
  fake.containers.delete('b');
  fake.emit('destroy', db);
  await until(() => expect(services()).toEqual(['api']));
});

test('an engine that dies is lost within 2 s, with a remedy, and what was known stays', async () => {
  const diedAt = Date.now();
  await fake.die();
  await until(() => expect(watch.connection.current.state).toBe('lost'));
  expect(Date.now() - diedAt).toBeLessThan(2000);
  expect(watch.connection.current.problem).toMatchObject({
    code: 'engine-unreachable',
    message: expect.stringContaining(fake.socketPath),
    remedy: expect.stringContaining('Start Docker'),
  });
  expect(services()).toEqual(['api']);
});

test('an engine that hangs is lost by its ping', async () => {
  fake.hang();
  await until(() => expect(watch.connection.current.state).toBe('lost'), 6000);
  expect(watch.connection.current.problem?.message).toContain('no answer within 1500 ms');
});

test('after it came back everything is listed anew: nothing that went meanwhile is shown', async () => {
  await fake.die();
  await until(() => expect(watch.connection.current.state).toBe('lost'));
  fake.containers.delete('a');
  add('c', 'worker');
  await fake.listen();
  await until(() => expect(watch.connection.current.state).toBe('live'));
  expect(services()).toEqual(['worker']);
});

test('an event stream that ends while the engine lives is opened again, without an alarm', async () => {
  const states: string[] = [];
  const stop = watch.connection.onChange(({ state }) => states.push(state));
  const [stream] = fake.eventStreams;
  stream?.end();
  await until(() => expect(fake.eventStreams.size === 1 && !fake.eventStreams.has(stream as never)).toBe(true));
  const db = add('b', 'db');
  fake.emit('create', db);
  await until(() => expect(services()).toEqual(['api', 'db']));
  expect(states.filter((state) => state === 'lost')).toEqual([]);
  stop();
});

test('a container of another project that names itself into ours by events is not taken', async () => {
  fake.emit('create', { id: 'evil', service: 'x', running: true, startedAt: '', log: [] });
  const db = add('b', 'db');
  fake.emit('create', db);
  await until(() => expect(services()).toEqual(['api', 'db']));
});

/** The logs of all services, until one leaves. */
function followAll() {
  const seen: string[] = [];
  const batches: LogBatch[] = [];
  const leaving = new AbortController();
  const { signal } = leaving;
  const filter = logFilterSchema.parse({});
  const reading = (async () => {
    const place = { ...watch, openEngine, findKept: () => [], now: Date.now };
    for await (const batch of followLogs({ ...place, filter, tail: 100, follow: true, signal })) {
      batches.push(batch);
      seen.push(...batch.lines.map(({ text }) => text));
    }
  })();
  const leave = async () => {
    leaving.abort();
    await reading;
  };
  return { seen, batches, leave };
}

test('the log goes on over a stop, a start and a recreation, each line once', async () => {
  const api = fake.containers.get('a') as FakeContainer;
  api.log = ['2026-01-01T00:00:01.000000001Z one', '2026-01-01T00:00:01.000000001Z two'];
  const { seen, leave } = followAll();
  await until(() => expect(seen).toEqual(['one', 'two']));

  api.running = false;
  fake.emit('die', api);
  fake.endLogs(api);
  await until(() => expect(watch.observed.current?.containers.get('a')?.state).toBe('exited'));
  api.running = true;
  api.startedAt = '2026-01-01T00:00:02Z';
  fake.emit('start', api);
  fake.log(api, '2026-01-01T00:00:02.5Z three');
  await until(() => expect(seen).toEqual(['one', 'two', 'three']));

  fake.containers.delete('a');
  fake.emit('destroy', api);
  fake.endLogs(api);
  const again = add('a2', 'api');
  again.log = ['2026-01-01T00:00:03Z four'];
  fake.emit('start', again);
  await until(() => expect(seen).toEqual(['one', 'two', 'three', 'four']));
  await leave();
});

test('the logs of two containers are one, by time', async () => {
  const api = fake.containers.get('a') as FakeContainer;
  const db = add('b', 'db');
  fake.emit('create', db);
  await until(() => expect(services()).toEqual(['api', 'db']));
  api.log = ['2026-01-01T00:00:01Z a1', '2026-01-01T00:00:03Z a3'];
  db.log = ['2026-01-01T00:00:02Z d2'];
  const { seen, leave } = followAll();
  await until(() => expect(seen).toEqual(['a1', 'd2', 'a3']));
  await leave();
});

test('an engine that goes and comes is said where lines may be missing, and what it kept comes once', async () => {
  const api = fake.containers.get('a') as FakeContainer;
  api.log = ['2026-01-01T00:00:01Z before'];
  const { seen, batches, leave } = followAll();
  await until(() => expect(seen).toEqual(['before']));
  await fake.die();
  await until(() => expect(watch.connection.current.state).toBe('lost'));
  api.log.push('2026-01-01T00:00:02Z meanwhile');
  await fake.listen();
  await until(() => expect(seen).toEqual(['before', 'meanwhile']));
  await until(() => expect(batches.some(({ away }) => away !== null && away.to >= away.from)).toBe(true));
  await leave();
});
