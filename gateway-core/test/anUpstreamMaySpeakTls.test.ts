// RFC 2818: the name of the certificate is that of the URL, whatever address it has; nothing is sent to who cannot prove it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { PROGRAM_TEST_MS, portOf, startProgram } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'gateway-tls-'));
const certificate = join(folder, 'certificate.pem');
const key = join(folder, 'key.pem');

beforeAll(() => {
  const asked = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', [...asked, ...named, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function startTlsUpstream(): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (req, res) => {
    const { servername } = req.socket as { servername?: string };
    seen.push(`${servername} ${req.method} ${req.url}`);
    req.pipe(res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

const toYaml = (url: string) => `
version: 1
listen: { host: 127.0.0.1, port: 0 }
upstreams:
  app: { url: "${url}" }
routes:
  - { id: app, paths: [/app], upstream: app, rewrite: { prefix: / } }
`;

test('bodies pass both ways over TLS, on connections that are kept', { timeout: PROGRAM_TEST_MS }, async () => {
  const { port, seen } = await startTlsUpstream();
  const program = startProgram(toYaml(`https://localhost:${port}`), [], { NODE_EXTRA_CA_CERTS: certificate });
  const url = `http://127.0.0.1:${await portOf(program)}/app/echo`;
  const body = 'x'.repeat(300_000);
  for (let round = 0; round < 3; round++) {
    const answer = await fetch(url, { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(body);
  }
  expect(seen).toEqual(Array.from({ length: 3 }, () => 'localhost POST /echo'));
});

test.each([
  ['nobody vouches for', 'localhost', {}],
  ['is of another name', '127.0.0.1', { NODE_EXTRA_CA_CERTS: certificate }],
])('an upstream whose certificate %s gets nothing', { timeout: PROGRAM_TEST_MS }, async (_what, host, env) => {
  const { port, seen } = await startTlsUpstream();
  const program = startProgram(toYaml(`https://${host}:${port}`), [], env);
  const answer = await fetch(`http://127.0.0.1:${await portOf(program)}/app/echo`);
  expect(answer.status).toBe(502);
  expect(await answer.json()).toMatchObject({
    code: 'upstream-unreachable',
    detail: 'No trusted certificate from app.',
  });
  expect(seen).toEqual([]);
});
