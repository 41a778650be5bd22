import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPrometheusReach, type PrometheusReach } from '../prometheus/prometheusReach.ts';
import { createPrometheusSource } from '../prometheus/prometheusSource.ts';

let server: Server;
let reach: PrometheusReach;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

const { signal } = new AbortController();
const limits = { timeoutMs: 300, answerBytes: 10_000 };
const json = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

beforeEach(async () => {
  server = createServer((request, response) => {
    const isGreeting = request.url?.startsWith('/api/v1/status/');
    if (isGreeting) json(response, { status: 'success', data: { version: '3.5.0' } });
    else answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  reach = createPrometheusReach({
    place: {
      kind: 'present',
      service: 'prometheus',
      container: 'c',
      startedAt: null,
      ways: [{ kind: 'published', host: '127.0.0.1', port }],
      running: 1,
    },
    openEngine: () => {
      throw new Error('no engine is needed');
    },
    now: Date.now,
    limits,
  });
});
afterEach(async () => {
  await reach.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const ask = (by = signal) =>
  createPrometheusSource({ reach, countGateways: () => 1, now: Date.now }).query(
    { query: 'up', range: null, at: 0 },
    by,
  );

const unreachable = (message: string) => ({
  code: 'metrics-unreachable',
  message: expect.stringContaining(message),
  remedy: expect.stringMatching(/./),
});

test('one that never answers is given up in time', async () => {
  answer = () => {};
  await expect(ask()).rejects.toMatchObject(unreachable('no answer within 0.3 s'));
  expect(reach.state.current.state).toBe('lost');
});

test('one that begins and does not end is given up in time', async () => {
  answer = (_, response) => void response.write('{"status":');
  await expect(ask()).rejects.toMatchObject(unreachable('no answer within 0.3 s'));
});

test('one that answers too much is refused, and is not lost', async () => {
  answer = (_, response) => {
    const send = () => {
      if (!response.destroyed) response.write('x'.repeat(4000), () => setImmediate(send));
    };
    send();
  };
  await expect(ask()).rejects.toMatchObject({
    code: 'query-refused',
    message: 'The answer of prometheus has more than 9 kB.',
    remedy: expect.stringContaining('fewer series'),
  });
  expect(reach.state.current.state).not.toBe('lost');
});

test('an answer that is cut off is none', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"status":"success","data":{}}');
    setImmediate(() => response.destroy());
  };
  await expect(ask()).rejects.toMatchObject(unreachable(''));
});

test.each<[string, number, unknown, string]>([
  ['a page', 200, 'hello', 'is not the API of Prometheus (status 200)'],
  ['JSON of somebody else', 200, [], 'is not the API of Prometheus'],
  ['a login', 401, 'who are you?', 'asks for credentials'],
  ['a redirect', 302, '', 'sends elsewhere'],
  ['the wrong shape', 200, { status: 'success', data: { resultType: 7 } }, 'is not understood'],
])('%s is no answer', async (_, status, body, message) => {
  answer = (_request, response) => json(response, body, status);
  await expect(ask()).rejects.toMatchObject(unreachable(message));
});

test.each([
  ['timeout', 503, 'query-refused', 'took too long'],
  ['execution', 422, 'query-refused', 'fewer series'],
  ['unavailable', 503, 'metrics-unreachable', 'starting or ending'],
  ['internal', 500, 'metrics-unreachable', 'log of prometheus'],
])('its own error of type %s says what helps', async (errorType, status, code, remedy) => {
  answer = (_, response) => json(response, { status: 'error', errorType, error: 'because\nof \u001b[31mthis' }, status);
  await expect(ask()).rejects.toMatchObject({
    code,
    message: 'prometheus says: because of this.',
    remedy: expect.stringContaining(remedy),
  });
});

test('who leaves takes the question along, and nothing is lost by that', async () => {
  const leaving = new AbortController();
  const gone = new Promise((resolve) => {
    answer = (request) => {
      request.on('close', resolve);
      leaving.abort();
    };
  });
  await expect(ask(leaving.signal)).rejects.toMatchObject({ code: 'cancelled' });
  await gone;
  expect(reach.state.current.state).not.toBe('lost');
});

test('warnings are passed on as text, and not without end', async () => {
  const warnings = Array.from({ length: 50 }, () => `\u001b[31mwarn${'x'.repeat(500)}`);
  answer = (_, response) =>
    json(response, { status: 'success', data: { resultType: 'vector', result: [] }, warnings: warnings.slice(0, 15) });
  const { warnings: passed } = await ask();
  expect(passed).toHaveLength(10);
  expect(passed[0]).toMatch(/^warnx{296}$/);
});
