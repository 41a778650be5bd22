// What the host answers over plain HTTP: the console's files, /healthz and the session; everything else is on the WebSocket.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Assets } from './assets.ts';
import { allowedMethods, decide, type GuardedRequest } from './requestGuard.ts';
import { securityHeaders } from './securityHeaders.ts';
import type { Sessions } from './session.ts';

export interface HttpParts {
  readonly assets: Assets;
  readonly sessions: Sessions;
  readonly log: Logger;
  readonly version: string;
}

/** The largest body that is read: a code, or an empty object. */
const BODY_LIMIT_BYTES = 4096;
const SESSION_REMEDY = 'Run `gatehouse code` and open the URL that it prints.';

interface Failure {
  status: number;
  code: string;
  message: string;
  remedy: string;
  headers?: Record<string, string>;
}

/** The guard's view of a request. */
export function toGuarded(request: IncomingMessage, upgrade: boolean): GuardedRequest {
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    headers.push([request.rawHeaders[i] ?? '', request.rawHeaders[i + 1] ?? '']);
  }
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers,
    remoteAddress: request.socket.remoteAddress,
    port: request.socket.localPort ?? 0,
    upgrade,
  };
}

/** Answers one request. Never throws: what goes wrong is answered and logged. */
export async function answer(request: IncomingMessage, response: ServerResponse, parts: HttpParts): Promise<void> {
  const guarded = toGuarded(request, false);
  const decision = decide(guarded);
  const host = decision.allow ? decision.host : `127.0.0.1:${guarded.port}`;
  for (const [name, value] of Object.entries(securityHeaders(host))) response.setHeader(name, value);
  if (!decision.allow) {
    parts.log.warn({ code: decision.code, method: guarded.method }, 'request refused');
    fail(response, {
      status: decision.status,
      code: decision.code,
      message: `Refused: ${decision.reason}.`,
      remedy: SESSION_REMEDY,
      ...(decision.status === 405 ? { headers: { Allow: allowedMethods(pathOf(guarded.target)).join(', ') } } : {}),
    });
    return;
  }
  try {
    await route(decision.path, request, response, parts);
  } catch (error) {
    parts.log.error({ err: error, path: decision.path }, 'request failed');
    if (response.headersSent) response.destroy();
    else
      fail(response, {
        status: 500,
        code: 'internal',
        message: 'The host failed in a way that it did not expect.',
        remedy: 'Its log says more; run `gatehouse serve` in a terminal to see it.',
      });
  }
}

function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? target;
}

async function route(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  parts: HttpParts,
): Promise<void> {
  if (path === '/healthz') sendJson(response, 200, { status: 'ok', product: 'gatehouse', version: parts.version });
  else if (path === '/session') await exchangeCode(request, response, parts);
  else if (path === '/session/code') issueCode(request, response, parts);
  else sendAsset(path, request, response, parts.assets);
}

function sendAsset(path: string, request: IncomingMessage, response: ServerResponse, assets: Assets): void {
  const asset = assets.find(path);
  if (!asset) {
    fail(response, {
      status: 404,
      code: 'asset-unknown',
      message: 'There is no such file.',
      remedy: 'Reload the page; the console may have been built anew.',
    });
    return;
  }
  response.setHeader('ETag', asset.etag);
  response.setHeader('Content-Type', asset.type);
  if (asset.immutable) response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  if (isUnchanged(request.headers['if-none-match'], asset.etag)) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader('Content-Length', asset.body.length);
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : asset.body);
}

/** RFC 9110, section 13.1.2: weak comparison, any of a list. */
function isUnchanged(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

async function exchangeCode(request: IncomingMessage, response: ServerResponse, parts: HttpParts): Promise<void> {
  const body = await readJson(request);
  const code = body !== null && typeof body === 'object' && 'code' in body ? body.code : undefined;
  if (typeof code !== 'string') {
    fail(response, {
      status: 400,
      code: 'bad-input',
      message: `The body must be {"code": "XXXX-XXXX"} of at most ${BODY_LIMIT_BYTES} bytes.`,
      remedy: SESSION_REMEDY,
    });
    return;
  }
  const exchange = parts.sessions.exchangeCode(code);
  if (exchange.outcome === 'token') {
    sendJson(response, 200, { token: exchange.token });
  } else if (exchange.outcome === 'limited') {
    parts.log.warn('too many wrong codes');
    fail(response, {
      status: 429,
      code: 'too-many-tries',
      message: `Too many wrong codes; the next try is taken in ${exchange.retryAfterSeconds} s.`,
      remedy: `Wait ${exchange.retryAfterSeconds} s. ${SESSION_REMEDY}`,
      headers: { 'Retry-After': String(exchange.retryAfterSeconds) },
    });
  } else {
    fail(response, {
      status: 401,
      code: 'code-not-valid',
      message: 'This code is wrong, used up or older than ten minutes.',
      remedy: SESSION_REMEDY,
    });
  }
}

/** Only the command line may hand out codes: a window's token must not multiply. */
function issueCode(request: IncomingMessage, response: ServerResponse, { sessions }: HttpParts): void {
  request.resume();
  const token = /^Bearer ([\w-]{1,100})$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined || sessions.findCaller(token) !== 'cli') {
    fail(response, {
      status: 401,
      code: 'unauthenticated',
      message: 'Only the command line of the same user may ask for a code.',
      remedy: SESSION_REMEDY,
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
    return;
  }
  sendJson(response, 200, { code: sessions.issueCode() });
}

/** The body as JSON; undefined when it is none or too large. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function fail(response: ServerResponse, { status, code, message, remedy, headers = {} }: Failure): void {
  // What was refused is not read to its end, so the connection cannot be used again.
  response.setHeader('Connection', 'close');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendJson(response, status, { code, message, remedy }, 'application/problem+json');
}

function sendJson(response: ServerResponse, status: number, value: unknown, type = 'application/json'): void {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': body.length });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
