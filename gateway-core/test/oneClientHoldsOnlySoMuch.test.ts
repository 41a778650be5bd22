import { expect, test } from 'vitest';
import { eventually, startGateway, startUpstream } from './fixture.ts';
import { openRawSocket, type RawSocket } from './rawSocket.ts';
import { ask, askAs } from './request.ts';

/** Answers when it is told to. */
async function startSlowUpstream() {
  const waiting: (() => void)[] = [];
  const upstream = await startUpstream((_req, res) => void waiting.push(() => res.end('reached')));
  return { upstream, waiting };
}

test('an address gets no more connections than its cap, and each that closes makes room', async () => {
  const upstream = await startUpstream((_req, res) => res.end('reached'));
  const gateway = await startGateway({ upstreamPort: upstream.port, yaml: 'limits: { connectionsPerIp: 3 }' });
  const GET = 'GET /app HTTP/1.1\r\nHost: shop\r\n\r\n';
  const open: RawSocket[] = [];
  for (let count = 0; count < 3; count++) {
    const raw = await openRawSocket(gateway.port);
    raw.send(GET);
    await raw.until((text) => text.includes('reached'));
    open.push(raw);
  }
  const oneTooMany = await openRawSocket(gateway.port);
  oneTooMany.send(GET);
  expect(await oneTooMany.closed()).toBe('');
  expect(gateway.gateway.viewLimits().caps).toMatchObject({ connectionsPerIp: 3, refusedConnections: 1 });

  open[0]?.reset();
  await eventually(async () => {
    const raw = await openRawSocket(gateway.port);
    raw.send(GET);
    return raw
      .until((text) => text.includes('reached'))
      .then(
        () => true,
        () => false,
      );
  });
  open[1]?.send(GET);
  await open[1]?.until((text) => text.split('reached').length === 3);
});

test('a trusted proxy has no cap on connections, since it speaks for many', async () => {
  const upstream = await startUpstream((_req, res) => res.end('reached'));
  const yaml = 'trustedProxies: [127.0.0.1]\nlimits: { connectionsPerIp: 1 }';
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml });
  const held = await openRawSocket(port);
  expect((await ask(port, '/app')).status).toBe(200);
  held.reset();
});

test('a client runs no more requests at a time than its cap; others are let in, and an end makes room', async () => {
  const { upstream, waiting } = await startSlowUpstream();
  const yaml = 'trustedProxies: [127.0.0.1]\nlimits: { requestsPerIp: 2 }';
  const { port, gateway } = await startGateway({ upstreamPort: upstream.port, yaml });
  const running = [askAs(port, '203.0.113.1', '/app'), askAs(port, '203.0.113.1', '/app')];
  await eventually(() => waiting.length === 2);
  const refused = await askAs(port, '203.0.113.1', '/app');
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'too-many-running' });
  const other = askAs(port, '203.0.113.2', '/app');
  await eventually(() => waiting.length === 3);
  expect(gateway.viewLimits().caps.refusedRequests).toBe(1);

  for (const answer of waiting) answer();
  expect((await Promise.all([...running, other])).map(({ status }) => status)).toEqual([200, 200, 200]);
  const after = askAs(port, '203.0.113.1', '/app');
  await eventually(() => waiting.length === 4);
  waiting[3]?.();
  expect((await after).status).toBe(200);
});

test('whoever leaves in the middle makes room too', async () => {
  const { upstream, waiting } = await startSlowUpstream();
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: 'limits: { requestsPerIp: 1 }' });
  for (let count = 1; count <= 5; count++) {
    let raw: RawSocket | undefined;
    await eventually(async () => {
      const tried = await openRawSocket(port);
      raw = tried;
      tried.send('GET /app HTTP/1.1\r\nHost: shop\r\n\r\n');
      await eventually(() => waiting.length === count || tried.received().includes(' 429 '));
      return waiting.length === count;
    });
    raw?.reset();
  }
});

test('what a policy refuses holds nothing', async () => {
  const { upstream, waiting } = await startSlowUpstream();
  const yaml = `
trustedProxies: [127.0.0.1]
defaults: { limits: [one] }
limits: { requestsPerIp: 1, policies: { one: { by: [ip], rate: 1, perSeconds: 3600 } } }`;
  const { port, gateway } = await startGateway({ upstreamPort: upstream.port, yaml });
  const first = askAs(port, '203.0.113.1', '/app');
  await eventually(() => waiting.length === 1);
  waiting[0]?.();
  expect((await first).status).toBe(200);
  for (let count = 0; count < 3; count++)
    expect(JSON.parse((await askAs(port, '203.0.113.1', '/app')).body)).toMatchObject({ code: 'rate-limited' });
  await gateway.resetLimit('one', 'ip=203.0.113.1');
  const again = askAs(port, '203.0.113.1', '/app');
  await eventually(() => waiting.length === 2);
  waiting[1]?.();
  expect((await again).status).toBe(200);
});
