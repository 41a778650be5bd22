import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startUpstream } from './fixture.ts';
import { PROGRAM_TEST_MS, portOf, startProgram } from './program.ts';
import { needsRedis, startRedis } from './redisServer.ts';
import { ask } from './request.ts';

/** What nginx does with three replicas, and nothing else: the next request goes to the next one. */
async function startRoundRobin(ports: readonly number[]): Promise<number> {
  let next = 0;
  const balancer = createServer((req, res) => {
    const port = ports[next++ % ports.length] ?? 0;
    const headers = { ...req.headers, 'x-forwarded-for': '203.0.113.7' };
    const outgoing = request({ host: '127.0.0.1', port, path: req.url, method: req.method, headers, agent: false });
    outgoing.on('response', (response) => {
      res.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(res);
    });
    outgoing.on('error', () => res.destroy());
    req.pipe(outgoing);
  });
  await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void balancer.close());
  return (balancer.address() as AddressInfo).port;
}

test(
  'three gateways as processes, behind one address, admit together what the quota says and no more',
  async (context) => {
    needsRedis(context);
    const redis = await startRedis();
    let reached = 0;
    const upstream = await startUpstream((_req, res) => {
      reached += 1;
      res.end('reached');
    });
    const yaml = `
version: 1
listen: { host: 127.0.0.1, port: 0 }
upstreams: { app: { url: "http://127.0.0.1:${upstream.port}" } }
routes: [{ id: app, paths: [/app], upstream: app, limits: [quota] }]
trustedProxies: [127.0.0.0/8]
limits:
  redis: { url: "${redis.url}", timeoutMs: 5000 }
  policies: { quota: { by: [ip], rate: 30, perSeconds: 3600 } }
`;
    const programs = [1, 2, 3].map((number) => startProgram(yaml, ['--name', `gateway-${number}`]));
    const ports = await Promise.all(programs.map(portOf));
    const sharedOn = async (port: number) =>
      (await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).includes('limit_store{state="shared"} 1');
    await expect.poll(async () => (await Promise.all(ports.map(sharedOn))).every(Boolean)).toBe(true);

    const edge = await startRoundRobin(ports);
    const answers = await Promise.all(Array.from({ length: 90 }, () => ask(edge, '/app')));
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(200), count(429)]).toEqual([30, 60]);
    expect(reached).toBe(30);
  },
  PROGRAM_TEST_MS,
);
