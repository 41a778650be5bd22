import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createEngine } from '../docker/engine.ts';
import { findEngineAddress } from '../docker/findAddress.ts';
import { thisMachine } from '../docker/machine.ts';
import { EngineUnderTest } from './engines/engineUnderTest.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
})();
const sandbox = new EngineUnderTest('sandbox', '');
beforeAll(() => sandbox.open(), 60_000);
afterAll(() => sandbox.close());

/** An authority with a key pair for the engine and one for its client: ca.pem, cert.pem, key.pem, server-*.pem. */
function makeCertificates(): string {
  const folder = temporaryFolder();
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...newKey, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=test', '-days', '2');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  for (const [prefix, extra] of [
    ['server-', ['-extfile', 'names']],
    ['', []],
  ] as const) {
    openssl('req', ...newKey, '-keyout', `${prefix}key.pem`, '-out', 'request', '-subj', '/CN=localhost');
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2', ...extra];
    openssl('x509', '-req', '-in', 'request', '-out', `${prefix}cert.pem`, ...signed);
  }
  return folder;
}

/** TLS in front of the sandbox's socket; only clients of the same authority get in. */
async function startFront(folder: string): Promise<number> {
  const read = (name: string) => readFileSync(join(folder, name));
  const keys = { key: read('server-key.pem'), cert: read('server-cert.pem'), ca: read('ca.pem') };
  const server = createServer({ ...keys, requestCert: true, rejectUnauthorized: true }, (socket) => {
    const inner = connect(sandbox.socketPath);
    socket.on('error', () => inner.destroy());
    inner.on('error', () => socket.destroy());
    socket.pipe(inner).pipe(socket);
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function open(port: number, certPath: string) {
  const env = { DOCKER_HOST: `tcp://localhost:${port}`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certPath };
  const engine = createEngine(findEngineAddress({ ...thisMachine, env }).address);
  onTestFinished(() => engine.close());
  return engine;
}

test.skipIf(!hasOpenssl)('with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH (needs openssl)', async () => {
  const folder = makeCertificates();
  const engine = open(await startFront(folder), folder);
  expect(await engine.info()).toMatchObject({ isSandbox: true });
  const leaving = new AbortController();
  const events = await engine.events(leaving.signal);
  leaving.abort();
  await once(events, 'close');
});

test.skipIf(!hasOpenssl)('an engine of another authority is not spoken to (needs openssl)', async () => {
  const port = await startFront(makeCertificates());
  await expect(open(port, makeCertificates()).ping(10_000)).rejects.toMatchObject({
    code: 'engine-unreachable',
    remedy: expect.stringContaining('DOCKER_CERT_PATH'),
  });
});

test.skipIf(!hasOpenssl)('plain text to an engine that wants TLS is a problem (needs openssl)', async () => {
  const port = await startFront(makeCertificates());
  const engine = createEngine({ kind: 'tcp', host: '127.0.0.1', port, tls: null });
  onTestFinished(() => engine.close());
  await expect(engine.ping(10_000)).rejects.toMatchObject({ code: 'engine-unreachable' });
});
