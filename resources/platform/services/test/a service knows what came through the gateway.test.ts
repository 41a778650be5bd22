// The gateway as the real process that it is, in front of a server that asks the kit's verifier about each request.
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { programs } from '../../../../scripts/programs.mjs';
import { createIdentityKeyFile, createIdentityVerifier, IDENTITY_FIELD, type Identification } from '../kit/identity.ts';

const PEM = { publicKey: { type: 'spki', format: 'pem' }, privateKey: { type: 'pkcs8', format: 'pem' } } as const;

interface Seen {
  readonly answer: Identification;
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** A service and the gateway before it; `signed` is the gateway's key, `keys` the file that the service has. */
async function startPlatform(folder: string, signed: string, keys: string) {
  const verify = createIdentityVerifier({ keys: createIdentityKeyFile(keys), upstream: 'search' });
  const seen: Seen[] = [];
  const answer = createServer((req, res) => {
    const { method, url, headers } = req;
    seen.push({ answer: verify(req), method, url, headers });
    res.end();
  });
  // Upgrades are refused in plain HTTP here; what matters is who asks.
  answer.on('upgrade', (req, socket) => {
    seen.push({ answer: verify(req), method: req.method, url: req.url, headers: req.headers });
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  const servicePort = await listen(answer);
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwks = join(folder, 'jwks.json');
  writeFileSync(jwks, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] }));
  const config = join(folder, 'gateway.yaml');
  writeFileSync(
    config,
    `version: 1
listen: { host: 127.0.0.1, port: 0 }
upstreams: { search: { url: "http://127.0.0.1:${servicePort}" } }
routes: [{ id: search, paths: [/ai/search], upstream: search, rewrite: { prefix: / }, auth: { provider: login, required: false } }]
auth:
  providers: { login: { issuer: login, algorithms: [ES256], keys: { jwksFile: "${jwks}" } } }
  identity: { signed: { ${signed} } }
`,
  );
  const port = await startGateway(config);
  const token = await new SignJWT({ scope: 'read' })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer('login')
    .setSubject('ann')
    .setExpirationTime('5m')
    .sign(privateKey);
  return { port, servicePort, seen, token };
}

async function startGateway(config: string): Promise<number> {
  const child = spawn(process.execPath, [programs.gateway, '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  let output = '';
  const port = new Promise<number>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const line = output.split('\n').find((whole) => whole.includes('"msg":"listening"') && whole.endsWith('}'));
      if (line) resolve((JSON.parse(line) as { port: number }).port);
    });
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the gateway ended: ${output}`)));
  return Promise.race([port, ended]);
}

function send(port: number, path: string, init: { method?: string; headers?: Record<string, string | string[]> } = {}) {
  return new Promise<void>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, agent: false, ...init }, (response) => {
      response.resume().on('end', resolve);
    });
    outgoing.on('error', reject).end();
  });
}

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'identity-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test.each(['a shared secret', 'a pair of keys'])(
  'with %s, callers are known, and what comes past the gateway is not',
  async (kind) => {
    const folder = createFolder();
    const [own, shared] = [join(folder, 'own'), join(folder, 'shared')];
    const pair = generateKeyPairSync('ed25519', {
      publicKeyEncoding: PEM.publicKey,
      privateKeyEncoding: PEM.privateKey,
    });
    const isSecret = kind === 'a shared secret';
    writeFileSync(own, pair.privateKey);
    writeFileSync(shared, isSecret ? 's'.repeat(40) : pair.publicKey);
    const signed = isSecret ? `secretFile: "${shared}"` : `privateKeyFile: "${own}"`;
    const { port, servicePort, seen, token } = await startPlatform(folder, signed, shared);
    const authorization = `Bearer ${token}`;

    await send(port, '/ai//search/query/?q=%20a|b', { method: 'POST', headers: { authorization } });
    await send(port, '/ai/search/%61', { headers: { [IDENTITY_FIELD]: 'x' } });
    await send(port, '/ai/search', { method: 'HEAD', headers: { 'x-request-id': 'mine', host: 'shop.example' } });
    await send(port, '/ai/search/live', {
      headers: {
        ...{ authorization, connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      },
    });
    const ann = { kind: 'subject', provider: 'login', subject: 'ann', scopes: ['read'] };
    expect(seen.map(({ answer, method, url }) => [method, url, answer])).toEqual([
      ['POST', '/query/?q=%20a|b', { ok: true, caller: ann, requestId: expect.any(String) }],
      ['GET', '/a', { ok: true, caller: { kind: 'anonymous' }, requestId: expect.any(String) }],
      ['HEAD', '/', { ok: true, caller: { kind: 'anonymous' }, requestId: expect.any(String) }],
      ['GET', '/live', { ok: true, caller: ann, requestId: expect.any(String) }],
    ]);

    // Somebody on the network who has seen the first request.
    const [first] = seen;
    const { host = '', 'x-request-id': id = '', [IDENTITY_FIELD]: field = '' } = first?.headers ?? {};
    const replay = { host, 'x-request-id': String(id), [IDENTITY_FIELD]: String(field) };
    seen.length = 0;
    await send(servicePort, '/query/?q=1', { method: 'POST', headers: replay });
    await send(servicePort, '/admin/', { method: 'POST', headers: replay });
    await send(servicePort, first?.url ?? '', { method: 'DELETE', headers: replay });
    await send(servicePort, first?.url ?? '', { method: 'POST', headers: { ...replay, 'x-request-id': 'other' } });
    await send(servicePort, '/', {});
    expect(seen.map(({ answer }) => (answer.ok ? 'accepted' : answer.reason))).toEqual([
      'it was signed with another path',
      'it was signed with another path',
      'it was signed with another method',
      'it was signed with another request id',
      'it has no signature of the gateway',
    ]);
  },
);

test('a secret is replaced while requests come, and none is refused', async () => {
  const folder = createFolder();
  const file = join(folder, 'secret');
  const [old, next] = ['o'.repeat(32), 'n'.repeat(32)];
  writeFileSync(file, old);
  const { port, seen } = await startPlatform(folder, `secretFile: "${file}"`, file);
  await send(port, '/ai/search/before');
  const before = seen[0]?.headers[IDENTITY_FIELD]?.toString().split('.')[0];
  writeFileSync(file, `${next}\n${old}\n`);
  // The header of the signature names the key, so another one means that the new key signs.
  while (seen.at(-1)?.headers[IDENTITY_FIELD]?.toString().split('.')[0] === before)
    await send(port, '/ai/search/during');
  writeFileSync(file, next);
  await send(port, '/ai/search/after');
  expect(seen.filter(({ answer }) => !answer.ok)).toEqual([]);
  expect(seen.length).toBeGreaterThan(2);
});
