// The data port: Node's HTTP parser, with limits of our own, in front of the stages.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Core } from '../exchange/core.ts';
import { Exchange } from '../exchange/exchange.ts';
import { toHeaderList } from '../headers/headerList.ts';
import { isWebSocketUpgrade } from '../headers/upgradeRequest.ts';
import { type GatewayProblem, toProblemResponse } from '../problem/catalogue.ts';
import type { Answer } from '../stages/stage.ts';
import { forwardHttp } from '../transport/forwardHttp.ts';
import { answerProblem, type Carrier, endLinger } from './answer.ts';
import { answerProblemOnSocket, writeResponse } from './answerSocket.ts';
import { answerOwnPath } from './ownPaths.ts';

/** Node waits 60 s for headers, 300 s for a request and for ever on a silent socket; a slow sender is cut earlier here. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  // Longer than the 60 s of nginx, so that the edge ends an idle connection first and never sends into a closing one.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
} as const;

/** Each costs some 20 KiB; beyond it, Node closes new ones at once. */
const MAXIMUM_CONNECTIONS = 8_192;

export function createDataServer(core: Core): Server {
  const server = createServer(
    {
      ...LIMITS,
      insecureHTTPParser: false,
      // A missing Host is ours to refuse, as a problem with a code.
      requireHostHeader: false,
      // h2c and other upgrades are ignored and go on as plain requests (RFC 9110, 7.8).
      shouldUpgradeCallback: (req) => isWebSocketUpgrade(toHeaderList(req.rawHeaders)),
    },
    (req, res) => handleRequest(core, { req, res }),
  );
  server.maxHeadersCount = 200;
  server.maxConnections = MAXIMUM_CONNECTIONS;
  server.on('connection', (socket: Socket) => {
    core.connections.add(socket);
    // Whatever phase it is in, a reset of a client is never an uncaught error.
    socket.on('error', ignore);
    // Each running exchange listens for its end, and pipelined ones share a connection.
    socket.setMaxListeners(0);
  });
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => handleRequest(core, { req, res }, true));
  server.on('checkExpectation', (req: IncomingMessage, res: ServerResponse) =>
    refuse(core, { req, res }, { code: 'expectation-failed', detail: 'Only the expectation 100-continue is known.' }),
  );
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => handleUpgrade(core, req, socket, head));
  server.on('connect', (req: IncomingMessage, socket: Duplex) =>
    answerProblemOnSocket(beginExchange(core, req, 'http'), socket, {
      code: 'method-not-allowed',
      detail: 'The method CONNECT is never forwarded.',
    }),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => onClientError(core, error, socket));
  return server;
}

function beginExchange(core: Core, req: IncomingMessage, protocol: 'http' | 'websocket'): Exchange {
  const { socket } = req;
  return new Exchange(
    core,
    {
      method: req.method ?? '',
      target: req.url ?? '',
      httpVersion: req.httpVersion,
      headers: toHeaderList(req.rawHeaders),
      protocol,
    },
    { address: socket.remoteAddress ?? '', localPort: socket.localPort ?? 0 },
  );
}

function ignore(): void {}

function handleRequest(core: Core, carrier: Carrier, expectsContinue = false): void {
  const { req, res } = carrier;
  req.on('error', ignore);
  res.on('error', ignore);
  const exchange = beginExchange(core, req, 'http');
  if (core.live.draining) res.shouldKeepAlive = false;
  const answer = exchange.decide();
  const carryOut = (decided: Answer | null) =>
    carryOutHttp(core, exchange, { carrier, expectsContinue, answer: decided });
  if (answer instanceof Promise) void answer.then(carryOut);
  else carryOut(answer);
}

interface HttpDecision {
  readonly carrier: Carrier;
  readonly expectsContinue: boolean;
  readonly answer: Answer | null;
}

function carryOutHttp(core: Core, exchange: Exchange, { carrier, expectsContinue, answer }: HttpDecision): void {
  if (answer?.kind === 'own') {
    exchange.discard();
    answerOwnPath(core, answer.path, carrier, exchange.id);
  } else if (answer) answerProblem(exchange, carrier, answer.problem);
  // While a stage waited the caller may have left; its sockets tell nobody of that twice.
  else if (carrier.res.destroyed || carrier.req.socket.destroyed) exchange.abort();
  else if (exchange.findings.route) {
    if (expectsContinue) carrier.res.writeContinue();
    forwardHttp(core, exchange, exchange.findings.route, carrier);
  }
}

function refuse(core: Core, carrier: Carrier, problem: GatewayProblem): void {
  carrier.req.on('error', ignore);
  carrier.res.on('error', ignore);
  answerProblem(beginExchange(core, carrier.req, 'http'), carrier, problem);
}

function handleUpgrade(core: Core, req: IncomingMessage, socket: Duplex, head: Buffer): void {
  const exchange = beginExchange(core, req, 'websocket');
  const answer = exchange.decide();
  const carryOut = (decided: Answer | null): void => {
    const { route } = exchange.findings;
    if (decided?.kind === 'problem') answerProblemOnSocket(exchange, socket, decided.problem);
    else if (decided || !route)
      answerProblemOnSocket(exchange, socket, { code: 'bad-request', detail: 'This path does not speak WebSocket.' });
    else if (socket.destroyed) exchange.abort();
    else core.upgrades.forward(core, exchange, route, { req, socket, head });
  };
  if (answer instanceof Promise) void answer.then(carryOut);
  else carryOut(answer);
}

const UNREAD = {
  route: null,
  statusClass: '4xx',
  method: '',
  upstreamFailed: false,
  durationMs: 0,
  requestBytes: 0,
  responseBytes: 0,
  protocol: 'http',
} as const;

/** Node's parser refused the bytes. There is no request that could be trusted, so there is no exchange: it is counted only. */
function onClientError(core: Core, error: NodeJS.ErrnoException, socket: Duplex): void {
  const busy = (socket as { _httpMessage?: ServerResponse })._httpMessage;
  if (busy && endLinger(busy)) return;
  // An answer has begun; another one inside it would be read as part of it.
  if (error.code === 'ECONNRESET' || !socket.writable || busy?.headersSent) return void socket.destroy();
  const problem = toParserProblem(error);
  const { status, headers, body } = toProblemResponse(problem, randomUUID());
  const observation = { ...UNREAD, status, code: problem.code };
  core.counters.observe(observation);
  core.metrics.observe(observation);
  writeResponse(socket, status, headers, body);
}

function toParserProblem(error: NodeJS.ErrnoException): GatewayProblem {
  if (error.code === 'HPE_HEADER_OVERFLOW')
    return { code: 'headers-too-large', detail: `The header fields have more than ${LIMITS.maxHeaderSize} bytes.` };
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { code: 'request-timeout', detail: 'The request did not arrive in time.' };
  return { code: 'bad-request', detail: 'The bytes are not a request in HTTP/1.1.' };
}
