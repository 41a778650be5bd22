// The admin API: HTTP over a unix socket. Who may open the socket may ask everything; nothing here is on the data port.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Core } from '../exchange/core.ts';
import { buildRouteTable } from '../routes/routeTable.ts';
import { explain } from '../stages/explain.ts';
import type { BreakerAnswer } from '../stages/stage.ts';
import { parseExplainInput } from './explainInput.ts';
import { streamTap } from './tapStream.ts';
import { viewBreakers, viewStats, viewUpstreams } from './views.ts';

const BODY_LIMIT_BYTES = 256 * 1024;

interface AdminServer {
  readonly server: Server;
  /** Ends the streams, then the socket. */
  close(): Promise<void>;
}

interface Call {
  readonly core: Core;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly url: URL;
  /** What stands behind the last slash of a path that ends in `/:id`. */
  readonly id: string;
}

type Handler = (call: Call) => void | Promise<void>;

const handlers: Readonly<Record<string, Handler>> = {
  'GET /routes': ({ core, res }) => sendJson(res, buildRouteTable(core.revision.config, core.revision.loadedAt)),
  'GET /upstreams': ({ core, res }) => sendJson(res, viewUpstreams(core)),
  'GET /breakers': ({ core, res }) => sendJson(res, viewBreakers(core)),
  'GET /stats': ({ core, res }) => sendJson(res, viewStats(core)),
  'GET /health': ({ core, res }) => sendJson(res, { status: core.live.draining ? 'draining' : 'ok' }),
  'GET /tap': ({ core, res, url }) => streamTap(core.tap, res, toBackfill(url.searchParams.get('backfill'))),
  'GET /exchanges/:id': ({ core, res, id }) => {
    const detail = core.tap.find(id);
    if (detail) sendJson(res, detail);
    else sendAdminProblem(res, 404, 'exchange-unknown', `The exchange "${id}" is not kept, or no longer.`);
  },
  'POST /explain': async ({ core, req, res }) => {
    const input = parseExplainInput(await readBody(req));
    if (input.ok) sendJson(res, await explain(core.revision.config, input.value, (upstream) => peek(core, upstream)));
    else sendAdminProblem(res, 400, 'bad-input', input.detail);
  },
};

/** Of an upstream that the configuration in force names, so that there always is one. */
function peek(core: Core, upstream: string): BreakerAnswer {
  return core.upstreams.peek(upstream) ?? { admitted: true, state: 'closed' };
}

export function createAdminServer(core: Core): AdminServer {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, (req, res) => {
    res.on('error', ignore);
    req.on('error', ignore);
    handle(core, req, res).catch((error: unknown) => {
      core.log.error('the admin API failed', { path: req.url, reason: String(error) });
      sendAdminProblem(res, 500, 'internal', 'The admin API failed; the log of the gateway says more.');
    });
  });
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
  const exact = handlers[`${req.method} ${url.pathname}`];
  if (exact) return exact({ core, req, res, url, id: '' });
  const [, parent = '', id = ''] = /^(\/[a-z]+)\/([A-Za-z0-9._-]{1,128})$/.exec(url.pathname) ?? [];
  const withId = handlers[`${req.method} ${parent}/:id`];
  if (withId) return withId({ core, req, res, url, id });
  sendAdminProblem(res, 404, 'no-such-operation', `The admin API has no ${req.method} ${url.pathname}.`);
}

function toBackfill(text: string | null): number {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function sendJson(res: ServerResponse, value: unknown): void {
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sendAdminProblem(res: ServerResponse, status: number, code: string, detail: string): void {
  if (res.headersSent) return void res.destroy();
  const body = { type: `urn:gatehouse:problem:${code}`, title: detail, status, detail, code };
  res.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
}
