// HTTP around the route table: bounded input, Docker's error shape, streams that end when the client goes.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { EngineError } from './engineError.ts';
import type { EngineRequest, Hijacked, Reply } from './reply.ts';
import { type RouteTable, stripVersion } from './routeTable.ts';
import { createPlainResponse, readUpgradeBody, writeUpgradeHead } from './upgrade.ts';

const PATH_LIMIT_BYTES = 8 * 1024;
const BODY_LIMIT_BYTES = 1024 * 1024;
export const API_VERSION = '1.47';

const EVERY_ANSWER = {
  'Api-Version': API_VERSION,
  Ostype: 'linux',
  'Docker-Experimental': 'false',
  Server: 'Gatehouse sandbox',
};

export interface EngineServer {
  server: Server;
  /** Closes every connection, those that have left HTTP behind too. */
  close(): Promise<void>;
}

export function createEngineServer(table: RouteTable): EngineServer {
  const upgraded = new Set<Duplex>();
  const server = createServer((request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    void serve(table, request, response);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => upgraded.delete(socket));
    void serveUpgrade(table, request, { socket, head });
  });
  // What is not HTTP at all is answered once and dropped; without a listener Node would do the same, silently.
  server.on('clientError', (_error, socket) => {
    // Nor is one answered that has not asked yet: it would take that for the answer to what it asks next.
    if (socket.writable && (socket as Socket).bytesRead > 0)
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  return {
    server,
    async close() {
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(table: RouteTable, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const reply = await answer(table, request, () => readBody(request));
  await send(request, response, reply, gone.signal).catch(() => response.destroy());
}

async function serveUpgrade(
  table: RouteTable,
  request: IncomingMessage,
  { socket, head }: { socket: Duplex; head: Buffer },
): Promise<void> {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  const reply = await answer(table, request, () =>
    readUpgradeBody(request, socket, { head, limitBytes: BODY_LIMIT_BYTES }),
  );
  if (reply.kind !== 'hijack') {
    await send(request, createPlainResponse(request, socket), reply, gone.signal).catch(() => socket.destroy());
    return;
  }
  writeUpgradeHead(socket, { 'Content-Type': reply.contentType, ...EVERY_ANSWER });
  await reply.run({ input: socket, output: socket, signal: gone.signal }).catch(() => {});
  // A client that still sends would keep the connection half open for ever.
  socket.end(() => socket.destroy());
}

/** Never rejects: an error is an answer too. */
async function answer(table: RouteTable, request: IncomingMessage, readAll: () => Promise<Buffer>): Promise<Reply> {
  try {
    return await route(table, request, readAll);
  } catch (error) {
    const known = error instanceof EngineError ? error : new EngineError(500, `sandbox: ${String(error)}`);
    return { kind: 'json', status: known.status, body: { message: known.message } };
  }
}

async function route(table: RouteTable, request: IncomingMessage, readAll: () => Promise<Buffer>): Promise<Reply> {
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
    json: async () => parseJson(await readAll()),
    body: request,
  };
  return found.route.handle(engineRequest);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) throw new EngineError(413, `the body is larger than ${BODY_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
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
  if (reply.kind === 'hijack') {
    await sendRaw(response, reply.contentType, (output) => reply.run({ input: null, output, signal }));
    return;
  }
  if (reply.kind === 'empty') {
    response.writeHead(reply.status, { ...EVERY_ANSWER, ...reply.headers }).end();
    return;
  }
  const text = reply.kind === 'json' ? `${JSON.stringify(reply.body)}\n` : reply.body;
  const type = reply.kind === 'json' ? { 'Content-Type': 'application/json' } : {};
  const length = { 'Content-Length': Buffer.byteLength(text) };
  response.writeHead(reply.status, { ...EVERY_ANSWER, ...type, ...reply.headers, ...length });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** Without an upgrade Docker answers 200 and a stream that ends with the connection; no chunks frame it. */
async function sendRaw(
  response: ServerResponse,
  contentType: string,
  run: (output: Hijacked['output']) => Promise<void>,
): Promise<void> {
  response.useChunkedEncodingByDefault = false;
  response.shouldKeepAlive = false;
  response.writeHead(200, { ...EVERY_ANSWER, 'Content-Type': contentType });
  response.flushHeaders();
  await run(response);
  response.end();
}
