// Answers for one role: identity of the request, bounded body, faults, metrics, one log line an exchange.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { parseFault } from './faults.ts';
import type { Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { matchRoute, ok, type Reply, refuse, type Service } from './routes.ts';

export const BODY_LIMIT_BYTES = 1024 * 1024;

interface Exchange {
  method: string;
  url: URL;
  requestId: string;
  traceId: string | undefined;
  /** The pattern that matched, or `unmatched`: paths themselves would be an unbounded label. */
  route: string;
}

interface Serving {
  service: Service;
  log: Log;
  metrics: Metrics;
  faultsAllowed: boolean;
  /** Paths that are asked for every few seconds and say nothing about traffic: not logged, not counted. */
  quiet: ReadonlySet<string>;
}

export function createHttpServer(service: Service, log: Log, faultsAllowed: boolean): Server {
  const quiet = new Set([service.healthPath, '/metrics']);
  const serving: Serving = { service, log, faultsAllowed, quiet, metrics: createMetrics(service.name) };
  async function serveMetrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isAsked = request.method === 'GET' && parseTarget(request.url)?.pathname === '/metrics';
    request.resume();
    send(
      response,
      isAsked ? await renderMetrics() : refuse(404, 'no-such-path', 'this address has /metrics alone'),
      '',
    );
  }

  return { application: toListener(serve), metrics: toListener(serveMetrics) };
}

function toListener(serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>): RequestListener {
  return (request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    void serve(request, response);
  };
}

function describe(service: Service, metricsApart: boolean) {
  return {
    service: service.name,
    health: service.healthPath,
    ...(metricsApart ? {} : { metrics: '/metrics' }),
    paths: service.routes.map((route) => `${route.method} ${route.path}`),
    data: 'in memory, the same at every start; nothing is stored',
  };
}

function parseTarget(target: string | undefined): URL | null {
  // A target such as //host/path would be read as an authority, so only the path form is resolved.
  if (target === undefined || !target.startsWith('/') || target.startsWith('//')) return null;
  return URL.parse(target, 'http://service');
}

function identify(request: IncomingMessage): { requestId: string; traceId: string | undefined } {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
  const parent = request.headers.traceparent;
  // W3C Trace Context, section 3.2: version-traceid-parentid-flags.
  const traceId = typeof parent === 'string' ? /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(parent)?.[1] : undefined;
  return { requestId, traceId };
}

/** The whole body, or null when it is larger than the limit. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, reply: Reply, requestId: string): void {
  if (response.destroyed || response.headersSent) return;
  const text = typeof reply.body === 'string' ? reply.body : `${JSON.stringify(reply.body)}\n`;
  // RFC 9110, section 6.4.1: 204 and 304 carry no content.
  const bodyless = reply.status === 204 || reply.status === 304;
  const payload = Buffer.from(bodyless ? '' : text);
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    ...(requestId === '' ? {} : { 'x-request-id': requestId }),
    ...reply.headers,
    ...(bodyless ? {} : { 'content-length': payload.length }),
  });
  response.end(payload);
}

function logExchange(log: Log, exchange: Exchange, response: ServerResponse, ms: number): void {
  const status = response.writableFinished ? response.statusCode : 499;
  const level = status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info';
  log(level, `${exchange.method} ${exchange.url.pathname} ${status}`, {
    method: exchange.method,
    path: exchange.url.pathname,
    status,
    ms: Math.round(ms * 100) / 100,
    request_id: exchange.requestId,
    trace_id: exchange.traceId,
  });
}
