import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseFrames, serviceSpec, startTestEngine, type TestEngine } from './engineClient.ts';

let engine: TestEngine;
beforeEach(async () => {
  engine = await startTestEngine();
});
afterEach(() => engine.close());

const search = serviceSpec('search', 'http://localhost:8002/health');
const inNetwork = (name: string, aliases: string[]) => ({
  ...search,
  NetworkingConfig: { EndpointsConfig: { [name]: { Aliases: aliases } } },
  HostConfig: { NetworkMode: name },
});
const hosts = () => JSON.parse(readFileSync(join(engine.stateFolder, 'hosts.json'), 'utf8'));

test('a network has members and aliases, and says that nothing enforces it', async () => {
  const created = await engine.call('POST', '/networks/create', { Name: 'p_ai', Internal: true, Labels: { a: 'b' } });
  expect(created).toMatchObject({ status: 201, body: { Warning: expect.stringContaining('cannot enforce') } });
  expect((await engine.call('POST', '/networks/create', { Name: 'p_ai' })).status).toBe(409);
  const id = await engine.run('p-search-1', inNetwork('p_ai', ['search']));

  const network = (await engine.call('GET', '/networks/p_ai')).body;
  expect(network).toMatchObject({ Internal: true, Labels: { a: 'b', 'gatehouse.sandbox.enforced': 'false' } });
  expect(network.Containers[id].Name).toBe('p-search-1');
  expect(hosts()['search:8002']).toBe(hosts()[`${id.slice(0, 12)}:8002`]);
  expect((await engine.call('DELETE', '/networks/p_ai')).status).toBe(403);
  expect((await engine.call('DELETE', '/networks/bridge')).status).toBe(403);

  await engine.call('POST', '/networks/create', { Name: 'p_more' });
  const body = { Container: 'p-search-1', EndpointConfig: { Aliases: ['finder'] } };
  expect((await engine.call('POST', '/networks/p_more/connect', body)).status).toBe(200);
  expect(hosts()).toHaveProperty('finder:8002');
  expect((await engine.call('POST', '/networks/p_more/disconnect', body)).status).toBe(200);
  expect(hosts()).not.toHaveProperty('finder:8002');

  await engine.call('POST', '/containers/p-search-1/stop');
  expect((await engine.call('DELETE', '/networks/p_ai')).status).toBe(204);
});

test('of two containers with one alias the running one is dialled', async () => {
  await engine.call('POST', '/networks/create', { Name: 'n' });
  await engine.run('a', inNetwork('n', ['search']));
  await engine.run('b', inNetwork('n', ['search']));
  expect(hosts()['search:8002']).toBe(hosts()['a:8002']);
  await engine.call('POST', '/containers/a/stop');
  expect(hosts()['search:8002']).toBe(hosts()['b:8002']);
});

test('events come in order as they happen, and again with since', async () => {
  const gone = new AbortController();
  const stream = await engine.open(`/events?filters=${encodeURIComponent('{"type":["container"]}')}`, gone.signal);
  const actions: string[] = [];
  const seen = (async () => {
    let rest = '';
    for await (const text of stream.setEncoding('utf8')) {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) actions.push(JSON.parse(part).Action);
      if (actions.at(-1) === 'destroy') return;
    }
  })();
  const id = await engine.run('search-1', search);
  await engine.until(id, (one) => one.State.Health.Status === 'healthy');
  await engine.call('POST', '/containers/search-1/stop');
  await engine.call('DELETE', '/containers/search-1');
  await seen;
  gone.abort();
  const expected = ['create', 'start', 'health_status: healthy', 'kill', 'die', 'stop', 'destroy'];
  expect(actions).toEqual(expected);

  const until = Date.now() / 1_000 + 0.001;
  const filters = encodeURIComponent(JSON.stringify({ container: ['search-1'], event: ['health_status', 'die'] }));
  const past = await engine.call('GET', `/events?since=0&until=${until.toFixed(6)}&filters=${filters}`);
  const lines = past.text.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).Action)).toEqual(['health_status: healthy', 'die']);
});

test('logs are framed, tail and follow work, and a follower ends with its container', async () => {
  const id = await engine.run('search-1', search);
  await engine.until(id, (one) => one.State.Health.Status === 'healthy');
  await fetch(`http://${hosts()['search-1:8002']}/query/?q=first`);
  const stream = await engine.open('/containers/search-1/logs?stdout=1&follow=1&tail=1&timestamps=1');
  expect(stream.headers['content-type']).toBe('application/vnd.docker.multiplexed-stream');
  const whole = (async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return parseFrames(Buffer.concat(chunks));
  })();
  await fetch(`http://${hosts()['search-1:8002']}/query/?q=second`);
  await engine.call('POST', '/containers/search-1/stop');
  const frames = await whole;
  expect(frames.every(({ stream, text }) => stream === 1 && /^\d{4}-\d\d-\d\dT\S+Z \{.*\}\n$/.test(text))).toBe(true);
  expect(frames.map(({ text }) => JSON.parse(text.slice(text.indexOf('{'))).message).slice(-2)).toEqual([
    'GET /query/ 200',
    'ending on SIGTERM',
  ]);
  const complaints = parseFrames(Buffer.from((await engine.call('GET', '/containers/search-1/logs?stderr=1')).body));
  expect(complaints).toEqual([]);
});

test('images: ours, the stand-ins, and those in use', async () => {
  await engine.call('POST', '/containers/create?name=x', { Image: 'mycorp/api:7' });
  const { body } = await engine.call('GET', '/images/json');
  const tags = body.flatMap((image: { RepoTags: string[] }) => image.RepoTags);
  expect(tags).toEqual(expect.arrayContaining(['gatehouse/api-gateway:0.1.0', 'postgres:stand-in', 'mycorp/api:7']));
  expect((await engine.call('GET', '/images/gatehouse/api-gateway:0.1.0/json')).body.RepoTags).toEqual([
    'gatehouse/api-gateway:0.1.0',
  ]);
  expect((await engine.call('GET', '/volumes')).body).toEqual({ Volumes: [], Warnings: null });
});
