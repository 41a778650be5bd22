// Serves one role over HTTP: identity of the request, bounded body, faults, metrics, one log line an exchange.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
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
  const server = createServer((request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    void serve(serving, request, response);
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  // Longer than the gateway's own keep-alive, so that the side that reuses connections is the side that closes them.
  server.keepAliveTimeout = 65_000;
  return server;
}

async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = parseTarget(request.url);
  if (url === null) return send(response, refuse(400, 'bad-target', 'the request target is not a path'), '');
  const exchange: Exchange = { method: request.method ?? 'GET', url, ...identify(request), route: 'unmatched' };
  const isQuiet = serving.quiet.has(url.pathname);
  if (!isQuiet) record(serving, exchange, response);
  const fault = parseFault(url.searchParams, serving.faultsAllowed && !isQuiet);
  if (fault.delayMs > 0) await delay(fault.delayMs);
  const reply =
    fault.status === null
      ? await answerSafely(serving, request, exchange)
      : refuse(fault.status, 'fault-asked-for', `this status was asked for with ?status=${fault.status}`);
  const said = fault.said === null ? {} : { 'x-gatehouse-fault': fault.said };
  send(response, { ...reply, headers: { ...reply.headers, ...said } }, exchange.requestId);
}

/** Counts and logs the exchange when it is over. */
function record({ log, metrics }: Serving, exchange: Exchange, response: ServerResponse): void {
  const startedAt = performance.now();
  response.once('close', () => {
    const ms = performance.now() - startedAt;
    const { method, route } = exchange;
    metrics.observe({ method, route, status: response.statusCode, seconds: ms / 1000 });
    logExchange(log, exchange, response, ms);
  });
}

async function answerSafely(serving: Serving, request: IncomingMessage, exchange: Exchange): Promise<Reply> {
  try {
    return await answer(serving, request, exchange);
  } catch (error) {
    const { requestId, url } = exchange;
    serving.log('error', 'handler failed', { error: String(error), path: url.pathname, request_id: requestId });
    return refuse(500, 'handler-failed', `${serving.service.name} could not answer; its log has request ${requestId}`);
  }
}

async function answer({ service, metrics }: Serving, request: IncomingMessage, exchange: Exchange): Promise<Reply> {
  const { method, url } = exchange;
  if (url.pathname === '/metrics' && method === 'GET') {
    const headers = { 'content-type': metrics.registry.contentType };
    return { status: 200, headers, body: await metrics.registry.metrics() };
  }
  if (url.pathname === '/') return ok(describe(service));
  const match = matchRoute(service.routes, method, url.pathname);
  if (match.kind === 'none') {
    return refuse(404, 'no-such-path', `${service.name} has no path ${url.pathname}; GET / lists those it has`);
  }
  if (match.kind === 'wrongMethod') {
    const allowed = match.allowed.join(', ');
    const reply = refuse(405, 'method-not-allowed', `${url.pathname} takes ${allowed}`);
    return { ...reply, headers: { ...reply.headers, allow: allowed } };
  }
  exchange.route = match.route.path;
  const body = await readBody(request);
  if (body === null) return refuse(413, 'body-too-large', `the body is larger than ${BODY_LIMIT_BYTES} bytes`);
  return match.route.handle({
    method,
    path: url.pathname,
    params: match.params,
    query: url.searchParams,
    contentType: request.headers['content-type'] ?? '',
    body,
    authorization: request.headers.authorization,
  });
}

function describe(service: Service) {
  return {
    service: service.name,
    health: service.healthPath,
    metrics: '/metrics',
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
