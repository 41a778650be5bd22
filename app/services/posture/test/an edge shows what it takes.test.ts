import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { EngineAddress } from '../../docker/address.ts';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { evaluate } from '../evaluate.ts';
import type { Part, PostureFacts } from '../facts/facts.ts';
import { findEdgeTarget } from '../probes/edgeTarget.ts';
import { probeHttp } from '../probes/httpProbe.ts';
import { probeLimits } from '../probes/limitProbe.ts';
import { probeEdge } from '../probes/probeEdge.ts';
import { probeTls } from '../probes/tlsProbe.ts';
import { closedStack, published, toPart } from './closedStack.ts';

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
})();
const withOpenssl = test.skipIf(!hasOpenssl);
const never = new AbortController().signal;
const socket: EngineAddress = { kind: 'socket', path: '/run/docker.sock' };

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Made once: a key of RSA takes its time, and the suites of TLS 1.0 to 1.2 that are looked for know no other kind. */
let certificate: { key: Buffer; cert: Buffer } | undefined;
const getCertificate = () => {
  certificate ??= makeCertificate();
  return certificate;
};

function makeCertificate(): { key: Buffer; cert: Buffer } {
  const folder = temporaryFolder();
  const names = ['-subj', '/CN=shop.example', '-addext', 'subjectAltName=DNS:shop.example'];
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem'];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', 'cert.pem', ...names, '-days', '90'], {
    cwd: folder,
    stdio: 'pipe',
  });
  return { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) };
}

async function startTls(options: TlsOptions): Promise<{ host: string; port: number }> {
  const server = createTlsServer({ ...getCertificate(), ...options }, (connection) => connection.on('error', () => {}));
  server.on('tlsClientError', () => {});
  return { host: '127.0.0.1', port: await listen(server) };
}

withOpenssl('TLS 1.2 and 1.3 alone, no weak suite, and the certificate (needs openssl)', async () => {
  const seen = await probeTls(await startTls({ minVersion: 'TLSv1.2' }), never);
  expect(seen).toMatchObject({
    versions: { TLSv1: 'refused', 'TLSv1.1': 'refused', 'TLSv1.2': 'offered', 'TLSv1.3': 'offered' },
    weakCiphers: [],
    cipher: expect.stringMatching(/^TLS_/),
    order: 'edge',
    failure: null,
    certificate: { names: ['shop.example', 'shop.example'], isSelfSigned: true, keyBits: 2048 },
  });
  const days = ((seen.certificate?.validTo ?? 0) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(88);
  expect(days).toBeLessThan(91);
});

withOpenssl(
  'an edge that leaves the choice of the suite to its clients is told from one that does not (needs openssl)',
  async () => {
    const { order } = await probeTls(await startTls({ minVersion: 'TLSv1.2', honorCipherOrder: false }), never);
    expect(order).toBe('client');
  },
);

withOpenssl('what is old is found although this program would not take it by itself (needs openssl)', async () => {
  const place = await startTls({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' });
  const { versions, failure } = await probeTls(place, never);
  expect(versions).toEqual({ TLSv1: 'offered', 'TLSv1.1': 'offered', 'TLSv1.2': 'refused', 'TLSv1.3': 'refused' });
  expect(failure).toBeNull();
});

withOpenssl('suites without encryption or authentication are named (needs openssl)', async () => {
  const place = await startTls({
    ciphers: 'NULL-SHA256:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0',
    maxVersion: 'TLSv1.2',
  });
  expect((await probeTls(place, never)).weakCiphers).toEqual(['NULL-SHA256']);
});

test('where nothing listens, and where nobody speaks TLS, nothing is passed', async () => {
  const gone = createTcpServer();
  const port = await listen(gone);
  gone.close();
  const nobody = await probeTls({ host: '127.0.0.1', port }, never);
  expect(nobody).toMatchObject({
    versions: { 'TLSv1.3': 'unknown' },
    weakCiphers: null,
    failure: 'nothing listens there',
  });

  const plain = createTcpServer((connection) =>
    connection.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  );
  const other = await probeTls({ host: '127.0.0.1', port: await listen(plain) }, never);
  expect(Object.values(other.versions)).not.toContain('offered');
  expect(other.certificate).toBeNull();
});

test('a place that takes connections and says nothing is given up', async () => {
  const mute = createTcpServer((connection) => connection.on('error', () => {}));
  const place = { host: '127.0.0.1', port: await listen(mute) };
  const [tls, answer] = await Promise.all([
    probeTls(place, never, 100),
    probeHttp({ place, isSecure: false, path: '/', limitMs: 100 }, never),
  ]);
  expect(tls.failure).toBe('it did not answer in time');
  expect(answer).toEqual({ state: 'failed', why: 'it did not answer in time' });
});

const startHttp = async (listener: RequestListener) => ({
  host: '127.0.0.1',
  port: await listen(createHttpServer(listener)),
});

test('status and fields are read, the first of each, and no body is waited for', async () => {
  const place = await startHttp((request, response) => {
    response.writeHead(301, [
      ['Location', `https://${request.headers.host}${request.url}`],
      ['X-Frame-Options', 'DENY'],
      ['X-Frame-Options', 'ALLOWALL'],
    ]);
    response.write('a body that never ends');
  });
  const seen = await probeHttp({ place, isSecure: false, path: '/x' }, never);
  expect(seen).toMatchObject({
    state: 'answered',
    status: 301,
    headers: { location: 'https://localhost/x', 'x-frame-options': 'DENY' },
  });
});

test('a burst ends at the first refusal', async () => {
  let count = 0;
  const place = await startHttp((_, response) => {
    count += 1;
    response.writeHead(count > 20 ? 429 : 404).end();
  });
  const seen = await probeLimits({ place, isSecure: false, now: () => 7 }, never);
  expect(seen).toMatchObject({ at: 7, target: `127.0.0.1:${place.port}` });
  expect(seen.limited).toBeGreaterThan(0);
  expect(seen.sent).toBeLessThanOrEqual(40);
  expect(count).toBe(seen.sent);
});

test('a burst is bounded where nothing limits it', async () => {
  let count = 0;
  const place = await startHttp((_, response) => {
    count += 1;
    response.end();
  });
  const seen = await probeLimits({ place, isSecure: false, now: Date.now }, never);
  expect(seen).toMatchObject({ limited: 0, sent: 80, answered: 80 });
  expect(count).toBe(80);
});

const edge = (ports: Part['ports']) => ({ parts: [toPart('nginx', { kind: 'edge', ports })] });

test('the edge is asked on loopback or on the engine’s host, and nowhere else', () => {
  const remote: EngineAddress = { kind: 'tcp', host: 'engine.example', port: 2376, tls: null };
  const both = edge([published(80), published(443)]);
  expect(findEdgeTarget(both, socket)).toEqual({
    kind: 'found',
    https: { host: '127.0.0.1', port: 443 },
    http: { host: '127.0.0.1', port: 80 },
  });
  expect(findEdgeTarget(both, remote)).toMatchObject({ https: { host: 'engine.example', port: 443 } });
  // An inspection that names another address is not followed there.
  expect(findEdgeTarget(edge([published(443, '203.0.113.9')]), socket)).toMatchObject({ kind: 'unreachable' });
  expect(findEdgeTarget(edge([published(443, '203.0.113.9')]), remote)).toMatchObject({ kind: 'unreachable' });
  expect(findEdgeTarget(edge([published(443, '127.0.0.1')]), remote)).toMatchObject({ kind: 'unreachable' });
  expect(findEdgeTarget(edge([]), socket)).toMatchObject({ kind: 'unreachable' });
  expect(findEdgeTarget({ parts: [toPart('web')] }, socket)).toEqual({ kind: 'absent' });
});

withOpenssl('an edge as the platform’s is closed, by its real answers (needs openssl)', async () => {
  const headers = {
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Frame-Options': 'SAMEORIGIN',
    'X-Content-Type-Options': 'nosniff',
    'X-XSS-Protection': '1; mode=block',
  };
  const secure = createHttpsServer({ ...getCertificate(), minVersion: 'TLSv1.2' }, (_, response) =>
    response.writeHead(404, headers).end(),
  );
  secure.on('tlsClientError', () => {});
  const plain = await startHttp((_, response) => response.writeHead(301, { Location: 'https://shop.example/' }).end());
  const parts = [
    toPart('nginx', {
      kind: 'edge',
      ports: [published(await listen(secure), '127.0.0.1', 443), published(plain.port, '127.0.0.1', 80)],
    }),
  ];
  const fact = await probeEdge({ parts }, { address: socket, now: () => closedStack.now, signal: never });
  const facts: PostureFacts = { ...closedStack, edge: fact, now: Date.now() };
  const judged = evaluate(facts).rules.filter(({ id }) => /^(tls|edge)\./.test(id));
  const statuses = Object.fromEntries(judged.map(({ id, status }) => [id, status]));
  expect(statuses).toEqual({
    'tls.published': 'pass',
    'tls.versions': 'pass',
    'tls.ciphers': 'pass',
    'tls.preference': 'pass',
    'tls.certificate': 'pass',
    'edge.redirect': 'pass',
    'edge.headers': 'pass',
    'edge.xss-header': 'pass',
    'edge.version': 'pass',
    'edge.limits': 'pass',
    'edge.rate-limit': 'unknown',
  });
});
