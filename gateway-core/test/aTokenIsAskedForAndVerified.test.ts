import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { eventually, startGateway, startUpstream } from './fixture.ts';
import { exchangeRaw } from './rawSocket.ts';
import { bearer, startSecuredGateway, writeTestFile } from './securedGateway.ts';
import { AUDIENCE, createIssuer, ISSUER } from './tokens.ts';

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly status: number;
}

async function ask(url: string, init: RequestInit = {}) {
  const answer = await fetch(url, init);
  const text = await answer.text();
  const problem =
    answer.headers.get('content-type') === 'application/problem+json' ? (JSON.parse(text) as Problem) : null;
  return { status: answer.status, problem, challenge: answer.headers.get('www-authenticate'), text };
}

test('without a token: 401, and a challenge without an error (RFC 6750, 3.1)', async () => {
  const { base, received } = await startSecuredGateway();
  const answer = await ask(`${base}/secure`);
  expect(answer).toMatchObject({ status: 401, challenge: 'Bearer realm="gatehouse"' });
  expect(answer.problem).toMatchObject({
    code: 'token-missing',
    detail: 'The request has no token; send one in Authorization: Bearer.',
  });
  expect(received).toEqual([]);
});

test('with a valid token the request is served, time and again', async () => {
  const { base, issuer, received } = await startSecuredGateway();
  const token = await issuer.sign();
  for (let count = 0; count < 3; count++)
    expect(await ask(`${base}/secure/x?y=1`, bearer(token))).toMatchObject({ status: 200, text: 'served' });
  expect(received.map(({ url }) => url)).toEqual(Array(3).fill('/secure/x?y=1'));
});

test('with a bad one: 401 invalid_token, and the caller is not told why', async () => {
  const { base, issuer, received, recorded } = await startSecuredGateway({ more: '  realm: "the shop"' });
  const token = await issuer.sign({ aud: 'bank' });
  const answer = await ask(`${base}/secure`, bearer(token));
  expect(answer).toMatchObject({
    status: 401,
    challenge: 'Bearer realm="the shop", error="invalid_token", error_description="The token is not valid here."',
    problem: { code: 'token-invalid', detail: 'The token is not valid here.' },
  });
  expect(received).toEqual([]);
  const { stages } = await recorded((row) => row.code === 'token-invalid');
  expect(stages.find(({ stage }) => stage === 'authenticate')).toMatchObject({
    outcome: 'stop',
    sentence: 'The token is refused: its audience "bank" is not one of this gateway.',
  });
});

test('an expired one has a code of its own', async () => {
  const { base, issuer } = await startSecuredGateway();
  const answer = await ask(`${base}/secure`, bearer(await issuer.sign({ exp: 1 })));
  expect(answer).toMatchObject({ status: 401, problem: { code: 'token-expired' } });
  expect(answer.challenge).toContain(
    'error="invalid_token", error_description="The token has expired; get a new one."',
  );
});

test('a token that was found valid is refused once it expires', async () => {
  const { base, issuer } = await startSecuredGateway({ provider: 'clockSkewSeconds: 0' });
  const token = await issuer.sign({ exp: Date.now() / 1_000 + 1.5 });
  expect(await ask(`${base}/secure`, bearer(token))).toMatchObject({ status: 200 });
  await eventually(async () => (await ask(`${base}/secure`, bearer(token))).status === 401);
});

test.each([
  ['twice', ['Authorization: Bearer TOKEN', 'Authorization: Bearer TOKEN']],
  ['twice, one of them of another scheme', ['Authorization: Basic eDp5', 'authorization: Bearer TOKEN']],
])('Authorization %s: 400, with a good token too', async (_what, fields) => {
  const { port, issuer, received } = await startSecuredGateway();
  const token = await issuer.sign();
  const lines = fields.map((field) => field.replace('TOKEN', token)).concat(['Host: shop', 'Connection: close']);
  const answer = await exchangeRaw(port, `GET /secure HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(received).toEqual([]);
});

test('a token in two places: 400 invalid_request (RFC 6750, 2)', async () => {
  const { base, issuer, received } = await startSecuredGateway({ provider: 'token: { header: X-Token }' });
  const token = await issuer.sign();
  const answer = await ask(`${base}/secure`, { headers: { authorization: `Bearer ${token}`, 'x-token': token } });
  expect(answer).toMatchObject({ status: 400, problem: { code: 'token-ambiguous' } });
  expect(answer.challenge).toContain('error="invalid_request"');
  expect(received).toEqual([]);
});

test.each([
  ['no token behind the scheme', 'Bearer'],
  ['two tokens in one field', 'Bearer TOKEN, Bearer TOKEN'],
  ['a token in quotes', 'Bearer "TOKEN"'],
  ['something behind the token', 'Bearer TOKEN x'],
])('%s: 401', async (_what, value) => {
  const { base, issuer } = await startSecuredGateway();
  const authorization = value.replaceAll('TOKEN', await issuer.sign());
  expect(await ask(`${base}/secure`, { headers: { authorization } })).toMatchObject({
    status: 401,
    problem: { code: 'token-invalid' },
  });
});

test('where a token may be left out, a bad one is still refused', async () => {
  const { base, issuer } = await startSecuredGateway({ auth: 'required: false' });
  expect(await ask(`${base}/secure`)).toMatchObject({ status: 200 });
  expect(await ask(`${base}/secure`, bearer(await issuer.sign()))).toMatchObject({ status: 200 });
  expect(await ask(`${base}/secure`, bearer('a.b.c'))).toMatchObject({ status: 401 });
});

test('a token is taken from a field or cookie that is configured', async () => {
  const { base, issuer } = await startSecuredGateway({
    provider: 'token: { bearer: false, header: X-Token, cookie: { name: session, origins: ["https://shop.example"] } }',
  });
  const token = await issuer.sign();
  expect(await ask(`${base}/secure`, { headers: { 'x-token': token } })).toMatchObject({ status: 200 });
  expect(await ask(`${base}/secure`, { headers: { cookie: `a=b; session=${token}` } })).toMatchObject({ status: 200 });
  expect(await ask(`${base}/secure`, bearer(token))).toMatchObject({ status: 401, problem: { code: 'token-missing' } });
});

test('with a cookie only pages of the configured origins may change something', async () => {
  const { base, issuer } = await startSecuredGateway({
    provider: 'token: { cookie: { name: session, origins: ["https://shop.example"] } }',
  });
  const cookie = `session=${await issuer.sign()}`;
  const post = (origin?: string) =>
    ask(`${base}/secure`, { method: 'POST', headers: origin === undefined ? { cookie } : { cookie, origin } });
  expect(await post('https://shop.example')).toMatchObject({ status: 200 });
  for (const origin of [undefined, 'https://evil.example', 'null', 'https://shop.example.evil', 'http://shop.example'])
    expect(await post(origin)).toMatchObject({ status: 403, problem: { code: 'origin-refused' } });
});

test('an upgrade needs a token like any request, and with a cookie an origin too', async () => {
  const issuer = await createIssuer('EdDSA');
  const upstream = await startUpstream((_req, res) => res.end());
  const identities: unknown[] = [];
  const sockets = new WebSocketServer({ server: upstream.server });
  sockets.on('connection', (socket, req) => {
    identities.push(req.headers['x-user-id']);
    socket.close();
  });
  const file = writeTestFile('jwks.json', JSON.stringify({ keys: [issuer.jwk] }));
  const { port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: `
  - { id: secure, paths: [/secure], upstream: app, auth: { provider: login } }
auth:
  providers:
    login:
      { issuer: "${ISSUER}", audiences: [${AUDIENCE}], algorithms: [EdDSA], keys: { jwksFile: "${file}" },
        token: { cookie: { name: session, origins: ["https://shop.example"] } } }`,
  });
  const token = await issuer.sign();
  const open = (headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/secure`, { headers });
      socket.on('unexpected-response', (_req, res) => {
        res.resume();
        resolve(res.statusCode ?? 0);
      });
      socket.on('close', () => resolve(101));
      socket.on('error', reject);
    });
  expect(await open({})).toBe(401);
  expect(await open({ authorization: 'Bearer a.b.c' })).toBe(401);
  expect(await open({ authorization: `Bearer ${token}` })).toBe(101);
  expect(await open({ cookie: `session=${token}` })).toBe(403);
  expect(await open({ cookie: `session=${token}`, origin: 'https://evil.example' })).toBe(403);
  expect(await open({ cookie: `session=${token}`, origin: 'https://shop.example' })).toBe(101);
  expect(identities).toEqual(['user-1', 'user-1']);
});

test('a route without auth looks at no token', async () => {
  const { base, received } = await startSecuredGateway();
  expect(await ask(`${base}/app`, bearer('whatever'))).toMatchObject({ status: 200 });
  expect(received[0]?.headers.authorization).toBe('Bearer whatever');
});
