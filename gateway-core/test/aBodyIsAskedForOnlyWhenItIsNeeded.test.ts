import { expect, test } from 'vitest';
import { eventually, startGateway, startUpstream } from './fixture.ts';
import { exchangeRaw, openRawSocket } from './rawSocket.ts';
import { ask } from './request.ts';

const toYaml = (body: string, more = '') => `
  - id: orders
    paths: [/orders]
    upstream: app
    limits: [few]
    validate: [{ methods: [POST], body: { ${body} } }]
limits: { requestsPerIp: 5, policies: { few: { by: [ip], rate: 50, perSeconds: 3600 } } }
${more}`;

async function start(body = 'bufferBytes: 100000, schema: { type: object }', more = '') {
  let asked = 0;
  const upstream = await startUpstream((req, res) => {
    asked += 1;
    req.resume().on('end', () => res.end('taken'));
  });
  const gateway = await startGateway({ upstreamPort: upstream.port, yaml: toYaml(body, more) });
  const held = async () => (await gateway.admin<{ inFlight: number }>('/stats')).inFlight;
  return { ...gateway, held, asked: () => asked };
}

const HEAD = 'POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n';

test('100 Continue is sent when the body is read, once, and the answer follows it', async () => {
  const { port } = await start();
  const raw = await openRawSocket(port);
  raw.send(`${HEAD}Content-Length: 7\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`);
  await raw.until((text) => text.startsWith('HTTP/1.1 100 Continue\r\n\r\n'));
  raw.send('{"a":1}');
  const answer = await raw.closed();
  expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK[\s\S]*taken/);
  expect(answer.match(/100 Continue/g)).toHaveLength(1);
});

test.each<[what: string, fields: string, status: number]>([
  ['a type that is not taken', 'Content-Type: text/plain\r\nContent-Length: 7\r\n', 415],
  ['a body that is announced as too large', 'Content-Type: application/json\r\nContent-Length: 100001\r\n', 413],
  ['a compressed body', 'Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n', 415],
])('%s is refused without asking for the body', async (_what, fields, status) => {
  const { port, asked } = await start();
  const answer = await exchangeRaw(
    port,
    `POST /orders HTTP/1.1\r\nHost: shop\r\n${fields}Expect: 100-continue\r\n\r\n`,
  );
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect([answer.includes('100 Continue'), asked()]).toEqual([false, 0]);
});

test('what is limited is refused without asking for the body', async () => {
  const { port } = await start();
  for (let count = 0; count < 50; count++) await ask(port, '/orders');
  const answer = await exchangeRaw(port, `${HEAD}Content-Length: 7\r\nExpect: 100-continue\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 429 /);
});

test('a body that does not come in time is 408, and its connection ends', async () => {
  const { port, asked, held } = await start('timeoutMs: 50, schema: { type: object }');
  const raw = await openRawSocket(port);
  raw.send(`${HEAD}Content-Length: 7\r\n\r\n{"a"`);
  const answer = await raw.closed();
  expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*connection: close[\s\S]*"code":"request-timeout"/i);
  expect([asked(), await held()]).toEqual([0, 0]);
});

test('a caller that leaves in the middle of its body leaves nothing behind', async () => {
  const { port, gateway, asked, held, recorded } = await start();
  for (let count = 0; count < 40; count++) {
    const raw = await openRawSocket(port);
    raw.send(`${HEAD}Transfer-Encoding: chunked\r\n\r\n4000\r\n${'x'.repeat(0x4000)}\r\n`);
    await eventually(() => gateway.bufferedBytes > 0);
    if (count % 2 === 0) raw.reset();
    else raw.socket.destroy();
    await eventually(async () => gateway.bufferedBytes === 0 && (await held()) === 0);
  }
  expect(asked()).toBe(0);
  expect(await recorded((row) => row.route === 'orders')).toMatchObject({ status: null, code: null });
});

test('a body that turns out not to be HTTP leaves nothing behind either', async () => {
  const { port, gateway, asked, held } = await start();
  // One more than a client may run at a time: each gives its place back.
  for (let count = 0; count < 6; count++) {
    const answer = await exchangeRaw(port, `${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\nnonsense\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  }
  await eventually(async () => gateway.bufferedBytes === 0 && (await held()) === 0);
  expect(asked()).toBe(0);
  const headers = { 'content-type': 'application/json' };
  expect((await ask(port, '/orders', { method: 'POST', headers, body: '{}' })).status).toBe(200);
});

test('all bodies together take no more than their room: who comes then is told to come again', async () => {
  const { port, gateway } = await start(undefined, 'validation: { bufferedBytes: 65536 }');
  const first = await openRawSocket(port);
  first.send(`${HEAD}Content-Length: 60000\r\n\r\n{"a":"${'x'.repeat(50_000)}`);
  await eventually(() => gateway.bufferedBytes > 50_000);
  const body = `{"a":"${'x'.repeat(20_000)}"}`;
  const refused = await ask(port, '/orders', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
  expect(JSON.parse(refused.body).code).toBe('overloaded');
  first.reset();
  await eventually(() => gateway.bufferedBytes === 0);
  const taken = await ask(port, '/orders', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect([taken.status, gateway.bufferedBytes]).toEqual([200, 0]);
});

test('a request behind another on its connection is read and answered in its turn', async () => {
  const { port } = await start();
  const raw = await openRawSocket(port);
  const post = (body: string) => `${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`;
  raw.send(`${post('{"a":1}')}${post('[]')}${post('{"b":2}')}`);
  const answer = await raw.until((text) => text.split('taken').length === 3);
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 422', 'HTTP/1.1 200']);
});

test('a gateway that drains reads no body for its checks', async () => {
  const { port, gateway } = await start('timeoutMs: 60000, schema: { type: object }');
  const raw = await openRawSocket(port);
  raw.send(`${HEAD}Content-Length: 7\r\n\r\n{"a"`);
  await eventually(() => gateway.bufferedBytes > 0);
  const closing = gateway.close({ graceMs: 5_000 });
  raw.send(':1}');
  expect(await raw.closed()).toMatch(/^HTTP\/1\.1 (200|503) /);
  expect([await closing, gateway.bufferedBytes]).toEqual([true, 0]);
});
