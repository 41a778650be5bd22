// nginx of this machine with the log format, the limit and the proxying of the platform's own configuration.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseAccessLine } from '../accessLine.ts';
import { compareEdge } from '../compareEdge.ts';

const program = '/usr/sbin/nginx';
const withNginx = test.skipIf(!existsSync(program));
const platform = fileURLToPath(new URL('../../../../resources/platform/nginx/nginx.conf', import.meta.url));
const logFormat = /log_format edge [^;]+;/.exec(readFileSync(platform, 'utf8'))?.[0] ?? '';

let nginx: ChildProcess | undefined;
let gateway: Server;
let origin: string;
let folder: string;
const answered = new Map<string, number>();

beforeAll(async () => {
  if (!existsSync(program)) return;
  folder = mkdtempSync(join(tmpdir(), 'gh-'));
  gateway = createServer((request, response) => {
    const status = request.url === '/fails' ? 500 : 200;
    answered.set(String(request.headers['x-request-id']), status);
    response.writeHead(status).end('answer');
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const [edgePort, deadPort] = [await freePort(), await freePort()];
  origin = `http://127.0.0.1:${edgePort}`;
  const { port } = gateway.address() as AddressInfo;
  writeFileSync(join(folder, 'nginx.conf'), toConfig({ edgePort, deadPort, gatewayPort: port }));
  nginx = spawn(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'ignore' });
  await vi.waitFor(() => fetch(`${origin}/own`), { timeout: 20_000, interval: 50 });
}, 30_000);

afterAll(async () => {
  nginx?.kill('SIGTERM');
  gateway?.closeAllConnections();
  gateway?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

interface Ports {
  edgePort: number;
  deadPort: number;
  gatewayPort: number;
}

function toConfig({ edgePort, deadPort, gatewayPort }: Ports): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
  return `daemon off; master_process off; pid nginx.pid; error_log error.log warn;
events { worker_connections 64; }
http {
  ${temporary.join(' ')}
  ${logFormat}
  access_log edge.log edge;
  access_log combined.log combined;
  limit_req_zone $binary_remote_addr zone=one:1m rate=1r/m;
  limit_req_status 429;
  server {
    listen 127.0.0.1:${edgePort};
    location = /own { return 200 'own'; }
    location = /limited { limit_req zone=one; proxy_pass http://127.0.0.1:${gatewayPort}; proxy_set_header X-Request-Id $request_id; }
    location = /dead { proxy_pass http://127.0.0.1:${deadPort}; }
    location / { proxy_pass http://127.0.0.1:${gatewayPort}; proxy_set_header X-Request-Id $request_id; }
  }
}
`;
}

async function freePort(): Promise<number> {
  const server = createTcp();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const linesOf = (name: string) => readFileSync(join(folder, name), 'utf8').trim().split('\n').map(parseAccessLine);

withNginx('what it refuses, cannot forward, answers itself and passes on is told apart (needs nginx)', async () => {
  const paths = ['/fine?token=secret', '/fails', '/dead', '/limited', '/limited', '/with%22quote'];
  const statuses: number[] = [];
  for (const path of paths) statuses.push((await fetch(`${origin}${path}`)).status);
  expect(statuses).toEqual([200, 500, 502, 200, 429, 200]);
  const records = await vi.waitFor(
    () => {
      const own = linesOf('edge.log').filter((record) => record?.path !== '/own');
      expect(own).toHaveLength(paths.length);
      return own.filter((record) => record !== undefined);
    },
    { timeout: 15_000 },
  );
  expect(records.map(({ path, status }) => [path, status])).toEqual([
    ['/fine', 200],
    ['/fails', 500],
    ['/dead', 502],
    ['/limited', 200],
    ['/limited', 429],
    ['/with"quote', 200],
  ]);
  expect(records.map(({ wentUpstream, isLimited }) => [wentUpstream, isLimited]).slice(2, 5)).toEqual([
    [true, false],
    [true, false],
    [false, true],
  ]);
  for (const { ms, protocol, requestId, host } of records) {
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(protocol).toBe('plain');
    expect(host).toBe('127.0.0.1');
    expect(requestId).toMatch(/^[0-9a-f]{32}$/);
  }
  const own = linesOf('edge.log').find((record) => record?.path === '/own');
  expect(own).toMatchObject({ wentUpstream: false, upstreamMs: null });
  expect(
    compareEdge({ records: own ? [...records, own] : records, answered, failedHandshakes: 0, lost: 0 }),
  ).toMatchObject({
    verdict: 'gateway-unreachable',
    edge: 7,
    matched: 4,
    differ: 0,
    gatewayUnreachable: 1,
    refusedByLimits: 1,
    answeredByEdge: 1,
    notSeen: 0,
  });
});

withNginx('its combined format says status and path, and no more (needs nginx)', async () => {
  await fetch(`${origin}/combined/x?y=z`);
  await vi.waitFor(() => expect(linesOf('combined.log').at(-1)).toMatchObject({ path: '/combined/x' }), {
    timeout: 15_000,
  });
  expect(linesOf('combined.log').at(-1)).toMatchObject({
    format: 'combined',
    status: 200,
    ms: null,
    wentUpstream: null,
  });
});
