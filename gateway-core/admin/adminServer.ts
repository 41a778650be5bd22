// The admin API: HTTP over a unix socket. Who may open the socket may ask everything; nothing here is on the data port.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Core } from '../exchange/core.ts';
import { buildOpenApi, OPEN_API_PATH } from './openApi.ts';
import { AdminProblem, type Body, type Operation, type Reply } from './operation.ts';
import { operations } from './operations.ts';
import { readParameters } from './parameters.ts';

export interface AdminServer {
  readonly server: Server;
  /** Ends the streams, then the socket. */
  close(): Promise<void>;
}

const VERSION = '/v1';
/** A stream holds up to a few thousand rows for its viewer. */
const MAXIMUM_CONNECTIONS = 256;

export function createAdminServer(core: Core): AdminServer {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, (req, res) => {
    res.on('error', ignore);
    req.on('error', ignore);
    handle(core, req, res).catch((error: unknown) => {
      if (!(error instanceof AdminProblem))
        core.log.error('the admin API failed', { path: req.url, reason: String(error) });
      sendProblem(res, error);
    });
  });
  server.maxConnections = MAXIMUM_CONNECTIONS;
  server.on('connection', (socket) => socket.on('error', ignore));
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        if (!server.listening) return resolve();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function ignore(): void {}

async function handle(core: Core, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(`http://admin${req.url ?? '/'}`);
  const isVersioned = url.pathname.startsWith(`${VERSION}/`);
  const path = isVersioned ? url.pathname.slice(VERSION.length) : url.pathname;
  if (isVersioned && path === OPEN_API_PATH && req.method === 'GET')
    return send(res, { json: buildOpenApi(operations) });
  const { operation, values: inPath } = findOperation(req.method ?? '', path, isVersioned);
  const values = readParameters(operation.parameters, { query: url.searchParams, path: inPath, headers: req.headers });
  const body = operation.body ? await readBody(req, operation.body) : undefined;
  const reply = await operation.handle({ core, req, values, body });
  if ('stream' in reply) reply.stream(res);
  else send(res, reply);
}

interface Found {
  readonly operation: Operation;
  readonly values: Readonly<Record<string, string>>;
}

function findOperation(method: string, path: string, isVersioned: boolean): Found {
  const allowed: string[] = [];
  for (const operation of operations) {
    if (!isVersioned && !operation.isUnversionedToo) continue;
    const values = matchPath(operation.path, path);
    if (values && operation.method === method) return { operation, values };
    if (values) allowed.push(operation.method);
  }
  const detail = `The admin API has no ${method} ${isVersioned ? VERSION : ''}${path}`;
  if (allowed.length > 0)
    throw new AdminProblem(405, 'method-not-allowed', { detail: `${detail}; it takes ${allowed.join(', ')}.` });
  throw new AdminProblem(404, 'no-such-operation', { detail: `${detail}; see ${VERSION}${OPEN_API_PATH}.` });
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? '';
    if (part.startsWith('{')) values[part.slice(1, -1)] = decode(text);
    else if (part !== text) return undefined;
  }
  return values;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const validators = new WeakMap<object, ValidateFunction>();

/** The text, or the value of a JSON body that fits its schema. */
async function readBody(req: IncomingMessage, { type, schema, limitBytes }: Body): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes)
      throw new AdminProblem(413, 'body-too-large', { detail: `The body has more than ${limitBytes} bytes.` });
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (type !== 'application/json') return text;
  const value = parseJson(text);
  if (!schema) return value;
  let validate = validators.get(schema);
  if (!validate) {
    validate = new Ajv({ strict: false }).compile(schema);
    validators.set(schema, validate);
  }
  if (validate(value)) return value;
  const [error] = validate.errors ?? [];
  throw new AdminProblem(400, 'bad-input', {
    detail: `The body${error?.instancePath.replaceAll('/', '.') ?? ''} ${error?.message ?? 'is not valid'}.`,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AdminProblem(400, 'bad-input', { detail: 'The body is not JSON.' });
  }
}

function send(res: ServerResponse, reply: Exclude<Reply, { stream: unknown }>): void {
  const [type, text] = 'json' in reply ? ['application/json', JSON.stringify(reply.json)] : [reply.type, reply.text];
  const status = 'json' in reply ? (reply.status ?? 200) : 200;
  res.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...reply.headers }).end(text);
}

function sendProblem(res: ServerResponse, error: unknown): void {
  if (res.headersSent) return void res.destroy();
  const {
    status,
    code,
    message: detail,
    more,
  } = error instanceof AdminProblem
    ? error
    : new AdminProblem(500, 'internal', { detail: 'The admin API failed; the log of the gateway says more.' });
  const body = { type: `urn:gatehouse:problem:${code}`, title: detail, status, detail, code, ...more };
  // What is left of a body that was not wanted must not be read as the next call.
  res.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' }).end(JSON.stringify(body));
}
