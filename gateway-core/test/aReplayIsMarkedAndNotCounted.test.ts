import { expect, test } from 'vitest';
import { callAdmin } from './adminCalls.ts';
import { startGateway, startUpstream } from './fixture.ts';
import { ask } from './replicas.ts';

const replay = (adminSocket: string, body: object) =>
  callAdmin(adminSocket, '/v1/replays', { method: 'POST', body: JSON.stringify(body) });

async function start() {
  const seen: { url: string | undefined; method: string | undefined; mark: unknown; body: string; host: unknown }[] =
    [];
  const upstream = await startUpstream(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += String(chunk);
    const { 'x-gatehouse-replay': mark, host } = req.headers;
    seen.push({ url: req.url, method: req.method, mark, body, host });
    res.end('ok');
  });
  return { seen, ...(await startGateway({ upstreamPort: upstream.port })) };
}

test('it passes every stage, its upstream is told, the tap shows what it repeats, and no figure has it', async () => {
  const { adminSocket, port, seen } = await start();
  await ask(port, '/app/first');
  const answer = await replay(adminSocket, {
    of: 'original-1',
    method: 'POST',
    path: '/app/x?q=1',
    body: 'once more',
    headers: [
      ['Content-Type', 'text/plain'],
      ['Connection', 'x-hop'],
      ['x-hop', '1'],
      ['Content-Length', '1'],
    ],
  });
  expect(answer.json()).toMatchObject({ status: 200, responseBytes: 2, id: expect.any(String) });
  expect(seen.at(-1)).toMatchObject({ url: '/x?q=1', method: 'POST', mark: 'original-1', body: 'once more' });

  const { id } = answer.json<{ id: string }>();
  const kept = await callAdmin(adminSocket, `/v1/exchanges/${id}`);
  expect(kept.json()).toMatchObject({ replayOf: 'original-1', route: 'app', status: 200 });
  const stats = (await callAdmin(adminSocket, '/v1/stats')).json<{ routes: { app: { requests: number } } }>();
  expect(stats.routes.app.requests).toBe(1);
  const metrics = (await ask(port, '/metrics')).body;
  expect(metrics).toMatch(/gatehouse_gateway_upstream_tries_total\{upstream="app",outcome="2xx"\} 1$/m);
  expect(metrics).not.toContain('method="POST"');
});

test('a caller who claims to be one is counted, not marked, and the upstream hears nothing of it', async () => {
  const { adminSocket, port, seen } = await start();
  const response = await fetch(`http://127.0.0.1:${port}/app/x`, { headers: { 'x-gatehouse-replay': 'original-1' } });
  await response.text();
  expect(seen.at(-1)?.mark).toBeUndefined();
  const { exchanges } = (await callAdmin(adminSocket, '/v1/exchanges')).json<{ exchanges: object[] }>();
  expect(exchanges).toMatchObject([{ replayOf: null }]);
  expect((await callAdmin(adminSocket, '/v1/stats')).json()).toMatchObject({ routes: { app: { requests: 1 } } });
});

test.each<[what: string, body: object]>([
  ['a path that is none', { of: 'a', method: 'GET', path: 'http://elsewhere/' }],
  ['a path with a line end', { of: 'a', method: 'GET', path: '/x\r\nHost: y' }],
  ['a tunnel', { of: 'a', method: 'CONNECT', path: '/x' }],
  ['more than is known', { of: 'a', method: 'GET', path: '/x', host: 'elsewhere' }],
])('%s is refused', async (_what, body) => {
  const { adminSocket, seen } = await start();
  expect((await replay(adminSocket, body)).status).toBe(400);
  expect(seen).toEqual([]);
});
