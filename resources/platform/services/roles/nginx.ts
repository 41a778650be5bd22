// Stand-in for the edge: forwards HTTP to the gateway with the rewriting of the platform's nginx. TLS, static files
// and nginx's own limits are not offered here, and the log says so.
import { randomUUID } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, type Program, type Running } from '../kit/program.ts';

const GATEWAY = { name: 'api_gateway', port: 8080 };
const TIMEOUT_MS = 60_000;
export const EDGE_HEALTH_PATH = '/nginx-health';

const REWRITES: readonly [prefix: string, replacement: string][] = [
  ['/api/backend/', '/backend/'],
  ['/api/ai/', '/ai/'],
  ['/api/auth/', '/backend/auth/'],
];

/** The path that the gateway gets, query included. */
export function rewritePath(target: string): string {
  const rule = REWRITES.find(([prefix]) => target.startsWith(prefix));
  return rule === undefined ? target : rule[1] + target.slice(rule[0].length);
}

/** RFC 9110, section 7.6.1: what concerns this connection alone is not passed on, nor what Connection names. */
export function withoutHopByHop(headers: IncomingMessage['headers']): Record<string, string | string[]> {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([
    ...named,
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ]);
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] => !dropped.has(entry[0]) && entry[1] !== undefined,
    ),
  );
}

export async function runNginx(program: Program): Promise<Running> {
  const server = createServer((request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    if (request.url === EDGE_HEALTH_PATH) return answer(response, 200, { status: 'ok', standIn: 'nginx' });
    if (/^\/(static|media)\//.test(request.url ?? '')) {
      return answer(response, 404, {
        standIn: 'nginx',
        note: 'the stand-in serves no files under /static/ and /media/',
      });
    }
    forward(program, request, response);
  });
  const address = await listen(server, program, 80);
  program.log(
    'info',
    'stand-in for nginx: forwards HTTP to api_gateway:8080; port 443 (TLS) is not offered in the sandbox',
    {
      stand_in: 'nginx',
      address: `${address.host}:${address.port}`,
    },
  );
  return {
    close() {
      server.close();
      server.closeIdleConnections();
    },
  };
}

function forward(program: Program, request: IncomingMessage, response: ServerResponse): void {
  const startedAt = performance.now();
  const peer = request.socket.remoteAddress ?? '';
  const { host, port } = program.dial(GATEWAY.name, GATEWAY.port);
  const headers = withoutHopByHop(request.headers);
  headers['x-request-id'] ??= randomUUID();
  // As proxy_add_x_forwarded_for does: the peer is appended, what came before is the client's claim.
  headers['x-forwarded-for'] = [headers['x-forwarded-for'] ?? [], peer].flat().join(', ');
  headers['x-forwarded-host'] = request.headers.host ?? '';
  headers['x-forwarded-proto'] = 'http';
  headers['x-real-ip'] = peer;
  const onward = httpRequest(
    { host, port, method: request.method, path: rewritePath(request.url ?? '/'), headers, timeout: TIMEOUT_MS },
    (answered) => {
      response.writeHead(answered.statusCode ?? 502, withoutHopByHop(answered.headers));
      answered.on('error', () => response.destroy());
      answered.pipe(response);
    },
  );
  onward.once('timeout', () => onward.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
  onward.once('error', (error) => {
    program.log('error', 'the gateway cannot be reached', { error: error.message, upstream: `${host}:${port}` });
    if (response.headersSent) response.destroy();
    else answer(response, 502, { standIn: 'nginx', code: 'gateway-unreachable', detail: error.message });
  });
  response.once('close', () => {
    if (!response.writableFinished) onward.destroy();
    const path = (request.url ?? '').split('?')[0] ?? '';
    program.log(response.statusCode >= 500 ? 'error' : 'info', `${request.method} ${path} ${response.statusCode}`, {
      method: request.method,
      path,
      status: response.statusCode,
      ms: Math.round((performance.now() - startedAt) * 100) / 100,
      request_id: String(headers['x-request-id']),
    });
  });
  request.pipe(onward);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
