import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { createGateway } from '../gateway.ts';
import { createLog } from '../server/log.ts';
import type { ExchangeDetail } from '../tap/exchangeRecord.ts';
import { bearer, startSecuredGateway } from './securedGateway.ts';

const PLACES = 'token: { header: x-token, cookie: { name: session, origins: ["https://shop"] } }';

async function recordedOf(more: string, init: (token: string) => RequestInit, claims: Record<string, unknown> = {}) {
  const gateway = await startSecuredGateway({ provider: PLACES, more });
  const token = await gateway.issuer.sign(claims);
  await fetch(`${gateway.base}/secure`, init(token));
  const detail = await gateway.recorded((row) => row.route === 'secure');
  return { token, detail };
}

test.each<[place: string, init: (token: string) => RequestInit]>([
  ['Authorization', bearer],
  ['a field of its own', (token) => ({ headers: { 'X-Token': token } })],
  ['a cookie', (token) => ({ headers: { cookie: `session=${token}` } })],
])('the tap has nothing of a token in %s', async (_place, init) => {
  for (const claims of [{}, { exp: 1 }, { aud: 'bank' }]) {
    const { token, detail } = await recordedOf('', init, claims);
    const text = JSON.stringify(detail);
    for (const part of token.split('.')) expect(text).not.toContain(part);
    expect(text).toContain('[redacted]');
  }
});

test('nor of one that is none, in the field where tokens stand', async () => {
  const { detail } = await recordedOf('', () => ({ headers: { 'X-Token': 'opaque-secret' } }));
  expect(detail.code).toBe('token-invalid');
  expect(JSON.stringify(detail)).not.toContain('opaque-secret');
});

test.each<[setting: string, subject: string | null]>([
  ['', null],
  ['  recordSubject: "no"', null],
  ['  recordSubject: plain', 'user-1'],
  ['  recordSubject: digest', expect.stringMatching(/^[0-9a-f]{16}$/)],
])('with %j the tap says of the subject: %j', async (setting, subject) => {
  const { detail } = await recordedOf(setting, bearer);
  expect(detail.subject).toEqual(subject);
  const { subject: _said, ...rest } = detail satisfies ExchangeDetail;
  expect(JSON.stringify(rest)).not.toContain('user-1');
});

test('the log has nothing of a token, a claim or a secret', async () => {
  const { issuer, upstreamPort, toYaml } = await startSecuredGateway();
  let lines = '';
  const config = loadConfig(`version: 1
listen: { host: 127.0.0.1, port: 0 }
upstreams: { app: { url: "http://127.0.0.1:${upstreamPort}" } }
routes:
${toYaml({ more: '  identity: { signed: { secretEnv: PATH } }' }).replace('secretEnv: PATH', 'secretEnv: GATEHOUSE_TEST_SECRET')}`);
  process.env.GATEHOUSE_TEST_SECRET = 'a-secret-that-must-not-be-seen-anywhere';
  const gateway = createGateway(config, {
    log: createLog((line) => {
      lines += line;
    }),
  });
  delete process.env.GATEHOUSE_TEST_SECRET;
  const { port } = await gateway.listen();
  const tokens = await Promise.all([issuer.sign({ sub: 'ann' }), issuer.sign({ sub: 'ann', exp: 1 })]);
  const statuses = [];
  for (const token of [...tokens, `${tokens[0]}x`])
    statuses.push((await fetch(`http://127.0.0.1:${port}/secure`, bearer(token))).status);
  await gateway.close({ graceMs: 0 });
  expect(statuses).toEqual([200, 401, 401]);
  expect(lines).toContain('listening');
  for (const secret of ['a-secret', 'ann', ...tokens.flatMap((token) => token.split('.'))])
    expect(lines).not.toContain(secret);
});
