// Stand-in for the edge: forwards HTTP to the gateway as the platform's nginx.conf says, and writes the same access log.
// TLS, static files and nginx's own limits are not offered here, and the log says so.
import { randomBytes } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, type Program, type Running } from '../kit/program.ts';

const GATEWAY = { name: 'api_gateway', port: 8080 };
const TIMEOUT_MS = 60_000;
export const EDGE_HEALTH_PATH = '/nginx-health';
/** nginx's own: the client closed before there was an answer. */
const CLIENT_LEFT = 499;
/** proxy.conf: what a client may not claim. */
const DROPPED = ['x-forwarded-for', 'traceparent', 'tracestate', 'baggage', 'x-gatehouse-demo'];

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
    const visit: Visit = {
      request,
      response,
      startedAt: performance.now(),
      requestId: randomBytes(16).toString('hex'),
      bytes: 0,
      upstream: null,
    };
    response.setHeader('x-request-id', visit.requestId);
    response.once('close', () => process.stdout.write(`${JSON.stringify(toAccessLine(visit))}\n`));
    const path = pathOf(visit);
    // The gateway's own metrics are Prometheus's alone.
    if (path === '/metrics') return answer(response, 404, { standIn: 'nginx' });
    if (/^\/(static|media)\//.test(path)) {
      const note = 'the stand-in serves no files under /static/ and /media/';
      return answer(response, 404, { standIn: 'nginx', note });
    }
    forward(program, visit);
  });
  const address = await listen(server, program, 80);
  program.log(
    'info',
    'stand-in for nginx: forwards HTTP to api_gateway:8080; port 443 (TLS) and limits are not offered in the sandbox',
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

interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly startedAt: number;
  readonly requestId: string;
  bytes: number;
  upstream: { readonly address: string; status: number; answeredAt: number | null } | null;
}

/** As `log_format edge` of nginx.conf has it: the path as it was rewritten, without the query. */
function toAccessLine({ request, response, startedAt, requestId, bytes, upstream }: Visit) {
  const seconds = (until: number) => (Math.round(until - startedAt) / 1000).toFixed(3);
  return {
    time: new Date().toISOString().replace(/\.\d+Z$/, '+00:00'),
    request_id: requestId,
    method: request.method ?? '',
    host: (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase(),
    path: pathOf({ request }),
    status: response.headersSent ? response.statusCode : CLIENT_LEFT,
    bytes,
    seconds: Number(seconds(performance.now())),
    upstream: upstream?.address ?? '',
    upstream_status: upstream ? String(upstream.status || '') : '',
    upstream_seconds: upstream ? seconds(upstream.answeredAt ?? performance.now()) : '',
    limited: '',
    client: request.socket.remoteAddress ?? '',
    scheme: 'http',
    tls: '',
  };
}

const pathOf = ({ request }: Pick<Visit, 'request'>) => rewritePath(request.url ?? '/').split('?')[0] ?? '';

function forward(program: Program, visit: Visit): void {
  const { request, response } = visit;
  const { host, port } = program.dial(GATEWAY.name, GATEWAY.port);
  const upstream = { address: `${host}:${port}`, status: 0, answeredAt: null as number | null };
  visit.upstream = upstream;
  const onward = httpRequest(
    {
      host,
      port,
      method: request.method,
      path: rewritePath(request.url ?? '/'),
      headers: toForwarded(visit),
      timeout: TIMEOUT_MS,
    },
    (answered) => {
      upstream.status = answered.statusCode ?? 502;
      // The gateway's own X-Request-Id is the same as ours.
      response.writeHead(upstream.status, { ...withoutHopByHop(answered.headers), 'x-request-id': visit.requestId });
      answered.on('error', () => response.destroy());
      answered.on('data', (chunk: Buffer) => {
        visit.bytes += chunk.length;
      });
      answered.once('end', () => {
        upstream.answeredAt = performance.now();
      });
      answered.pipe(response);
    },
  );
  onward.once('timeout', () => onward.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
  onward.once('error', (error) => {
    upstream.status ||= 502;
    // A client that left is no fault of the gateway.
    if (response.destroyed) return;
    program.log('error', 'the gateway cannot be reached', { error: error.message, upstream: upstream.address });
    if (response.headersSent) response.destroy();
    else answer(response, 502, { standIn: 'nginx', code: 'edge-gateway-unreachable', request_id: visit.requestId });
  });
  response.once('close', () => {
    if (!response.writableFinished) onward.destroy();
  });
  request.pipe(onward);
}

/** This is the edge: what a client claims of itself is dropped, not appended to. */
function toForwarded({ request, requestId }: Visit): Record<string, string | string[]> {
  const headers = Object.fromEntries(
    Object.entries(withoutHopByHop(request.headers)).filter(([name]) => !DROPPED.includes(name)),
  );
  const peer = request.socket.remoteAddress ?? '';
  return {
    ...headers,
    'x-request-id': requestId,
    'x-forwarded-for': peer,
    'x-forwarded-host': request.headers.host ?? '',
    'x-forwarded-proto': 'http',
    'x-real-ip': peer,
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
