// A gateway on port 0 in front of real servers on port 0, closed when the test ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { GatewayConfig } from '../config/document.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import type { ExchangeDetail, ExchangeRow } from '../tap/exchangeRecord.ts';

export interface UpstreamServer {
  readonly server: Server;
  readonly port: number;
  stop(): Promise<void>;
}

/** Port 0 takes a free one. */
export async function startUpstream(listener: RequestListener, port = 0): Promise<UpstreamServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(stop);
  return { server, port: (server.address() as AddressInfo).port, stop };
}

export interface TestGateway {
  readonly gateway: Gateway;
  /** What it was started with. */
  readonly config: GatewayConfig;
  readonly port: number;
  readonly adminSocket: string;
  /** The configuration of this gateway with other YAML behind it. */
  loadYaml(yaml: string): GatewayConfig;
  /** GET on the admin API, parsed. */
  admin<T>(path: string): Promise<T>;
  /** The newest exchange that fits, once it is recorded. */
  recorded(fits: (row: ExchangeRow) => boolean): Promise<ExchangeDetail>;
}

export interface TestGatewayOptions {
  /** Port of the upstream `app`, which the route `app` at /app/* ends at. */
  readonly upstreamPort: number;
  /** More of the document, as YAML: further routes first, since it follows the route `app`. */
  readonly yaml?: string;
  /** Further upstreams, as YAML. */
  readonly upstreams?: string;
  readonly hostsFile?: string;
}

export async function startGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const { upstreamPort, yaml = '', upstreams = '', hostsFile } = options;
  const toText = (more: string) => `
version: 1
listen: { host: 127.0.0.1, port: 0 }
upstreams:
  app: { url: http://127.0.0.1:${upstreamPort} }
${upstreams}
routes:
  - { id: app, paths: [/app], upstream: app, rewrite: { prefix: / } }
${more}`;
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const config = loadConfig(toText(yaml));
  const gateway = createGateway(config, { name: 'test', hostsFile });
  onTestFinished(async () => {
    await gateway.close({ graceMs: 0 });
    rmSync(folder, { recursive: true });
  });
  const { port } = await gateway.listen();
  const adminSocket = join(folder, 'admin.sock');
  await gateway.adminListen(adminSocket);
  const admin = async <T>(path: string): Promise<T> =>
    JSON.parse((await fetchOver(adminSocket, path)).toString('utf8')) as T;
  return {
    gateway,
    config,
    port,
    adminSocket,
    loadYaml: (more) => loadConfig(toText(more)),
    admin,
    recorded: (fits) => watchUntil(adminSocket, admin, fits),
  };
}

function fetchOver(socketPath: string, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve(Buffer.concat(chunks));
    });
    outgoing.on('error', reject).end();
  });
}

/** Reads the tap's stream until a row fits, then asks for its detail. */
async function watchUntil(
  socketPath: string,
  admin: <T>(path: string) => Promise<T>,
  fits: (row: ExchangeRow) => boolean,
): Promise<ExchangeDetail> {
  const row = await new Promise<ExchangeRow>((resolve, reject) => {
    const outgoing = request({ socketPath, path: '/tap?backfill=1000', agent: false }, (response) => {
      let rest = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const { exchange } = JSON.parse(line) as { exchange?: ExchangeRow };
          if (!exchange || !fits(exchange)) continue;
          outgoing.destroy();
          resolve(exchange);
        }
      });
    });
    outgoing.on('error', reject).end();
  });
  return admin<ExchangeDetail>(`/exchanges/${row.id}`);
}

/** Looks until it holds; for conditions that nothing announces. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
