import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serviceSpec, startTestEngine, type TestEngine } from './engineClient.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

test.each([
  ['no HTTP at all', '\0\x01\x02garbage\r\n\r\n', /^HTTP\/1\.1 400/],
  ['a target that is a host', 'GET //evil/info HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 501/],
  ['dot segments', 'GET /containers/../info HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 501/],
  [
    'an upgrade',
    'POST /session HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
    /^(HTTP\/1\.1 501|$)/,
  ],
  [
    'a percent sign alone',
    'GET /containers/%/json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    /^HTTP\/1\.1 400/,
  ],
])('%s is answered, and the engine goes on', async (_, bytes, expected) => {
  const socket = connect(engine.socketPath).on('error', () => {});
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  socket.end(bytes, 'latin1');
  await once(socket, 'close');
  expect(answer).toMatch(expected);
  expect((await engine.call('GET', '/_ping')).status).toBe(200);
});

test('a client that goes in the middle of a stream or a body is forgotten', async () => {
  const gone = new AbortController();
  await engine.open('/events', gone.signal);
  gone.abort();
  const socket = connect(engine.socketPath).on('error', () => {});
  socket.write('POST /containers/create HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{');
  socket.destroy();
  await engine.run('search-1', serviceSpec('search', 'http://localhost:8002/health'));
  expect((await engine.call('GET', '/info')).body.ContainersRunning).toBe(1);
});

test('labels and names that are names of Object.prototype are only texts', async () => {
  const body = JSON.parse('{"Image":"redis","Labels":{"__proto__":"x","constructor":"y"}}');
  expect((await engine.call('POST', '/containers/create?name=constructor', body)).status).toBe(201);
  const filters = encodeURIComponent('{"label":["toString"]}');
  expect((await engine.call('GET', `/containers/json?all=1&filters=${filters}`)).body).toEqual([]);
});
