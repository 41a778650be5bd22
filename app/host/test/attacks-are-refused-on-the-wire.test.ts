import { connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { sendRaw, startTestHost } from './startTestHost.ts';

const SOCKET =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

/** `P` stands for the port of the server. */
test.each<[attack: string, head: string, status: number]>([
  ['DNS rebinding', 'GET / HTTP/1.1\r\nHost: attacker.example:P', 421],
  ['a public name for loopback', 'GET / HTTP/1.1\r\nHost: 127.0.0.1.nip.io:P', 421],
  ['another port', 'GET / HTTP/1.1\r\nHost: 127.0.0.1:1', 421],
  ['several Host headers', 'GET / HTTP/1.1\r\nHost: 127.0.0.1:P\r\nHost: evil.com', 400],
  ['no Host', 'GET / HTTP/1.1\r\nAccept: */*', 400],
  ['HTTP/1.0 without Host', 'GET / HTTP/1.0\r\nAccept: */*', 421],
  ['a Host with userinfo', 'GET / HTTP/1.1\r\nHost: evil.com@127.0.0.1:P', 421],
  ['the absolute form', 'GET http://127.0.0.1:P/ HTTP/1.1\r\nHost: 127.0.0.1:P', 400],
  ['traversal', 'GET /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1:P', 400],
  ['encoded traversal', 'GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: 127.0.0.1:P', 400],
  ['another site', 'GET / HTTP/1.1\r\nHost: 127.0.0.1:P\r\nOrigin: http://evil.com', 403],
  ['an image of another site', 'GET / HTTP/1.1\r\nHost: 127.0.0.1:P\r\nSec-Fetch-Site: cross-site', 403],
  [
    'a post without Origin',
    'POST /session HTTP/1.1\r\nHost: 127.0.0.1:P\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
    403,
  ],
  [
    'a form',
    'POST /session HTTP/1.1\r\nHost: 127.0.0.1:P\r\nOrigin: http://127.0.0.1:P\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}',
    415,
  ],
  ['a preflight', 'OPTIONS /session HTTP/1.1\r\nHost: 127.0.0.1:P\r\nOrigin: http://127.0.0.1:P', 405],
  ['a socket without Origin', `GET /api HTTP/1.1\r\nHost: 127.0.0.1:P\r\n${SOCKET}`, 403],
  ['a socket of another site', `GET /api HTTP/1.1\r\nHost: 127.0.0.1:P\r\nOrigin: http://evil.com\r\n${SOCKET}`, 403],
  [
    'a socket with a rebound name',
    `GET /api HTTP/1.1\r\nHost: evil.com:P\r\nOrigin: http://evil.com:P\r\n${SOCKET}`,
    421,
  ],
  ['a socket elsewhere', `GET /x HTTP/1.1\r\nHost: 127.0.0.1:P\r\nOrigin: http://127.0.0.1:P\r\n${SOCKET}`, 404],
  ['a CONNECT', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:P', 0],
  [
    'two framings',
    'POST /session HTTP/1.1\r\nHost: 127.0.0.1:P\r\nContent-Length: 2\r\nTransfer-Encoding: chunked',
    400,
  ],
  ['no HTTP at all', '\u0016\u0003\u0001 hello', 400],
  ['a header of 20 KiB', `GET / HTTP/1.1\r\nHost: 127.0.0.1:P\r\nX: ${'a'.repeat(20_000)}`, 400],
])('%s', async (_attack, head, status) => {
  const host = await startTestHost();
  const answer = await sendRaw(host.port, `${head.replaceAll(':P', `:${host.port}`)}\r\nConnection: close\r\n\r\n`);
  // A CONNECT is not answered at all: Node closes what nobody listens for.
  expect(answer.split(' ', 2)[1] ?? '0').toBe(String(status));
  expect(answer).not.toContain('<title>');
  const well = await fetch(`${host.url}/healthz`);
  expect(well.status).toBe(200);
});

test('who has connected and not asked yet is left without an answer, which would be taken for that to what comes next', async () => {
  const host = await startTestHost();
  const silent = connect(host.port, '127.0.0.1');
  const begun = connect(host.port, '127.0.0.1').setEncoding('latin1');
  begun.write('GET / HTTP/1.1\r\nHost: ');
  const [nothing, refusal] = await Promise.all([buffer(silent), text(begun)]);
  expect(nothing.length).toBe(0);
  expect(refusal).toMatch(/^HTTP\/1\.1 408 /);
});

test('a peer that resets in the middle of an upgrade leaves the server alive', async () => {
  const host = await startTestHost();
  for (let i = 0; i < 20; i++) {
    const socket = connect(host.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`GET /api HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nOrigin: ${host.url}\r\n${SOCKET}\r\n\r\n`);
    socket.resetAndDestroy();
  }
  expect((await fetch(`${host.url}/healthz`)).status).toBe(200);
});
