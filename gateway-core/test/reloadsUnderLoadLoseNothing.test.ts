import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { repetitions } from '../../scripts/endurance.mjs';
import { loadConfig } from '../config/loadConfig.ts';
import { startGateway } from './fixture.ts';

const PER_SECOND = 500;
const RELOADS = repetitions({ usual: 30, ci: 100, soak: 3_000 });
/** One reload in 50 requests, at that rate; a busy machine takes longer, and nothing fails of it. */
const REQUESTS = 50 * RELOADS;

/** Different ones each time: other routes, limits and tap; now and then other upstreams, whose connections then end. */
function toConfig(port: number, count: number) {
  const upstream = `app${Math.floor(count / 10)}`;
  return loadConfig(`
version: 1
listen: { host: 127.0.0.1, port: 0 }
upstreams: { ${upstream}: { url: "http://127.0.0.1:${port}", timeouts: { idleMs: ${10_000 + count} } } }
routes:
  - { id: app${count % 2}, paths: [/app], upstream: ${upstream}, rewrite: { prefix: / }, bodyLimitBytes: ${1_000_000 + count} }
  - { id: more${count}, paths: [/more], upstream: ${upstream} }
tap: { capacityBytes: ${65_536 * (1 + (count % 4))}, bodyPreviewBytes: ${(count % 2) * 64} }
`);
}

/** Some answers outlive several configurations. */
const toTarget = (index: number) => `/${index}?delay=${index % 50 === 0 ? 300 : 0}`;

test(
  `${RELOADS} reloads under ${PER_SECOND} requests a second: each request gets its whole answer`,
  async () => {
    const body = 'x'.repeat(2_000);
    // Another thread: accepting connections must not wait for those who make them.
    const worker = new Worker(new URL('./echoUpstream.ts', import.meta.url));
    onTestFinished(() => void worker.terminate());
    const [upstreamPort] = (await once(worker, 'message')) as [number];
    const { gateway, port } = await startGateway({ upstreamPort });
    const agent = new Agent({ keepAlive: true, maxSockets: 256 });
    onTestFinished(() => agent.destroy());

    const ask = (index: number) =>
      new Promise<string>((resolve) => {
        const method = index % 4 === 0 ? 'POST' : 'GET';
        const outgoing = request(
          { agent, port, host: '127.0.0.1', method, path: `/app${toTarget(index)}` },
          (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (part: string) => {
              text += part;
            });
            response
              .on('end', () => resolve(`${response.statusCode} ${text}`))
              .on('error', (error) => resolve(String(error)));
          },
        );
        outgoing.on('error', (error) => resolve(String(error))).end(method === 'POST' ? body : undefined);
      });

    const wrong: string[] = [];
    const running: Promise<void>[] = [];
    let sent = 0;
    let reloads = 0;
    const began = performance.now();
    while (sent < REQUESTS) {
      // No more than is due by now, and never a burst of what a stalled machine is late with.
      const due = Math.min(REQUESTS, ((performance.now() - began) * PER_SECOND) / 1_000, sent + 50);
      for (; sent < due; sent++) {
        const index = sent;
        const wanted = `200 ${toTarget(index)} ${index % 4 === 0 ? body.length : 0}`;
        running.push(
          ask(index).then((got) => {
            if (got !== wanted) wrong.push(`${index}: ${got}`);
          }),
        );
      }
      for (; reloads < RELOADS && reloads * (REQUESTS / RELOADS) <= sent; reloads++)
        gateway.replaceConfig(toConfig(upstreamPort, reloads));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(running);
    expect(wrong).toEqual([]);
    expect(reloads).toBe(RELOADS);
  },
  60_000 + 1_000 * RELOADS,
);
