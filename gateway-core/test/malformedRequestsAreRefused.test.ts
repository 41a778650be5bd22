import { expect, test } from 'vitest';
import { startGateway, startUpstream } from './fixture.ts';
import { exchangeRaw, openRawSocket } from './rawSocket.ts';

const HOST = 'Host: shop\r\n';
const END = 'Connection: close\r\n\r\n';

/** Each is sent as it is; the upstream must never see any of them. */
const attacks: [name: string, bytes: string, status: number][] = [
  [
    'Content-Length and Transfer-Encoding',
    `POST /app HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'Transfer-Encoding and Content-Length',
    `POST /app HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'two Content-Lengths that differ',
    `POST /app HTTP/1.1\r\n${HOST}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
    400,
  ],
  [
    'two Content-Lengths alike',
    `POST /app HTTP/1.1\r\n${HOST}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
    400,
  ],
  ['a list as Content-Length', `POST /app HTTP/1.1\r\n${HOST}Content-Length: 5, 5\r\n\r\nhello`, 400],
  ['a signed Content-Length', `POST /app HTTP/1.1\r\n${HOST}Content-Length: +5\r\n\r\nhello`, 400],
  ['a negative Content-Length', `POST /app HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`, 400],
  ['a hexadecimal Content-Length', `POST /app HTTP/1.1\r\n${HOST}Content-Length: 0x5\r\n\r\nhello`, 400],
  [
    'Transfer-Encoding gzip, chunked',
    `POST /app HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'Transfer-Encoding chunked twice',
    `POST /app HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'two Transfer-Encodings',
    `POST /app HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['Transfer-Encoding identity', `POST /app HTTP/1.1\r\n${HOST}Transfer-Encoding: identity\r\n\r\n`, 400],
  [
    'an obfuscated Transfer-Encoding',
    `POST /app HTTP/1.1\r\n${HOST}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['Transfer-Encoding in quotes', `POST /app HTTP/1.1\r\n${HOST}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`, 400],
  ['Transfer-Encoding on HTTP/1.0', `POST /app HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['a space before the colon', `POST /app HTTP/1.1\r\n${HOST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, 400],
  ['a folded field (obs-fold)', `GET /app HTTP/1.1\r\n${HOST}X-A: one\r\n two\r\n${END}`, 400],
  ['a bare LF after a field', `GET /app HTTP/1.1\r\n${HOST}X-A: one\nX-B: two\r\n${END}`, 400],
  ['a bare CR in a field', `GET /app HTTP/1.1\r\n${HOST}X-A: one\rX-B: two\r\n${END}`, 400],
  ['a NUL in a field', `GET /app HTTP/1.1\r\n${HOST}X-A: a\0b\r\n${END}`, 400],
  [
    'a bare LF in the chunked body',
    `POST /app HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n`,
    400,
  ],
  [
    'a chunk size that is not hexadecimal',
    `POST /app HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n`,
    400,
  ],
  ['several Hosts', `GET /app HTTP/1.1\r\n${HOST}Host: other\r\n${END}`, 400],
  ['no Host', `GET /app HTTP/1.1\r\n${END}`, 400],
  ['a Host with a path', `GET /app HTTP/1.1\r\nHost: shop/evil\r\n${END}`, 400],
  ['a Host with a user', `GET /app HTTP/1.1\r\nHost: shop@evil\r\n${END}`, 400],
  ['another host in the target', `GET http://other/app HTTP/1.1\r\n${HOST}${END}`, 400],
  ['a target without a slash', `GET app HTTP/1.1\r\n${HOST}${END}`, 400],
  ['the target * for another method than OPTIONS', `GET * HTTP/1.1\r\n${HOST}${END}`, 400],
  ['a space in the target', `GET /app /x HTTP/1.1\r\n${HOST}${END}`, 400],
  ['HTTP/0.9', 'GET /app\r\n\r\n', 505],
  ['HTTP/2 in plain', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['TLS on the plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['header fields beyond the limit', `GET /app HTTP/1.1\r\n${HOST}X-A: ${'a'.repeat(20_000)}\r\n${END}`, 431],
  ['a dot segment', `GET /app/../secret HTTP/1.1\r\n${HOST}${END}`, 400],
  ['an encoded dot segment', `GET /app/%2e%2e/secret HTTP/1.1\r\n${HOST}${END}`, 400],
  ['TRACE', `TRACE /app HTTP/1.1\r\n${HOST}${END}`, 405],
  ['CONNECT', `CONNECT app:80 HTTP/1.1\r\n${HOST}${END}`, 405],
  ['an unknown expectation', `POST /app HTTP/1.1\r\n${HOST}Expect: magic\r\nContent-Length: 0\r\n${END}`, 417],
  [
    'a WebSocket upgrade with a body',
    `GET /app HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nContent-Length: 3\r\n\r\nabc`,
    400,
  ],
  [
    'a WebSocket upgrade without a key',
    `GET /app HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    400,
  ],
  [
    'a WebSocket upgrade of an unknown version',
    `GET /app HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 777\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    400,
  ],
];

test('every malformed request is refused and the gateway lives on', async () => {
  let whole = 0;
  // The upstream may see the beginning of a request whose chunked body turns out to be malformed, but never its end.
  const upstream = await startUpstream((req, res) => {
    req.on('error', () => undefined).resume();
    req.on('end', () => {
      whole += 1;
      res.end('reached');
    });
  });
  const { port, admin } = await startGateway({ upstreamPort: upstream.port });
  const answers = await Promise.all(
    attacks.map(async ([name, bytes]) => [name, statusOf(await exchangeRaw(port, Buffer.from(bytes, 'latin1')))]),
  );
  expect(answers).toEqual(attacks.map(([name, , status]) => [name, status]));
  expect(whole).toBe(0);

  expect((await fetch(`http://127.0.0.1:${port}/app`)).status).toBe(200);
  expect(await admin('/stats')).toMatchObject({ inFlight: 0 });
});

test('a refusal by the parser is problem+json too', async () => {
  const upstream = await startUpstream((_req, res) => res.end());
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const answer = await exchangeRaw(port, `GET /app HTTP/1.1\r\n${HOST}X-A: one\r\n two\r\n${END}`);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toContain('content-type: application/problem+json');
  expect(JSON.parse(body)).toMatchObject({
    code: 'bad-request',
    status: 400,
    type: 'urn:gatehouse:problem:bad-request',
  });
});

test('a request is not read out of the rest of a refused body', async () => {
  const seen: string[] = [];
  const upstream = await startUpstream((req, res) => {
    seen.push(req.url ?? '');
    res.end('ok');
  });
  const { port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: 'defaults: { bodyLimitBytes: 10 }',
  });
  const smuggled = 'GET /app/smuggled HTTP/1.1\r\nHost: shop\r\n\r\n';
  const raw = await openRawSocket(port);
  raw.send(`POST /app HTTP/1.1\r\n${HOST}Content-Length: ${smuggled.length + 4000}\r\n\r\n${smuggled}`);
  const answer = await raw.closed();
  expect(statusOf(answer)).toBe(413);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(seen).toEqual([]);
});

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}
