import { request } from 'node:http';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { type Explanation, explain } from '../stages/explain.ts';
import { startUpstream } from './fixture.ts';
import { type SecuredGateway, startSecuredGateway } from './securedGateway.ts';

const AUTH = 'scopes: { all: [orders:read] }, anonymous: { paths: [/secure/public] }';

function explainOver({ adminSocket }: SecuredGateway, url: string, headers: [string, string][]): Promise<Explanation> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { socketPath: adminSocket, path: '/explain', method: 'POST', agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(JSON.parse(text) as Explanation));
      },
    );
    outgoing.on('error', reject).end(JSON.stringify({ url, headers }));
  });
}

const pick = ({ stages, answer }: Explanation) => ({
  stages: stages.filter(({ stage }) => stage === 'authenticate' || stage === 'authorise'),
  code: answer?.code ?? null,
});

test('a running gateway verifies the token that is given, and says whose it is', async () => {
  const gateway = await startSecuredGateway({ auth: AUTH });
  const token = await gateway.issuer.sign({ scope: 'orders:read x' });
  expect(pick(await explainOver(gateway, '/secure', [['Authorization', `Bearer ${token}`]]))).toEqual({
    stages: [
      {
        stage: 'authenticate',
        outcome: 'pass',
        sentence: 'The token is valid: login issued it. Its subject is "user-1", its scopes are "orders:read x".',
      },
      { stage: 'authorise', outcome: 'pass', sentence: 'The token has every scope and claim that the route asks for.' },
    ],
    code: null,
  });
  expect(gateway.received).toEqual([]);
});

test.each<[what: string, claims: Record<string, unknown>, code: string, sentence: RegExp]>([
  ['expired', { exp: 1 }, 'token-expired', /^The token is refused: it expired \d+ s ago/],
  ['for another', { aud: 'bank' }, 'token-invalid', /its audience "bank" is not one of this gateway\.$/],
  ['without the scope', {}, 'insufficient-scope', /^The token lacks the scope orders:read\.$/],
])('a token that is %s', async (_what, claims, code, sentence) => {
  const gateway = await startSecuredGateway({ auth: AUTH });
  const token = await gateway.issuer.sign(claims);
  const explanation = pick(await explainOver(gateway, '/secure', [['Authorization', `Bearer ${token}`]]));
  expect(explanation.code).toBe(code);
  expect(explanation.stages.find(({ outcome }) => outcome === 'stop')?.sentence).toMatch(sentence);
});

test('no token, and a path that asks for none', async () => {
  const gateway = await startSecuredGateway({ auth: AUTH });
  expect(pick(await explainOver(gateway, '/secure', []))).toMatchObject({
    stages: [
      { outcome: 'stop', sentence: 'There is no token; one of login is asked for, in Authorization: Bearer.' },
      {},
    ],
    code: 'token-missing',
  });
  expect(pick(await explainOver(gateway, '/secure/public/x', []))).toMatchObject({
    stages: [{ outcome: 'skip', sentence: 'The route takes this path or method from everybody.' }, { outcome: 'skip' }],
    code: null,
  });
});

test('keys that were never fetched are not fetched for an explanation: it is said to be unknown', async () => {
  let asked = 0;
  const keyServer = await startUpstream((_req, res) => {
    asked += 1;
    res.writeHead(500).end();
  });
  const gateway = await startSecuredGateway({ auth: AUTH, keys: `jwksUrl: "http://127.0.0.1:${keyServer.port}/"` });
  await expect.poll(() => asked).toBe(1);
  await expect
    .poll(async () => (await gateway.admin<{ failure: string | null }[]>('/auth'))[0]?.failure)
    .toBe('the answer has status 500');
  const token = await gateway.issuer.sign();
  for (let count = 0; count < 3; count++)
    expect(pick(await explainOver(gateway, '/secure', [['Authorization', `Bearer ${token}`]]))).toMatchObject({
      stages: [
        {
          outcome: 'skip',
          sentence:
            'Whether the token is valid is not known: the keys of login could not be fetched: the answer has status 500.',
        },
        { outcome: 'skip', sentence: 'What the token says is not known; asked for is: the scopes orders:read.' },
      ],
      code: null,
    });
  expect(asked).toBe(1);
});

test('without a running gateway it says what would be checked, and that the rest is unknown', async () => {
  const config = loadConfig(`version: 1
upstreams: { app: { url: "http://app" } }
routes:
  - id: app
    paths: [/app]
    upstream: app
    auth:
      provider: login
      scopes: { any: [a, b] }
      claims: [{ claim: role, in: [admin, owner] }, { claim: [org, groups], contains: staff }]
auth:
  providers:
    login: { issuer: "https://login", audiences: [shop], algorithms: [RS256, ES256], keys: { jwksUrl: "https://login/jwks" } }`);
  const headers = [['authorization', 'Bearer a.b.c']] as const;
  expect(pick(await explain(config, { method: 'GET', url: '/app', headers }))).toEqual({
    stages: [
      {
        stage: 'authenticate',
        outcome: 'skip',
        sentence:
          'There is a token, and whether it is valid is not known: no running gateway was asked. It would be taken as a token of login, signed by a key of https://login/jwks with RS256 or ES256, issued by "https://login" for "shop", with exp and "sub", within 30 s of its time.',
      },
      {
        stage: 'authorise',
        outcome: 'skip',
        sentence:
          'What the token says is not known; asked for is: one of the scopes a, b; "role" must be one of "admin", "owner"; "org.groups" must contain "staff".',
      },
    ],
    code: null,
  });
  expect(pick(await explain(config, { method: 'GET', url: '/app', headers: [] }))).toMatchObject({
    code: 'token-missing',
  });
});
