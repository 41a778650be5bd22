import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventually } from './fixture.ts';
import { exchangeRaw } from './rawSocket.ts';
import { bearer, startSecuredGateway, writeTestFile } from './securedGateway.ts';

const CLAIM_FIELDS = '  identity: { headers: { X-User-Id: $subject, x-user-scopes: $scopes, x-user-mail: email } }';

/** Every way to write a field that an upstream could take for one of the gateway's. */
const SPELLINGS = [
  ...['X-User-Id', 'x-user-id', 'X_USER_ID', 'x_user_id', 'x-user_id', 'X.User.Id', 'x~user~id'],
  ...['x-user-scopes', 'X_User-Scopes', 'x-user-mail', 'x_user_mail'],
  ...['x-gatehouse-identity', 'X_GATEHOUSE_IDENTITY', 'x-gatehouse_identity', 'X.Gatehouse.Identity'],
];

test.each([
  ['anonymous, where no token is asked for', '/app', {}],
  ['anonymous, where a token may be left out', '/secure', {}],
  ['known', '/secure', { email: 'ann@shop.example', scope: 'read' }],
])('a client cannot say who it is, in no spelling: %s', async (what, path, claims) => {
  const { port, issuer, received } = await startSecuredGateway({ auth: 'required: false', more: CLAIM_FIELDS });
  const fields = SPELLINGS.map((name) => `${name}: admin`);
  if (what === 'known') fields.push(`Authorization: Bearer ${await issuer.sign(claims)}`);
  const lines = ['Host: shop', 'Connection: close, x-user-id, x-gatehouse-identity', ...fields];
  await exchangeRaw(port, `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  const [got] = received;
  expect(JSON.stringify(got?.rawHeaders)).not.toContain('admin');
  const said = {
    id: got?.headers['x-user-id'],
    mail: got?.headers['x-user-mail'],
    scopes: got?.headers['x-user-scopes'],
  };
  expect(said).toEqual(
    what === 'known'
      ? { id: 'user-1', mail: 'ann@shop.example', scopes: 'read' }
      : { id: undefined, mail: undefined, scopes: undefined },
  );
});

test('a claim cannot break out of its field', async () => {
  const { base, issuer, received } = await startSecuredGateway({ more: CLAIM_FIELDS });
  const token = await issuer.sign({ sub: 'Žofie %', email: 'a\r\nx-admin: 1\r\n\r\nGET / HTTP/1.1' });
  expect((await fetch(`${base}/secure`, bearer(token))).status).toBe(200);
  expect(received).toHaveLength(1);
  expect(received[0]?.headers).toMatchObject({
    'x-user-id': '%C5%BDofie %25',
    'x-user-mail': 'a%0D%0Ax-admin: 1%0D%0A%0D%0AGET / HTTP/1.1',
  });
  expect(received[0]?.headers['x-admin']).toBeUndefined();
});

test('the token itself is kept back, and passed on where the route says so', async () => {
  const cookies = 'token: { cookie: { name: session, origins: ["https://shop"] } }';
  const closed = await startSecuredGateway({ provider: cookies });
  const open = await startSecuredGateway({ provider: cookies, auth: 'forwardToken: true' });
  for (const { base, issuer, received } of [closed, open]) {
    const token = await issuer.sign();
    await fetch(`${base}/secure`, bearer(token));
    await fetch(`${base}/secure`, { headers: { cookie: `a=1; session=${token}; b=2` } });
    const seen = received.map(({ headers }) => [headers.authorization, headers.cookie]);
    expect(seen).toEqual(
      received === closed.received
        ? [
            [undefined, undefined],
            [undefined, 'a=1; b=2'],
          ]
        : [
            [`Bearer ${token}`, undefined],
            [undefined, `a=1; session=${token}; b=2`],
          ],
    );
  }
});

function read(field: unknown) {
  const [header = '', payload = '', signature = ''] = String(field).split('.');
  const parse = (text: string) =>
    JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<string, unknown>;
  return { header: parse(header), claims: parse(payload), input: `${header}.${payload}`, signature };
}

test('each request is signed as its upstream gets it, with the caller in it', async () => {
  const secret = randomBytes(32).toString('hex');
  const file = writeTestFile('secret', `${secret}\n`);
  const { base, issuer, received, upstreamPort } = await startSecuredGateway({
    route: 'paths: [/secure], rewrite: { prefix: /v1 }',
    more: `  identity: { signed: { secretFile: "${file}", lifetimeSeconds: 20 } }`,
  });
  await fetch(`${base}//secure/%61?q=%20x`, { method: 'POST', ...bearer(await issuer.sign({ scope: 'a b' })) });
  const [got] = received;
  const { header, claims, input, signature } = read(got?.headers['x-gatehouse-identity']);
  expect(signature).toBe(createHmac('sha256', secret).update(input).digest('base64url'));
  expect(header).toEqual({ alg: 'HS256', typ: 'gatehouse-identity+jwt', kid: expect.stringMatching(/^[\w-]{11}$/) });
  expect(claims).toEqual({
    iss: 'gatehouse',
    aud: 'app',
    sub: 'user-1',
    provider: 'login',
    scope: 'a b',
    method: 'POST',
    path: '/v1/a?q=%20x',
    host: `127.0.0.1:${upstreamPort}`,
    rid: got?.headers['x-request-id'],
    iat: expect.any(Number),
    exp: Number(claims.iat) + 20,
  });
  expect([claims.path, claims.host]).toEqual([got?.url, got?.headers.host]);
});

test('anonymous requests are signed too, and cannot be taken for a subject of that name', async () => {
  const { base, issuer, received } = await startSecuredGateway({
    more: `  identity: { signed: { secretFile: "${writeTestFile('secret', 's'.repeat(32))}" } }`,
  });
  await fetch(`${base}/app/x`);
  await fetch(`${base}/secure`, bearer(await issuer.sign({ sub: 'anonymous' })));
  const [anonymous, subject] = received.map(({ headers }) => read(headers['x-gatehouse-identity']).claims);
  expect(anonymous).toMatchObject({ sub: 'anonymous', path: '/x' });
  expect(anonymous).not.toHaveProperty('provider');
  expect(subject).toMatchObject({ sub: 'anonymous', provider: 'login' });
});

test('with an Ed25519 key upstreams need no secret', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const file = writeTestFile('key.pem', String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  const { base, received } = await startSecuredGateway({
    more: `  identity: { signed: { privateKeyFile: "${file}" } }`,
  });
  await fetch(`${base}/app`);
  const { header, input, signature } = read(received[0]?.headers['x-gatehouse-identity']);
  expect(header.alg).toBe('EdDSA');
  const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
  expect(verify(null, Buffer.from(input), key, Buffer.from(signature, 'base64url'))).toBe(true);
});

test('a new secret signs within seconds, without a reload', async () => {
  const { writeFileSync } = await import('node:fs');
  const [old, next] = ['o'.repeat(32), 'n'.repeat(32)];
  const file = writeTestFile('secret', old);
  const { base, received } = await startSecuredGateway({ more: `  identity: { signed: { secretFile: "${file}" } }` });
  const signedBy = async (secret: string) => {
    await fetch(`${base}/app`);
    const { input, signature } = read(received.at(-1)?.headers['x-gatehouse-identity']);
    return signature === createHmac('sha256', secret).update(input).digest('base64url');
  };
  expect(await signedBy(old)).toBe(true);
  writeFileSync(file, `${next}\n${old}\n`);
  await eventually(() => signedBy(next));
});

test.each<[what: string, signed: string, reason: RegExp]>([
  ['is short', `secretFile: "FILE"`, /auth\.identity\.signed\.secretFile: .* the secret has 5 bytes; it needs 32/],
  ['is of another kind', `privateKeyFile: "FILE"`, /auth\.identity\.signed\.privateKeyFile: .* not usable/],
  ['is not set', 'secretEnv: GATEHOUSE_TEST_NOT_SET', /the environment variable GATEHOUSE_TEST_NOT_SET is not set/],
])('no gateway is made with a key that %s', async (_what, signed, reason) => {
  const text = signed.replace('FILE', writeTestFile('secret', 'short'));
  await expect(startSecuredGateway({ more: `  identity: { signed: { ${text} } }` })).rejects.toThrow(reason);
});
