import { expect, test } from 'vitest';
import { closeOf, openClient, openSession, openSocket, SCRIPT, startTestHost, type TestHost } from './startTestHost.ts';
import { createTickingHandlers } from './tickingHandlers.ts';

const WRONG_CODE = 'AAAA-AAAA';

function postJson(
  host: TestHost,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${host.url}${path}`, {
    method: 'POST',
    headers: { Origin: host.url, 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

test('the index is served at every address of the console, with the headers that fence it in', async () => {
  const host = await startTestHost();
  for (const path of ['/', '/env/sandbox~shop-platform/traffic?filter=status:5xx']) {
    const answer = await fetch(`${host.url}${path}`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<title>Gatehouse</title>');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${host.port};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  }
});

test('the index answers 304 to whoever has it', async () => {
  const host = await startTestHost();
  const etag = (await fetch(host.url)).headers.get('etag') ?? '';
  expect((await fetch(host.url, { headers: { 'If-None-Match': `"other", W/${etag}` } })).status).toBe(304);
  expect((await fetch(host.url, { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
});

test('an asset may be kept for good, and a missing one is missing', async () => {
  const host = await startTestHost();
  const script = await fetch(`${host.url}/assets/index-abc123.js`);
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect(script.headers.get('content-type')).toContain('text/javascript');
  expect(await script.text()).toBe(SCRIPT);
  expect((await fetch(`${host.url}/assets/index-gone.js`)).status).toBe(404);
});

test('health is told without a session', async () => {
  const host = await startTestHost();
  expect(await (await fetch(`${host.url}/healthz`)).json()).toMatchObject({ status: 'ok', product: 'gatehouse' });
});

test('a code is exchanged for a token that opens the API, once', async () => {
  const info = {
    product: 'gatehouse' as const,
    version: '1',
    pid: 1,
    node: 'v24',
    platform: 'linux',
    startedAt: 0,
    readOnly: false,
    stackFolder: null,
    engineChoice: 'auto' as const,
  };
  const host = await startTestHost(createTickingHandlers({ host: { info: async () => info } }).handlers);
  const code = host.sessions.issueCode();
  const answer = await postJson(host, '/session', { code });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const { token } = (await answer.json()) as { token: string };
  expect(await openClient(host, token).api.host.info.query()).toEqual(info);
  const again = await postJson(host, '/session', { code });
  expect(again.status).toBe(401);
  expect(await again.json()).toMatchObject({
    code: 'code-not-valid',
    remedy: expect.stringContaining('gatehouse code'),
  });
});

test('wrong codes are limited, and the answer says how long', async () => {
  const host = await startTestHost();
  for (let i = 0; i < 5; i++) expect((await postJson(host, '/session', { code: WRONG_CODE })).status).toBe(401);
  const limited = await postJson(host, '/session', { code: host.sessions.issueCode() });
  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(50);
});

test.each<[what: string, body: string]>([
  ['no JSON', '{'],
  ['no code', '{}'],
  ['null', 'null'],
  ['a code that is no text', '{"code":{"a":1}}'],
  ['more than is read', JSON.stringify({ code: 'x'.repeat(5000) })],
])('the exchange answers 400 to %s', async (_what, body) => {
  const host = await startTestHost();
  expect((await postJson(host, '/session', body)).status).toBe(400);
});

test('only the token of the command line gets a new code', async () => {
  const host = await startTestHost();
  expect((await postJson(host, '/session/code', {})).status).toBe(401);
  const ofWindow = { Authorization: `Bearer ${openSession(host)}` };
  expect((await postJson(host, '/session/code', {}, ofWindow)).status).toBe(401);
  const answer = await postJson(
    host,
    '/session/code',
    {},
    { Authorization: `Bearer ${host.sessions.issueCliToken()}` },
  );
  const { code } = (await answer.json()) as { code: string };
  expect(host.sessions.exchangeCode(code)).toMatchObject({ outcome: 'token' });
});

test('a socket that shows no token is closed in time', async () => {
  const host = await startTestHost(undefined, { authenticateMs: 100 });
  expect(await closeOf(openSocket(host))).toEqual({ code: 4401, reason: 'no session' });
});

test.each<[what: string, message: string | Buffer]>([
  ['a wrong token', JSON.stringify({ method: 'connectionParams', data: { token: 'wrong' } })],
  ['a token that is no text', JSON.stringify({ method: 'connectionParams', data: { token: { $ne: 1 } } })],
  ['null', 'null'],
  ['no JSON', '{{{'],
  ['bytes', Buffer.from([1, 2, 3])],
  ['an operation instead of a token', JSON.stringify({ id: 1, method: 'query', params: { path: 'host.info' } })],
  ['far too much', 'x'.repeat(100_000)],
])('a socket whose first message is %s is closed at once', async (_what, message) => {
  const host = await startTestHost();
  const socket = openSocket(host);
  socket.on('open', () => socket.send(message));
  expect((await closeOf(socket)).code).toBe(4401);
});

test('a message of more than a megabyte ends its socket and nothing else', async () => {
  const host = await startTestHost();
  const socket = openSocket(host);
  socket.on('open', () => socket.send('x'.repeat(1024 * 1024 + 1)));
  expect((await closeOf(socket)).code).toBe(1009);
  expect((await fetch(`${host.url}/healthz`)).status).toBe(200);
});

test('there is room for so many sockets and no more', async () => {
  const host = await startTestHost(undefined, { maxSockets: 2 });
  await Promise.all(
    [openSocket(host), openSocket(host)].map((socket) => new Promise((resolve) => socket.once('open', resolve))),
  );
  const refused = openSocket(host);
  const status = await new Promise((resolve) => {
    refused.on('error', () => undefined);
    refused.once('unexpected-response', (_request, response) => resolve(response.statusCode));
  });
  expect(status).toBe(503);
});

test('an input that does not fit is answered with a problem and reaches no handler', async () => {
  const host = await startTestHost();
  const { api } = openClient(host, openSession(host));
  const call = api.stack.inspect.query({ environment: '../../etc', container: 'x' });
  await expect(call).rejects.toMatchObject({ data: { problem: { code: 'bad-input' } } });
});

test('a failure of a handler crosses without its message, and is in the log', async () => {
  const failing = createTickingHandlers({
    host: { info: () => Promise.reject(new Error('secret detail at /home/someone')) },
  });
  const host = await startTestHost(failing.handlers);
  const failure = await openClient(host, openSession(host))
    .api.host.info.query()
    .catch((error: unknown) => error);
  expect(JSON.stringify((failure as { data: unknown }).data)).not.toContain('secret detail');
  expect((failure as { message: string }).message).not.toContain('secret detail');
  expect(host.log.join('')).toContain('secret detail');
});

test('neither code nor token is ever logged', async () => {
  const host = await startTestHost();
  const code = host.sessions.issueCode();
  const answer = await postJson(host, '/session', { code });
  const { token } = (await answer.json()) as { token: string };
  await openClient(host, token).api.host.info.query();
  await postJson(host, '/session/code', {}, { Authorization: `Bearer ${token}` });
  for (const secret of [code, code.replace('-', ''), token]) expect(host.log.join('')).not.toContain(secret);
});
