import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHttpGate, type GateResult } from './httpGate.ts';

const head = (lines: readonly string[], first = 'GET / HTTP/1.1') => `${[first, ...lines].join('\r\n')}\r\n\r\n`;
const host = 'Host: 127.0.0.1:15672';

/** What passes in the end, and why it stops. */
function run(pieces: readonly (string | Buffer)[], allowed: readonly string[] = []) {
  const gate = createHttpGate(allowed);
  const results: GateResult[] = pieces.map((piece) => gate.push(Buffer.from(piece as string, 'latin1')));
  const passed = Buffer.concat(results.map(({ pass }) => pass)).toString('latin1');
  return { passed, refusal: results.find(({ refusal }) => refusal)?.refusal ?? null, gate };
}

test.each([
  'localhost',
  'localhost:8080',
  'LOCALHOST.:1',
  'rabbit.localhost:1',
  '127.0.0.1:9',
  '127.8.9.10',
  '[::1]:15672',
  'Prometheus:9090',
])('addressed to %s it passes', (name) => {
  const request = head([`Host: ${name}`]);
  expect(run([request], ['prometheus'])).toMatchObject({ passed: request, refusal: null });
});

test.each([
  'attacker.example:15672',
  'localhost.attacker.example',
  '127.0.0.1.attacker.example',
  'xlocalhost',
  '192.168.0.7:15672',
  '0.0.0.0:15672',
  '[::ffff:127.0.0.1]:1',
  'rabbitmq:15672',
  '',
])('a page that was rebound to %j does not pass', (name) => {
  const { passed, refusal } = run([head([`Host: ${name}`])]);
  expect(passed).toBe('');
  expect(refusal?.reason).toContain('no name of this machine');
  expect(refusal?.answer.toString()).toMatch(/^HTTP\/1\.1 403 .*text\/plain.*nosniff/s);
});

test('the second request of a connection is looked at like the first, behind each kind of body', () => {
  const bodies = [
    `${head([host, 'Content-Length: 5'], 'POST / HTTP/1.1')}GET /`,
    `${head([host, 'Transfer-Encoding: chunked'], 'POST / HTTP/1.1')}3;x=1\r\nabc\r\n0\r\nA: b\r\n\r\n`,
    head([host]),
  ];
  for (const first of bodies) {
    const { passed, refusal } = run([first + head(['Host: attacker.example'])]);
    expect(passed).toBe(first);
    expect(refusal?.reason).toContain('attacker.example');
  }
});

const crossSite = ['Sec-Fetch-Site: cross-site'];
const navigation = ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
test.each([
  ['a fetch', [...crossSite, 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: empty'], 'GET / HTTP/1.1'],
  ['a form that is sent', [...crossSite, ...navigation], 'POST / HTTP/1.1'],
  ['a frame', [...crossSite, 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe'], 'GET / HTTP/1.1'],
  ['a browser without fetch metadata', ['Origin: https://attacker.example'], 'POST / HTTP/1.1'],
  ['a page without an origin', ['Origin: null'], 'POST / HTTP/1.1'],
  ['a WebSocket', ['Origin: https://attacker.example', 'Upgrade: websocket'], 'GET / HTTP/1.1'],
])('from another site %s does not pass', (_name, lines, first) => {
  expect(run([head([host, ...lines], first)])).toMatchObject({
    passed: '',
    refusal: { reason: 'a page of another site has sent it' },
  });
});

test.each([
  ['a link that is followed', [...crossSite, ...navigation]],
  ['its own pages', ['Sec-Fetch-Site: same-origin', 'Origin: http://127.0.0.1:15672']],
  ['its own pages, in an old browser', ['Origin: http://localhost:15672']],
  ['an address that is typed', ['Sec-Fetch-Site: none']],
])('%s passes', (_name, lines) => {
  expect(run([head([host, ...lines])]).refusal).toBeNull();
});

test.each([
  ['two hosts', [host, 'Host: attacker.example']],
  ['a length and chunks', [host, 'Content-Length: 3', 'Transfer-Encoding: chunked']],
  ['two lengths', [host, 'Content-Length: 3', 'Content-Length: 4']],
  ['a coding of its own', [host, 'Transfer-Encoding: xchunked']],
  ['a folded line', [host, 'X: a', ' Host: b']],
  ['a space before the colon', [host, 'Host : attacker.example']],
])('what could be read in two ways does not pass: %s', (_name, lines) => {
  expect(run([head(lines)])).toMatchObject({ passed: '', refusal: expect.anything() });
});

test('after an upgrade everything passes', () => {
  const upgrade = head([host, 'Connection: upgrade', 'Upgrade: websocket']);
  expect(run([upgrade, '\x81\x05Hello', head(['Host: attacker.example'])]).refusal).toBeNull();
});

test.each([
  ['Redis', '*1\r\n$4\r\nPING\r\n'],
  ['Redis, typed', 'PING\r\n'],
  ['Postgres', '\x00\x00\x00\x08\x04\xd2\x16\x2f'],
  ['AMQP', 'AMQP\x00\x00\x09\x01'],
  ['TLS', '\x16\x03\x01\x02'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
])('what is no HTTP/1 passes as it is: %s', (_name, bytes) => {
  expect(run([bytes])).toMatchObject({ passed: bytes, refusal: null, gate: { isHttp: false } });
});

test('half of a first line is held, and passed when no more comes', () => {
  const { passed, gate } = run(['PING']);
  expect(passed).toBe('');
  expect(gate.isHolding).toBe(true);
  expect(gate.release().toString()).toBe('PING');
  expect(gate.isHolding).toBe(false);
});

test('requests pass byte for byte, in whatever pieces they come', () => {
  const body = fc.oneof(
    fc.constant(head([host])),
    fc
      .string({ unit: 'binary-ascii' })
      .map((text) => `${head([host, `Content-Length: ${text.length}`], 'PUT /a HTTP/1.1')}${text}`),
    fc.array(fc.string({ unit: 'binary-ascii', minLength: 1 })).map((parts) => {
      const chunks = parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('');
      return `${head([host, 'Transfer-Encoding: chunked'], 'POST /b HTTP/1.1')}${chunks}0\r\n\r\n`;
    }),
  );
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 4 }), fc.array(fc.nat(200)), (requests, cuts) => {
      const text = requests.join('');
      const edges = [...new Set([0, ...cuts.map((cut) => cut % text.length), text.length])].toSorted((a, b) => a - b);
      const pieces = edges.slice(1).map((edge, index) => text.slice(edges[index], edge));
      expect(run(pieces)).toMatchObject({ passed: text, refusal: null });
      expect(run([...pieces, head(['Host: attacker.example'])])).toMatchObject({
        passed: text,
        refusal: expect.anything(),
      });
    }),
  );
});
