import { createServer, type RequestListener, type Server } from 'node:http';
import { expect, test } from 'vitest';
import { createAuthentication } from '../auth/authentication.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { silentLog } from '../server/log.ts';
import { eventually, startUpstream } from './fixture.ts';
import { bearer, type SecuredGateway, startSecuredGateway } from './securedGateway.ts';
import { AUDIENCE, createIssuer, forge, ISSUER, toClaims } from './tokens.ts';

interface KeyServer {
  readonly url: string;
  readonly port: number;
  /** Requests so far. */
  asked: number;
  /** What is answered; the keys of issuers as JSON by default. */
  answer: RequestListener;
  stop(): Promise<void>;
}

async function startKeyServer(answer: RequestListener, port = 0): Promise<KeyServer> {
  const server = await startUpstream((req, res) => {
    keyServer.asked += 1;
    keyServer.answer(req, res);
  }, port);
  const keyServer: KeyServer = {
    url: `http://127.0.0.1:${server.port}/jwks?v=1`,
    port: server.port,
    asked: 0,
    answer,
    stop: server.stop,
  };
  return keyServer;
}

const toJwks =
  (...issuers: { jwk: object }[]): RequestListener =>
  (_req, res) =>
    res
      .setHeader('content-type', 'application/jwk-set+json')
      .end(JSON.stringify({ keys: issuers.map(({ jwk }) => jwk) }));

const startWith = (url: string, more = '') => startSecuredGateway({ keys: `jwksUrl: "${url}"${more && `, ${more}`}` });
const statusOf = async ({ base }: SecuredGateway, token: string) =>
  (await fetch(`${base}/secure`, bearer(token))).status;

interface ProviderStatus {
  readonly provider: string;
  /** Without the query, which may hold a secret. */
  readonly source: string;
  readonly keys: number;
  readonly failure: string | null;
  readonly ageMs: number | null;
}

test('a herd on a cold start makes one fetch, and nobody of it is refused', async () => {
  const issuer = await createIssuer('ES256');
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const keyServer = await startKeyServer(async (req, res) => {
    await held;
    toJwks(issuer)(req, res);
  });
  const gateway = await startWith(keyServer.url);
  const token = await issuer.sign();
  const herd = Array.from({ length: 100 }, () => statusOf(gateway, token));
  await eventually(async () => (await gateway.admin<{ inFlight: number }>('/stats')).inFlight === 100);
  release();
  expect(await Promise.all(herd)).toEqual(Array(100).fill(200));
  expect(keyServer.asked).toBe(1);
});

test('random key ids make no more fetches than the one that was due', async () => {
  const issuer = await createIssuer('ES256');
  const keyServer = await startKeyServer(toJwks(issuer));
  const gateway = await startWith(keyServer.url);
  expect(await statusOf(gateway, await issuer.sign())).toBe(200);
  const attacks = Array.from({ length: 300 }, (_, index) =>
    statusOf(gateway, forge({ alg: 'ES256', kid: `random-${index}` }, toClaims(), 'x')),
  );
  expect(new Set(await Promise.all(attacks))).toEqual(new Set([401]));
  // The keys were fetched less than 15 s ago, so there is nothing newer to be had yet.
  expect(keyServer.asked).toBe(1);
});

test('a rotated key is fetched when a token names it, once for all who do, and random ids never more than that', async () => {
  const [old, next] = [await createIssuer('ES256', 'old'), await createIssuer('ES256', 'next')];
  const keyServer = await startKeyServer(toJwks(old));
  const { auth } = loadConfig(`version: 1
upstreams: { app: { url: "http://app" } }
routes: [{ id: app, paths: [/], upstream: app, auth: { provider: login } }]
auth:
  providers:
    login: { issuer: "${ISSUER}", audiences: [${AUDIENCE}], algorithms: [ES256], keys: { jwksUrl: "${keyServer.url}" } }`);
  let at = 0;
  const authentication = createAuthentication(auth, {
    ...{ log: silentLog, resolve: (authority: string) => authority, env: {}, now: Date.now },
    monotonicNow: () => at,
  });
  const kindOf = async (token: string) => (await authentication.verify('login', token)).kind;
  const rotated = await next.sign();
  expect(await kindOf(await old.sign())).toBe('valid');
  keyServer.answer = toJwks(next);
  expect(await kindOf(rotated)).toBe('refused');
  at = 15_000;
  expect(await Promise.all(Array.from({ length: 100 }, () => kindOf(rotated)))).toEqual(Array(100).fill('valid'));
  expect(await kindOf(await old.sign())).toBe('refused');
  expect(keyServer.asked).toBe(2);
  for (let second = 0; second < 60; second++) {
    at += 1_000;
    expect(await kindOf(forge({ alg: 'ES256', kid: `random-${second}` }, toClaims(), 'x'))).toBe('refused');
  }
  expect(keyServer.asked).toBe(6);
});

test('in an outage known keys serve on, and callers without keys get 503 with a time to come back', async () => {
  const issuer = await createIssuer('ES256');
  const first = await startKeyServer(toJwks(issuer));
  const gateway = await startWith(first.url, 'timeoutMs: 500');
  const token = await issuer.sign();
  expect(await statusOf(gateway, token)).toBe(200);
  await first.stop();
  expect(await statusOf(gateway, await issuer.sign({ sub: 'another' }))).toBe(200);

  const cold = await startWith(first.url, 'timeoutMs: 500');
  const answer = await fetch(`${cold.base}/secure`, bearer(token));
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ code: 'keys-unavailable' });
  expect(await cold.admin<ProviderStatus[]>('/auth')).toMatchObject([
    { provider: 'login', source: first.url.replace('?v=1', ''), keys: 0, ageMs: null, failure: 'ECONNREFUSED' },
  ]);

  const again = await startKeyServer(toJwks(issuer), first.port);
  await eventually(async () => (await statusOf(cold, token)) === 200);
  expect(again.asked).toBeGreaterThan(0);
});

test.each<[what: string, answer: RequestListener, failure: RegExp]>([
  ['a redirect', (_req, res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), /status 302; redirects/],
  ['an error', (_req, res) => res.writeHead(500).end('secret stack'), /^the answer has status 500$/],
  ['no JSON', (_req, res) => res.end('<html>'), /not a JSON object/],
  ['no usable key', (_req, res) => res.end('{"keys":[{"kty":"oct","k":"AAAA"}]}'), /a secret, which is never taken/],
  ['too much', (_req, res) => res.end(' '.repeat(300 * 1024)), /more than 262144 bytes/],
  ['no end', (_req, res) => void res.write('{'), /no whole answer in 300 ms/],
  ['no answer', () => undefined, /no whole answer in 300 ms/],
  ['a broken connection', (req) => void req.socket.destroy(), /UND_ERR_SOCKET|ECONNRESET/],
])('%s is no key set: 503, and the admin API says why', async (_what, answer, failure) => {
  const keyServer = await startKeyServer(answer);
  const gateway = await startWith(keyServer.url, 'timeoutMs: 300');
  const issuer = await createIssuer('ES256');
  expect(await statusOf(gateway, await issuer.sign())).toBe(503);
  const [status] = await gateway.admin<ProviderStatus[]>('/auth');
  expect(status?.failure).toMatch(failure);
});

test('a name is dialled where the hosts file says, and the server is told the name', async () => {
  const issuer = await createIssuer('ES256');
  const hosts: (string | undefined)[] = [];
  const keyServer = await startKeyServer((req, res) => {
    hosts.push(req.headers.host);
    toJwks(issuer)(req, res);
  });
  const gateway = await startSecuredGateway({
    keys: 'jwksUrl: "http://login.internal:8080/jwks"',
    hosts: { 'login.internal:8080': `127.0.0.1:${keyServer.port}` },
  });
  expect(await statusOf(gateway, await issuer.sign())).toBe(200);
  expect(hosts).toEqual(['login.internal:8080']);
});

test('keys are kept when the configuration is replaced, also by one with other rules', async () => {
  const issuer = await createIssuer('ES256');
  const keyServer = await startKeyServer(toJwks(issuer));
  const gateway = await startWith(keyServer.url);
  const token = await issuer.sign();
  expect(await statusOf(gateway, token)).toBe(200);
  const toConfig = (provider: string, url = keyServer.url) =>
    loadConfig(`version: 1
upstreams: { app: { url: "http://127.0.0.1:${gateway.upstreamPort}" } }
routes:
${gateway.toYaml({ provider, keys: `jwksUrl: "${url}"` })}`);

  gateway.gateway.replaceConfig(toConfig(''));
  expect(await statusOf(gateway, token)).toBe(200);
  // A token that was found valid by the old rules is looked at again.
  gateway.gateway.replaceConfig(toConfig('requiredClaims: [jti]'));
  expect(await statusOf(gateway, token)).toBe(401);
  expect(await statusOf(gateway, await issuer.sign({ jti: '1' }))).toBe(200);
  expect(keyServer.asked).toBe(1);

  const other = await createIssuer('ES256');
  const elsewhere = await startKeyServer(toJwks(other));
  gateway.gateway.replaceConfig(toConfig('', elsewhere.url));
  expect(await statusOf(gateway, token)).toBe(401);
  expect(await statusOf(gateway, await other.sign())).toBe(200);
  expect([keyServer.asked, elsewhere.asked]).toEqual([1, 1]);
});

test('a configuration whose key file is not there changes nothing', async () => {
  const gateway = await startSecuredGateway();
  const token = await gateway.issuer.sign();
  const broken = loadConfig(`version: 1
upstreams: { app: { url: "http://127.0.0.1:${gateway.upstreamPort}" } }
routes:
${gateway.toYaml({ keys: 'jwksFile: /nowhere/jwks.json' })}`);
  expect(() => gateway.gateway.replaceConfig(broken)).toThrow(
    'auth.providers.login.keys.jwksFile: the file /nowhere/jwks.json is not usable: ENOENT',
  );
  expect(await statusOf(gateway, token)).toBe(200);
});

test('a closing gateway does not wait for keys', async () => {
  const held = createServer(() => undefined);
  await new Promise<void>((resolve) => held.listen(0, '127.0.0.1', resolve));
  const { port } = held.address() as { port: number };
  const gateway = await startWith(`http://127.0.0.1:${port}/`, 'timeoutMs: 30000');
  await eventually(() => countConnections(held).then((count) => count === 1));
  await gateway.gateway.close({ graceMs: 0 });
  await eventually(() => countConnections(held).then((count) => count === 0));
  await new Promise((resolve) => held.close(resolve));
});

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
