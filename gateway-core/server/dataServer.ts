// The data port: Node's HTTP parser, with limits of our own, in front of the stages.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Core } from '../exchange/core.ts';
import { Exchange } from '../exchange/exchange.ts';
import { toHeaderList } from '../headers/headerList.ts';
import { isWebSocketUpgrade } from '../headers/upgradeRequest.ts';
import { capConnection } from '../limits/connectionCap.ts';
import type { GatewayProblem } from '../problem/catalogue.ts';
import type { Answer } from '../stages/stage.ts';
import { createReadBody } from '../transport/bufferBody.ts';
import { forwardHttp } from '../transport/forwardHttp.ts';
import { answerProblem, answerReply, type Carrier } from './answer.ts';
import { answerProblemOnSocket, answerReplyOnSocket } from './answerSocket.ts';
import { onClientError, refuseRest } from './brokenRequest.ts';
import { answerOwnPath } from './ownPaths.ts';
import { guardPace } from './paceGuard.ts';
import type { ServerLimits } from './serverSection.ts';

/** How often Node looks for requests that took too long. */
const CHECKING_INTERVAL_MS = 1_000;

/**
 * A request without a body is no stream that ends later: the ticks and events of one were 7 % of a request's time. Known to Node
 * from 24.12 on, which its types here are not; others ignore it.
 */
const WITHOUT_EMPTY_STREAMS = { optimizeEmptyRequests: true };

export function createDataServer(core: Core): Server {
  const { connections } = core;
  const server = createServer({
    ...WITHOUT_EMPTY_STREAMS,
    connectionsCheckingInterval: CHECKING_INTERVAL_MS,
    insecureHTTPParser: false,
    // A missing Host is ours to refuse, as a problem with a code.
    requireHostHeader: false,
    // h2c and other upgrades are ignored and go on as plain requests (RFC 9110, 7.8).
    shouldUpgradeCallback: (req) => isWebSocketUpgrade(toHeaderList(req.rawHeaders)),
  });
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    // Whatever phase it is in, a reset of a client is never an uncaught error.
    socket.on('error', ignore);
    // Each running exchange listens for its end, and pipelined ones share a connection.
    socket.setMaxListeners(0);
    capConnection(core, socket);
  });
  listenForRequests(server, core);
  guardPace(server, {
    connections,
    limits: () => core.revision.config.server,
    onSlowBody: (connection) =>
      refuseRest(core, connection, { code: 'request-timeout', detail: 'The body came too slowly.' }),
  });
  setLimits(server, core.revision.config.server);
  core.reconcilers.push((config) => setLimits(server, config.server));
  return server;
}

const UNKNOWN_EXPECTATION: GatewayProblem = {
  code: 'expectation-failed',
  detail: 'Only the expectation 100-continue is known.',
};

function listenForRequests(server: Server, core: Core): void {
  const { connections } = core;
  server.on('request', (req: IncomingMessage, res: ServerResponse) => handleRequest(core, { req, res }));
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    // Node calls this for any field that has the word in it.
    if (req.headers.expect?.trim().toLowerCase() === '100-continue') handleRequest(core, { req, res }, true);
    else refuse(core, { req, res }, UNKNOWN_EXPECTATION);
  });
  server.on('checkExpectation', (req: IncomingMessage, res: ServerResponse) =>
    refuse(core, { req, res }, UNKNOWN_EXPECTATION),
  );
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) =>
    handleUpgrade(core, { req, socket, head }),
  );
  server.on('connect', (req: IncomingMessage, socket: Duplex) => {
    const problem = { code: 'method-not-allowed', detail: 'The method CONNECT is never forwarded.' } as const;
    connections.of(socket).onLeft(0, () => answerProblemOnSocket(beginExchange(core, req, 'http'), socket, problem));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) =>
    onClientError(core, error, connections.of(socket)),
  );
}

/** Node reads each of these when a connection or a request begins. maxHeaderSize is a property, though not a declared one. */
function setLimits(server: Server & { maxHeaderSize?: number }, limits: ServerLimits): void {
  server.headersTimeout = limits.headersTimeoutMs;
  server.requestTimeout = limits.requestTimeoutMs;
  server.keepAliveTimeout = limits.keepAliveTimeoutMs;
  server.maxHeaderSize = limits.maxHeaderBytes;
  // Some versions of Node leave out what is beyond this without a word; one more than the limit shows that there was more.
  server.maxHeadersCount = limits.maxHeaders + 1;
  server.maxConnections = limits.maxConnections;
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
  const exchange = admitRequest(core, carrier);
  if (!exchange) return;
  const answer = exchange.decide(createReadBody(exchange, { carrier, expectsContinue, room: core.bodyRoom }));
  const carryOut = (decided: Answer | null) =>
    carryOutHttp(core, exchange, { carrier, expectsContinue, answer: decided });
  if (answer instanceof Promise) void answer.then(carryOut);
  else carryOut(answer);
}

/** Undefined when the connection ends with an answer that is on its way: what comes behind it is not read. */
function admitRequest(core: Core, carrier: Carrier): Exchange | undefined {
  const { req, res } = carrier;
  req.on('error', ignore);
  res.on('error', ignore);
  const connection = core.connections.of(req.socket);
  if (connection.isClosing) return undefined;
  connection.requests += 1;
  const limit = core.revision.config.server.maxRequestsPerConnection;
  if (core.live.draining || (limit > 0 && connection.requests >= limit)) res.shouldKeepAlive = false;
  const exchange = beginExchange(core, req, 'http');
  connection.begin({ exchange, req, res });
  return exchange;
}

interface HttpDecision {
  readonly carrier: Carrier;
  readonly expectsContinue: boolean;
  readonly answer: Answer | null;
}

function carryOutHttp(core: Core, exchange: Exchange, { carrier, expectsContinue, answer }: HttpDecision): void {
  // Answered while a stage waited, since its body turned out not to be HTTP.
  if (exchange.isOver) return;
  if (answer?.kind === 'own') {
    exchange.discard();
    answerOwnPath(core, answer.path, carrier, exchange.id);
  } else if (answer?.kind === 'reply') answerReply(exchange, carrier, answer);
  else if (answer) answerProblem(exchange, carrier, answer.problem);
  // While a stage waited the caller may have left; its sockets tell nobody of that twice.
  else if (carrier.res.destroyed || carrier.req.socket.destroyed) exchange.abort();
  else if (exchange.findings.route) {
    // Who read the body has asked for it already.
    if (expectsContinue && exchange.findings.bufferedBody === null) carrier.res.writeContinue();
    forwardHttp(core, exchange, exchange.findings.route, carrier);
  }
}

function refuse(core: Core, carrier: Carrier, problem: GatewayProblem): void {
  const exchange = admitRequest(core, carrier);
  if (exchange) answerProblem(exchange, carrier, problem);
}

interface UpgradeCarrier {
  readonly req: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

function handleUpgrade(core: Core, { req, socket, head }: UpgradeCarrier): void {
  const connection = core.connections.of(socket);
  if (connection.isClosing) return;
  // Node hands the bare socket over at once; bytes of a WebSocket between the answers before it would be read as answers.
  if (connection.running.length > 0) {
    const detail = 'The upgrade is refused: it came behind a request that is not answered yet.';
    refuseRest(core, connection, { code: 'bad-request', detail });
    return;
  }
  const exchange = beginExchange(core, req, 'websocket');
  connection.upgraded = exchange;
  const answer = exchange.decide();
  const carryOut = (decided: Answer | null): void => {
    const { route } = exchange.findings;
    if (decided?.kind === 'problem') answerProblemOnSocket(exchange, socket, decided.problem);
    else if (decided?.kind === 'reply') answerReplyOnSocket(exchange, socket, decided);
    else if (decided || !route)
      answerProblemOnSocket(exchange, socket, { code: 'bad-request', detail: 'This path does not speak WebSocket.' });
    else if (socket.destroyed) exchange.abort();
    else core.upgrades.forward(core, exchange, route, { req, socket, head });
  };
  if (answer instanceof Promise) void answer.then(carryOut);
  else carryOut(answer);
}
