// HTTP around the route table: bounded input, Docker's error shape, streams that end when the client goes.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { EngineError } from './engineError.ts';
import type { EngineRequest, Reply } from './reply.ts';
import { type RouteTable, stripVersion } from './routeTable.ts';

const PATH_LIMIT_BYTES = 8 * 1024;
const BODY_LIMIT_BYTES = 1024 * 1024;
export const API_VERSION = '1.47';

const EVERY_ANSWER = {
  'Api-Version': API_VERSION,
  Ostype: 'linux',
  'Docker-Experimental': 'false',
  Server: 'Gatehouse sandbox',
};

export function createEngineServer(table: RouteTable): Server {
  const server = createServer((request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    void serve(table, request, response);
  });
  // What is not HTTP at all is answered once and dropped; without a listener Node would do the same, silently.
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  return server;
}

async function serve(table: RouteTable, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const reply = await answer(table, request);
    await send(request, response, reply, gone.signal);
  } catch (error) {
    const known = error instanceof EngineError ? error : new EngineError(500, `sandbox: ${String(error)}`);
    if (response.headersSent) response.destroy();
    else
      await send(
        request,
        response,
        { kind: 'json', status: known.status, body: { message: known.message } },
        gone.signal,
      );
  }
}

async function answer(table: RouteTable, request: IncomingMessage): Promise<Reply> {
  const target = request.url ?? '/';
  if (target.length > PATH_LIMIT_BYTES) throw new EngineError(414, `the path is longer than ${PATH_LIMIT_BYTES} bytes`);
  // Split by hand: the URL parser would read //x as a host and resolve dot segments.
  const [rawPath = '/', rawQuery = ''] = target.split(/\?(.*)/s, 2);
  const path = stripVersion(rawPath);
  const method = request.method ?? 'GET';
  const found = table.find(method, path);
  if (found === undefined) {
    throw new EngineError(501, `sandbox: ${method} ${path} is not provided by the Gatehouse sandbox`);
  }
  const engineRequest: EngineRequest = {
    method,
    params: found.params,
    query: new URLSearchParams(rawQuery),
    json: () => readJson(request),
  };
  return found.route.handle(engineRequest);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) throw new EngineError(413, `the body is larger than ${BODY_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new EngineError(400, `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  signal: AbortSignal,
): Promise<void> {
  if (response.destroyed) return;
  if (reply.kind === 'stream') {
    response.writeHead(200, { ...EVERY_ANSWER, ...reply.headers });
    // The client waits for the headers before it knows that it is subscribed.
    response.flushHeaders();
    await reply.write(response, signal);
    response.end();
    return;
  }
  if (reply.kind === 'empty') {
    response.writeHead(reply.status, EVERY_ANSWER).end();
    return;
  }
  const text = reply.kind === 'json' ? `${JSON.stringify(reply.body)}\n` : reply.body;
  const headers = reply.kind === 'json' ? { 'Content-Type': 'application/json' } : reply.headers;
  response.writeHead(reply.status, { ...EVERY_ANSWER, ...headers, 'Content-Length': Buffer.byteLength(text) });
  response.end(request.method === 'HEAD' ? undefined : text);
}
