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
  metricsApart: boolean;
  /** Paths that are asked for every few seconds and say nothing about traffic: not logged, not counted. */
  quiet: ReadonlySet<string>;
}

export interface Answers {
  application: RequestListener;
  /** Nothing but /metrics. */
  metrics: RequestListener;
}

/** With `metricsApart` the application has no /metrics: the gateway would pass it on to the world. */
export function createAnswers(
  service: Service,
  { log, faultsAllowed }: { log: Log; faultsAllowed: boolean },
  { metricsApart }: { metricsApart: boolean },
): Answers {
  const quiet = new Set([service.healthPath, '/metrics']);
  const metrics = createMetrics(service.name);
  const serving: Serving = { service, log, faultsAllowed, metricsApart, quiet, metrics };
  return {
    application: toListener((request, response) => serve(serving, request, response)),
    metrics: toListener((request, response) => serveMetrics(metrics, request, response)),
  };
}

function toListener(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>): RequestListener {
  return (request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    void answer(request, response);
  };
}

async function serveMetrics(metrics: Metrics, request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume();
  const isAsked = request.method === 'GET' && parseTarget(request.url)?.pathname === '/metrics';
  const reply = isAsked
    ? await renderMetrics(metrics)
    : refuse(404, 'no-such-path', 'this address has GET /metrics alone');
  send(response, reply, '');
}

async function renderMetrics({ registry }: Metrics): Promise<Reply> {
  return { status: 200, headers: { 'content-type': registry.contentType }, body: await registry.metrics() };
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

async function answer(serving: Serving, request: IncomingMessage, exchange: Exchange): Promise<Reply> {
  const { service, metrics, metricsApart } = serving;
  const { method, url } = exchange;
  if (!metricsApart && url.pathname === '/metrics' && method === 'GET') return renderMetrics(metrics);
  if (url.pathname === '/') return ok(describe(serving));
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

function describe({ service, metricsApart }: Serving) {
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
