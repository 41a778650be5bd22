import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SERVICE_IMAGE, serviceSpec, startTestEngine, type TestEngine } from './engineClient.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());
afterEach(async () => {
  const { body } = await engine.call('GET', '/containers/json?all=1');
  for (const { Id } of body) await engine.call('DELETE', `/containers/${Id}?force=1`);
});

const search = serviceSpec('search', 'http://localhost:8002/health');
const hosts = () => JSON.parse(readFileSync(join(engine.stateFolder, 'hosts.json'), 'utf8'));

test('the socket is for its owner alone, and the engine says what it is', async () => {
  expect(statSync(engine.socketPath).mode & 0o777).toBe(0o600);
  const ping = await engine.call('GET', '/_ping');
  expect(ping).toMatchObject({ status: 200, body: 'OK', headers: { 'api-version': '1.47', ostype: 'linux' } });
  expect((await engine.call('HEAD', '/v1.43/_ping')).status).toBe(200);
  const info = await engine.call('GET', '/v1.47/info');
  expect(info.body).toMatchObject({
    Name: 'gatehouse-sandbox',
    OperatingSystem: 'Gatehouse sandbox',
    Labels: ['gatehouse.engine=sandbox'],
  });
});

test('what is not provided is 501 with a sentence, in every version', async () => {
  expect(await engine.call('POST', '/v1.47/build', {})).toMatchObject({
    status: 501,
    body: { message: 'sandbox: POST /build is not provided by the Gatehouse sandbox' },
  });
  expect((await engine.call('GET', '/v1.12/info')).status).toBe(400);
});

test('a container is created, started, healthy, answers, stopped, started again at the same port, and removed', async () => {
  const created = await engine.call('POST', '/containers/create?name=search-1', search);
  expect(created).toMatchObject({ status: 201, body: { Warnings: [] } });
  const id = created.body.Id;
  expect((await engine.call('GET', `/containers/${id.slice(0, 12)}/json`)).body.State.Status).toBe('created');
  expect((await engine.call('POST', '/containers/search-1/start')).status).toBe(204);
  expect((await engine.call('POST', '/containers/search-1/start')).status).toBe(304);

  const inspection = await engine.until(id, (one) => one.State.Health.Status === 'healthy');
  expect(inspection.State.Health.Log.at(-1).Output).toContain('GET /health on port 8002 answered 200');
  const address = hosts()['search-1:8002'];
  expect(await (await fetch(`http://${address}/query/?q=red+tent`)).text()).toContain('"red tent"');

  expect((await engine.call('POST', '/containers/search-1/stop?t=5')).status).toBe(204);
  expect((await engine.call('POST', '/containers/search-1/stop')).status).toBe(304);
  const stopped = (await engine.call('GET', '/containers/search-1/json')).body.State;
  expect(stopped).toMatchObject({ Status: 'exited', ExitCode: 0, Pid: 0, Health: { Status: 'unhealthy' } });
  await expect(fetch(`http://${address}/health`)).rejects.toThrow();

  expect((await engine.call('POST', '/containers/search-1/start')).status).toBe(204);
  await engine.until(id, (one) => one.State.Health.Status === 'healthy');
  expect(hosts()['search-1:8002']).toBe(address);

  expect((await engine.call('DELETE', '/containers/search-1')).status).toBe(409);
  expect((await engine.call('DELETE', '/containers/search-1?force=true')).status).toBe(204);
  expect((await engine.call('GET', '/containers/search-1/json')).status).toBe(404);
  expect(hosts()).not.toHaveProperty('search-1:8002');
});

test('a kill is exit code 137 and is refused for what does not run; a restart gives a new process', async () => {
  const id = await engine.run('search-1', search);
  const before = (await engine.call('GET', '/containers/search-1/json')).body.State.Pid;
  expect((await engine.call('POST', '/containers/search-1/restart?t=2')).status).toBe(204);
  const after = (await engine.call('GET', '/containers/search-1/json')).body.State.Pid;
  expect(after).not.toBe(before);
  expect((await engine.call('POST', '/containers/search-1/kill')).status).toBe(204);
  await engine.until(id, (one) => one.State.Status === 'exited' && one.State.ExitCode === 137);
  expect((await engine.call('POST', '/containers/search-1/kill')).status).toBe(409);
  expect((await engine.call('POST', '/containers/search-1/kill?signal=NOPE')).status).toBe(400);
});

test('a process that ends by itself is exited with its code and its complaint is in the log', async () => {
  const id = await engine.run('broken', { Image: SERVICE_IMAGE, Cmd: ['no-such-role'] });
  await engine.until(id, (one) => one.State.Status === 'exited' && one.State.ExitCode === 2);
  expect((await engine.call('GET', '/containers/broken/logs?stderr=1')).body).toContain(
    'role "no-such-role" is not known',
  );
});

test('errors have the status and the shape of Docker', async () => {
  await engine.call('POST', '/containers/create?name=a', search);
  const cases: [string, string, unknown, number, string][] = [
    ['POST', '/containers/create?name=a', search, 409, 'Conflict. The container name "/a" is already in use'],
    ['POST', '/containers/create?name=..%2Fx', search, 400, 'Invalid container name'],
    ['POST', '/containers/create', '{', 400, 'the body is not JSON'],
    ['POST', '/containers/create', {}, 400, 'Image'],
    ['POST', '/containers/create', { ...search, HostConfig: { NetworkMode: 'nope' } }, 404, 'network nope not found'],
    ['POST', '/containers/create', 'x'.repeat(1024 * 1024 + 1), 413, 'larger than'],
    ['GET', '/containers/nope/json', undefined, 404, 'No such container: nope'],
    ['GET', '/containers/json?filters=%7B', undefined, 400, 'filters is not JSON'],
    ['GET', `/${'x'.repeat(9_000)}`, undefined, 414, 'longer than'],
  ];
  for (const [method, path, body, status, message] of cases) {
    const answer = await engine.call(method, path, body);
    expect(answer.status, `${method} ${path.slice(0, 60)}`).toBe(status);
    expect(answer.body.message).toContain(message);
  }
});

test('a stated host port that is taken fails the start as Docker does, and the container can be started later', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const { port } = blocker.address() as { port: number };
  const spec = {
    ...search,
    HostConfig: { PortBindings: { '8002/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } },
  };
  await engine.call('POST', '/containers/create?name=blocked', spec);
  const refused = await engine.call('POST', '/containers/blocked/start');
  expect(refused.status).toBe(500);
  expect(refused.body.message).toContain(`Bind for 127.0.0.1:${port} failed: port is already allocated`);
  await new Promise((resolve) => blocker.close(resolve));
  expect((await engine.call('POST', '/containers/blocked/start')).status).toBe(204);
  const { body } = await engine.call('GET', '/containers/blocked/json');
  expect(body.NetworkSettings.Ports).toEqual({ '8002/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] });

  const second = await engine.call('POST', '/containers/create?name=second', spec);
  expect((await engine.call('POST', `/containers/${second.body.Id}/start`)).status).toBe(500);
});

test('a published port without a number gets one that answers; an exposed one is not shown', async () => {
  const PortBindings = { '8002/tcp': [{ HostIp: '', HostPort: '' }] };
  const id = await engine.run('search-1', {
    ...search,
    ExposedPorts: { '9999/tcp': {} },
    HostConfig: { PortBindings },
  });
  await engine.until(id, (one) => one.State.Health.Status === 'healthy');
  const [listed] = (await engine.call('GET', '/containers/json')).body;
  const published = listed.Ports.find((port: { PrivatePort: number }) => port.PrivatePort === 8002);
  expect((await fetch(`http://127.0.0.1:${published.PublicPort}/health`)).status).toBe(200);
  expect(listed.Ports).toContainEqual({ PrivatePort: 9999, Type: 'tcp' });
});

test('a stand-in is labelled as one, whatever the client says, and its probe says what was not run', async () => {
  const id = await engine.run('postgres-1', {
    Image: 'postgres:16.10',
    Labels: { 'gatehouse.stand-in': 'nothing', 'gatehouse.sandbox.admin-socket': '/tmp/x' },
    Healthcheck: { Test: ['CMD', 'pg_isready'] },
  });
  const inspection = await engine.until(id, (one) => one.State.Health.Status === 'healthy');
  expect(inspection.Config.Labels['gatehouse.stand-in']).toBe('postgres');
  expect(inspection.State.Health.Log.at(-1).Output).toBe(
    'stand-in for postgres: port 5432 accepts connections; pg_isready was not run',
  );
  expect((await engine.call('GET', '/containers/postgres-1/logs?stdout=1')).body).toContain(
    'no real postgres runs here',
  );
});

test('filters by label, name, status and health narrow the list', async () => {
  const Labels = { 'com.docker.compose.service': 'search' };
  const id = await engine.run('p-search-1', { ...search, Labels });
  await engine.call('POST', '/containers/create?name=p-other-1', search);
  await engine.until(id, (one) => one.State.Health.Status === 'healthy');
  const names = async (filters: unknown, more = '') => {
    const { body } = await engine.call(
      'GET',
      `/containers/json?filters=${encodeURIComponent(JSON.stringify(filters))}${more}`,
    );
    return body.map((one: { Names: string[] }) => one.Names[0]);
  };
  expect(await names({ label: ['com.docker.compose.service=search'] })).toEqual(['/p-search-1']);
  expect(await names({ name: ['p-'] })).toEqual(['/p-search-1']);
  expect(await names({ name: ['p-'] }, '&all=1')).toEqual(['/p-other-1', '/p-search-1']);
  expect(await names({ status: ['created'] })).toEqual(['/p-other-1']);
  expect(await names({ health: ['healthy'] })).toEqual(['/p-search-1']);
  expect(await names({}, '&limit=1')).toEqual(['/p-other-1']);
});
