import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { startGateway, startUpstream } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';
import { ask } from './request.ts';

const YAML = `
  - id: orders
    paths: [/orders]
    upstream: app
    validate:
      - methods: [POST, PUT]
        contentTypes: [application/json, application/*, image/png]
        body:
          bufferBytes: 2000
          schema:
            type: object
            required: [items]
            additionalProperties: false
            properties:
              items: { type: array, maxItems: 5, items: { type: object, required: [sku], properties: { sku: { type: string, pattern: '^[A-Z]{3}$' } } } }
              note: { type: string, format: uuid }
      - methods: [PATCH]
        body: { required: false, depthLimit: 3, valueLimit: 5 }
`;

interface Seen {
  body: Buffer;
  headers: Record<string, unknown>;
}

async function start() {
  const seen: Seen[] = [];
  const upstream = await startUpstream((req, res) => {
    const chunks: Buffer[] = [];
    req
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        seen.push({ body: Buffer.concat(chunks), headers: req.headers });
        res.end('taken');
      });
  });
  const gateway = await startGateway({ upstreamPort: upstream.port, yaml: YAML });
  const post = (body: string | Buffer, headers: Record<string, string | string[]> = {}, method = 'POST') =>
    ask(gateway.port, '/orders', { method, body, headers: { 'content-type': 'application/json', ...headers } });
  return { ...gateway, seen, post };
}

test('a body that fits is forwarded byte for byte, with its length, even when it came in chunks', async () => {
  const { port, post, seen } = await start();
  const body = '{ "items" : [ {"sku":"ABC", "more": 1.50} ],\r\n "note":"01234567-89ab-cdef-0123-456789abcdef" }';
  expect((await post(body)).body).toBe('taken');
  const raw = await openRawSocket(port);
  raw.send(
    'POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
  );
  for (const character of body) raw.send(`1\r\n${character}\r\n`);
  raw.send('0\r\n\r\n');
  await raw.until((text) => text.includes('taken'));
  expect(seen.map(({ body: got }) => got.toString('latin1'))).toEqual([body, body]);
  for (const { headers } of seen) {
    expect([headers['content-length'], headers['transfer-encoding']]).toEqual([String(body.length), undefined]);
  }
});

test('the connection is used again after a body that was refused', async () => {
  const { port } = await start();
  const raw = await openRawSocket(port);
  const send = (body: string) =>
    raw.send(
      `POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  send('{}');
  await raw.until((text) => text.includes('request-invalid'));
  send('{"items":[]}');
  expect(await raw.until((text) => text.includes('taken'))).not.toContain('onnection: close');
});

test.each<[what: string, body: string, pointer: string, message: string]>([
  ['a missing member', '{}', '/items', 'is missing'],
  ['a wrong type', '{"items":[{"sku":7}]}', '/items/0/sku', 'must be string'],
  ['a pattern', '{"items":[{"sku":"ABC"},{"sku":"hunter2"}]}', '/items/1/sku', 'must match pattern "^[A-Z]{3}$"'],
  ['an unknown member', '{"items":[],"admin":true}', '/admin', 'is not known here'],
  ['a format', '{"items":[],"note":"hunter2"}', '/note', 'must match format "uuid"'],
  ['a member twice, which upstreams read differently', '{"items":[],"items":[]}', '/items', 'stands here twice'],
  ['__proto__', '{"items":[],"__proto__":{}}', '/__proto__', 'is a name that is not taken'],
  ['nesting', `{"items":${'['.repeat(40)}${']'.repeat(40)}}`, `/items${'/0'.repeat(31)}`, 'lies deeper than 32 levels'],
])('422 names %s by its pointer, and no value', async (_what, body, pointer, message) => {
  const { post, seen, recorded } = await start();
  const { status, headers, body: answer } = await post(body);
  expect([status, headers['content-type']]).toEqual([422, 'application/problem+json']);
  expect(JSON.parse(answer)).toMatchObject({ code: 'request-invalid', errors: [{ in: 'body', pointer, message }] });
  expect(answer).not.toContain('hunter2');
  const { stages, breaker } = await recorded((row) => row.status === 422);
  expect(stages.find(({ stage }) => stage === 'validate')).toMatchObject({ outcome: 'stop' });
  // Neither the breaker nor the upstream has heard of it.
  expect([breaker, seen]).toEqual([null, []]);
});

test('a pointer of the caller comes back cut when it is long', async () => {
  const { post } = await start();
  const { body } = await post(`{"items":[],"${'x'.repeat(1500)}":1}`);
  const [error] = (JSON.parse(body) as { errors: { pointer: string }[] }).errors;
  expect(error?.pointer).toBe(`/${'x'.repeat(199)}…`);
  expect(body.length).toBeLessThan(900);
});

test.each<[what: string, body: Buffer]>([
  ['what is not JSON', Buffer.from('{items:[]}')],
  ['what is not UTF-8', Buffer.from('{"items":[],"note":"\xff"}', 'latin1')],
  ['a byte order mark', Buffer.from('\ufeff{"items":[]}')],
  ['two documents', Buffer.from('{"items":[]}{"items":[]}')],
])('400 for %s', async (_what, body) => {
  const { post, seen } = await start();
  const { status, body: answer } = await post(body);
  expect([status, JSON.parse(answer).code, seen]).toEqual([400, 'bad-body', []]);
});

test.each<[what: string, headers: Record<string, string | string[]>, header: string, value: string]>([
  ['another type', { 'content-type': 'text/plain' }, 'accept', 'application/json, application/*, image/png'],
  ['no type at all', { 'content-type': [] }, 'accept', 'application/json, application/*, image/png'],
  ['no media type', { 'content-type': 'json' }, 'accept', 'application/json, application/*, image/png'],
  [
    'another charset',
    { 'content-type': 'application/json; charset=utf-16' },
    'accept',
    'application/json, application/*, image/png',
  ],
  ['a compressed body', { 'content-encoding': 'gzip' }, 'accept-encoding', 'identity'],
  ['a body compressed twice', { 'content-encoding': 'identity, gzip' }, 'accept-encoding', 'identity'],
])('415 for %s, with what would be taken', async (_what, headers, name, value) => {
  const { post, seen } = await start();
  const answer = await post(gzipSync('{"items":[]}'), headers);
  expect([answer.status, JSON.parse(answer.body).code]).toEqual([415, 'unsupported-media-type']);
  expect([answer.headers[name], seen]).toEqual([value, []]);
});

test('a type that is taken and is not JSON passes unchecked, as it came', async () => {
  const { post, seen } = await start();
  const body = Buffer.from('\x89PNG not json', 'latin1');
  const headers = { 'content-type': 'image/png', 'content-encoding': 'gzip' };
  expect((await post(body, headers)).status).toBe(200);
  expect(seen[0]?.body).toEqual(body);
});

test.each([
  ['a charset of utf-8', { 'content-type': 'Application/JSON; Charset="UTF-8"' }],
  ['the encoding identity', { 'content-encoding': 'identity' }],
  ['a type with the suffix of JSON', { 'content-type': 'application/order+json' }],
])('%s is nothing to refuse', async (_what, headers) => {
  const { post } = await start();
  expect((await post('{"items":[]}', headers)).status).toBe(200);
  expect((await post('[]', headers)).status).toBe(422);
});

test('a body that is needed and missing is 422, one that is not needed may be missing', async () => {
  const { port, post } = await start();
  const missing = await ask(port, '/orders', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': '0' },
  });
  expect([missing.status, JSON.parse(missing.body).errors]).toEqual([
    422,
    [{ in: 'body', pointer: '', message: 'is missing' }],
  ]);
  const chunked = await post('', { 'transfer-encoding': 'chunked' });
  expect([chunked.status, JSON.parse(chunked.body).errors]).toEqual([
    422,
    [{ in: 'body', pointer: '', message: 'is missing' }],
  ]);
  expect((await post('', { 'content-length': '0' }, 'PATCH')).status).toBe(200);
  expect((await post('', { 'transfer-encoding': 'chunked' }, 'PATCH')).status).toBe(200);
});

test('a rule without a schema takes any JSON within its bounds', async () => {
  const { post } = await start();
  const statusOf = async (body: string) => (await post(body, {}, 'PATCH')).status;
  expect([await statusOf('"text"'), await statusOf('[[[1]]]'), await statusOf('[[[[1]]]]')]).toEqual([200, 200, 422]);
  expect([await statusOf('[1,2,3,4]'), await statusOf('[1,2,3,4,5]'), await statusOf('nothing')]).toEqual([
    200, 422, 400,
  ]);
});

test('a method that no rule names is not checked', async () => {
  const { post, seen } = await start();
  expect((await post('anything', { 'content-type': 'text/plain', 'content-length': '8' }, 'DELETE')).status).toBe(200);
  expect(seen[0]?.body.toString()).toBe('anything');
});

test('more than the buffer holds is 413, announced or not', async () => {
  const { post, seen } = await start();
  const large = `{"items":[],"note":"${'x'.repeat(2_000)}"}`;
  for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
    const answer = await post(large, headers);
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([413, 'body-too-large']);
  }
  expect(seen).toEqual([]);
});
