// Answers for one role: who sent the request, bounded body, faults, metrics, one span and one log line an exchange.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { CallerDecision } from './callers.ts';
import { parseFault } from './faults.ts';
import type { Caller } from './identity.ts';
import type { Log } from './log.ts';
import { KNOWN_METHODS, type Metrics } from './metrics.ts';
import type { Program } from './program.ts';
import { matchRoute, ok, type Reply, type RouteMatch, refuse, type Service } from './routes.ts';
import { currentTrace, extract, inSpan, type SpanAttributes } from './tracing.ts';

export const BODY_LIMIT_BYTES = 1024 * 1024;

interface Exchange {
  method: string;
  url: URL;
  requestId: string;
  match: RouteMatch;
  /** The pattern that matched, or `unmatched`: paths themselves would be an unbounded label. */
  route: string;
  /** Why the gateway's signature did not count. */
  identityFault: string | undefined;
}

interface Serving {
  service: Service;
  program: Pick<Program, 'log' | 'metrics' | 'callers' | 'faultsAllowed'>;
  metricsApart: boolean;
  /** Paths that the engine and Prometheus ask for every few seconds, without a signature: neither logged nor counted. */
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
  program: Serving['program'],
  { metricsApart }: { metricsApart: boolean },
): Answers {
  const quiet = new Set(metricsApart ? [service.healthPath] : [service.healthPath, '/metrics']);
  const serving: Serving = { service, program, metricsApart, quiet };
  return {
    application: toListener((request, response) => serve(serving, request, response)),
    metrics: toListener((request, response) => serveMetrics(program.metrics, request, response)),
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

async function renderMetrics({ registry, render }: Metrics): Promise<Reply> {
  return { status: 200, headers: { 'content-type': registry.contentType }, body: await render() };
}

async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = parseTarget(request.url);
  if (url === null) return send(response, refuse(400, 'bad-target', 'the request target is not a path'), '');
  const exchange = toExchange(serving.service, request, url);
  if (serving.quiet.has(url.pathname)) {
    const reply = await answerSafely(serving, request, { exchange, caller: { kind: 'anonymous' } });
    return send(response, reply, exchange.requestId);
  }
  const parent = extract(request.headers);
  await inSpan(
    toSpanName(exchange),
    { kind: 'server', attributes: toSpanAttributes(exchange), parent },
    async (span) => {
      record(serving.program, exchange, response);
      const reply = await answerIdentified(serving, request, exchange);
      span.set({ 'http.response.status_code': reply.status });
      if (reply.status >= 500) span.fail(String(reply.status));
      send(response, reply, exchange.requestId);
    },
  );
}

function toExchange({ routes }: Service, request: IncomingMessage, url: URL): Exchange {
  const method = request.method ?? 'GET';
  const match = matchRoute(routes, method, url.pathname);
  const route = match.kind === 'found' ? match.route.path : 'unmatched';
  return { method, url, requestId: toRequestId(request), match, route, identityFault: undefined };
}

// https://opentelemetry.io/docs/specs/semconv/http/http-spans/, without the query: people put tokens there.

function toSpanName({ method, match, route }: Exchange): string {
  const known = KNOWN_METHODS.has(method) ? method : 'HTTP';
  return match.kind === 'found' ? `${known} ${route}` : known;
}

function toSpanAttributes({ method, url, match, route, requestId }: Exchange): SpanAttributes {
  return {
    'http.request.method': KNOWN_METHODS.has(method) ? method : '_OTHER',
    'url.scheme': 'http',
    'url.path': url.pathname,
    'gatehouse.request.id': requestId,
    ...(match.kind === 'found' ? { 'http.route': route } : {}),
  };
}

/** Counts and logs the exchange when it is over. */
function record({ log, metrics }: Serving['program'], exchange: Exchange, response: ServerResponse): void {
  const startedAt = performance.now();
  // The event comes from the connection, which is in no trace.
  const trace = currentTrace();
  response.once('close', () => {
    const ms = performance.now() - startedAt;
    const { method, route } = exchange;
    metrics.observe({ method, route, status: response.statusCode, seconds: ms / 1000 });
    logExchange(log, exchange, { response, ms, trace });
  });
}

const OPEN: CallerDecision = { kind: 'served', caller: { kind: 'anonymous' } };

async function answerIdentified(serving: Serving, request: IncomingMessage, exchange: Exchange): Promise<Reply> {
  const { service, program } = serving;
  const { match } = exchange;
  const isOpen = match.kind === 'found' && match.route.isOpen === true;
  const decision = isOpen ? OPEN : program.callers.identify(request, service.name);
  exchange.identityFault = decision.fault;
  if (decision.kind === 'refused') return decision.reply;
  const fault = parseFault(exchange.url.searchParams, program.faultsAllowed);
  if (fault.delayMs > 0) await delay(fault.delayMs);
  const reply =
    fault.status === null
      ? await answerSafely(serving, request, { exchange, caller: decision.caller })
      : refuse(fault.status, 'fault-asked-for', `this status was asked for with ?status=${fault.status}`);
  const said = fault.said === null ? {} : { 'x-gatehouse-fault': fault.said };
  return { ...reply, headers: { ...reply.headers, ...said } };
}

interface Asking {
  exchange: Exchange;
  caller: Caller;
}

async function answerSafely(serving: Serving, request: IncomingMessage, asking: Asking): Promise<Reply> {
  try {
    return await answer(serving, request, asking);
  } catch (error) {
    const { requestId, url } = asking.exchange;
    serving.program.log('error', 'handler failed', {
      error: String(error),
      path: url.pathname,
      request_id: requestId,
    });
    return refuse(500, 'handler-failed', `${serving.service.name} could not answer; its log has request ${requestId}`);
  }
}

async function answer(serving: Serving, request: IncomingMessage, { exchange, caller }: Asking): Promise<Reply> {
  const { service, program, metricsApart } = serving;
  const { method, url, match, requestId } = exchange;
  if (!metricsApart && url.pathname === '/metrics' && method === 'GET') return renderMetrics(program.metrics);
  if (url.pathname === '/') return ok(describe(serving));
  if (match.kind === 'none') {
    return refuse(404, 'no-such-path', `${service.name} has no path ${url.pathname}; GET / lists those it has`);
  }
  if (match.kind === 'wrongMethod') {
    const allowed = match.allowed.join(', ');
    const reply = refuse(405, 'method-not-allowed', `${url.pathname} takes ${allowed}`);
    return { ...reply, headers: { ...reply.headers, allow: allowed } };
  }
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
    headers: request.headers,
    caller,
    requestId,
  });
}

function describe({ service, program, metricsApart }: Serving) {
  return {
    service: service.name,
    health: service.healthPath,
    ...(metricsApart ? {} : { metrics: '/metrics' }),
    paths: service.routes.map((route) => `${route.method} ${route.path}`),
    identity: program.callers.mode,
    stores: service.describe ?? { data: 'in memory, the same at every start; nothing is stored' },
  };
}

function parseTarget(target: string | undefined): URL | null {
  // A target such as //host/path would be read as an authority, so only the path form is resolved.
  if (target === undefined || !target.startsWith('/') || target.startsWith('//')) return null;
  return URL.parse(target, 'http://service');
}

function toRequestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
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

interface Ending {
  response: ServerResponse;
  ms: number;
  trace: ReturnType<typeof currentTrace>;
}

function logExchange(log: Log, exchange: Exchange, { response, ms, trace }: Ending): void {
  const status = response.writableFinished ? response.statusCode : 499;
  const level = status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info';
  log(level, `${exchange.method} ${exchange.url.pathname} ${status}`, {
    method: exchange.method,
    path: exchange.url.pathname,
    status,
    ms: Math.round(ms * 100) / 100,
    request_id: exchange.requestId,
    trace_id: trace?.traceId,
    span_id: trace?.spanId,
    identity_fault: exchange.identityFault,
  });
}
