// The data port: connections of clients, with a parser and limits of our own, in front of the stages.
import { createServer, type Server, type Socket } from 'node:net';
import type { Core } from '../exchange/core.ts';
import { Exchange } from '../exchange/exchange.ts';
import { isWebSocketUpgrade } from '../headers/upgradeRequest.ts';
import { capConnection } from '../limits/connectionCap.ts';
import type { GatewayProblem } from '../problem/catalogue.ts';
import type { Answer } from '../stages/stage.ts';
import { createReadBody } from '../transport/bufferBody.ts';
import { forwardHttp } from '../transport/forwardHttp.ts';
import { answerProblem, answerReply } from './answer.ts';
import { answerProblemOnSocket, answerReplyOnSocket } from './answerSocket.ts';
import { onBrokenRequest, refuseRest } from './brokenRequest.ts';
import { watchConnections } from './connectionWatch.ts';
import { type Carrier, ClientConnection, type ConnectionOwner } from './http1/clientConnection.ts';
import type { HeadFault, RequestHead } from './http1/headReader.ts';
import { answerOwnPath } from './ownPaths.ts';
import type { ServerLimits } from './serverSection.ts';

export function createDataServer(core: Core): Server {
  const { connections } = core;
  // A client that has ended its side still gets the answer to what was refused.
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  const owner = new DataServer(core);
  const watch = watchConnections(server, {
    connections,
    limits: () => owner.limits(),
    onSlowBody: (connection) => refuseRest(core, connection, SLOW_BODY),
    onLateRequest: (connection) => onLateRequest(core, connection),
  });
  const coarseNow = () => watch.nowMs;
  server.on('connection', (socket: Socket) => {
    // Whatever phase it is in, a reset of a client is never an uncaught error.
    socket.on('error', ignore);
    connections.add(new ClientConnection(socket, owner, coarseNow));
    capConnection(core, socket);
  });
  const setLimits = ({ maxConnections }: ServerLimits) => {
    server.maxConnections = maxConnections;
  };
  setLimits(owner.limits());
  core.reconcilers.push((config) => setLimits(config.server));
  return server;
}

const SLOW_BODY: GatewayProblem = { code: 'request-timeout', detail: 'The body came too slowly.' };
const LATE_REQUEST: GatewayProblem = { code: 'request-timeout', detail: 'The request did not arrive in time.' };
const UNKNOWN_EXPECTATION: GatewayProblem = {
  code: 'expectation-failed',
  detail: 'Only the expectation 100-continue is known.',
};

function ignore(): void {}

function onLateRequest(core: Core, connection: ClientConnection): void {
  // Who connected ahead of a request would take an answer that lies there already for the one to that request.
  if (connection.socket.bytesRead === 0) connection.destroy();
  else onBrokenRequest(core, connection, LATE_REQUEST);
}

/** What the server does with what its connections read. */
class DataServer implements ConnectionOwner {
  private readonly core: Core;

  constructor(core: Core) {
    this.core = core;
  }

  limits(): ServerLimits {
    return this.core.revision.config.server;
  }

  /** h2c and other upgrades are ignored and go on as plain requests (RFC 9110, 7.8). */
  takesOver({ method, headers, hasUpgrade }: RequestHead): boolean {
    return method === 'CONNECT' || (hasUpgrade && isWebSocketUpgrade(headers));
  }

  onTakenOver(connection: ClientConnection, head: RequestHead, rest: Buffer): void {
    if (head.method === 'CONNECT') this.refuseConnect(connection, head);
    else handleUpgrade(this.core, connection, { head, rest });
  }

  private refuseConnect(connection: ClientConnection, head: RequestHead): void {
    const problem = { code: 'method-not-allowed', detail: 'The method CONNECT is never forwarded.' } as const;
    const { socket } = connection;
    connection.onLeft(0, () =>
      answerProblemOnSocket(beginExchange(this.core, connection, { head, protocol: 'http' }), socket, problem),
    );
  }

  onFault(connection: ClientConnection, fault: HeadFault): void {
    onBrokenRequest(this.core, connection, fault);
  }

  onRequest(carrier: Carrier, head: RequestHead): void {
    const { core } = this;
    const { connection, answer } = carrier;
    const { maxRequestsPerConnection: limit } = this.limits();
    if (core.live.draining || (limit > 0 && connection.requests >= limit)) answer.keepsAlive = false;
    const exchange = beginExchange(core, connection, { head, protocol: 'http' });
    carrier.exchange = exchange;
    const expectsContinue = head.expectation?.toLowerCase() === '100-continue';
    if (head.expectation !== null && !expectsContinue)
      return void answerProblem(exchange, carrier, UNKNOWN_EXPECTATION);
    const decided = exchange.decide(createReadBody(exchange, { carrier, expectsContinue, room: core.bodyRoom }));
    if (decided instanceof Promise)
      void decided.then((later) => carryOut(core, exchange, { carrier, expectsContinue, decided: later }));
    else carryOut(core, exchange, { carrier, expectsContinue, decided });
  }
}

interface Begun {
  readonly head: RequestHead;
  readonly protocol: 'http' | 'websocket';
}

function beginExchange(core: Core, { peer }: ClientConnection, { head, protocol }: Begun): Exchange {
  const { method, target, httpVersion, headers } = head;
  return new Exchange(core, { method, target, httpVersion, headers, protocol }, peer);
}

interface HttpDecision {
  readonly carrier: Carrier;
  readonly expectsContinue: boolean;
  readonly decided: Answer | null;
}

function carryOut(core: Core, exchange: Exchange, { carrier, expectsContinue, decided }: HttpDecision): void {
  // Answered while a stage waited, since its body turned out not to be HTTP.
  if (exchange.isOver) return;
  const { answer, connection } = carrier;
  if (decided?.kind === 'own') {
    exchange.discard();
    answerOwnPath(core, carrier, { path: decided.path, method: exchange.request.method, requestId: exchange.id });
  } else if (decided?.kind === 'reply') answerReply(exchange, carrier, decided);
  else if (decided) answerProblem(exchange, carrier, decided.problem);
  // While a stage waited the caller may have left; its sockets tell nobody of that twice.
  else if (answer.isClosed || connection.socket.destroyed) exchange.abort();
  else if (exchange.findings.route) {
    // Who read the body has asked for it already.
    if (expectsContinue && exchange.findings.bufferedBody === null) answer.writeContinue();
    forwardHttp(core, exchange, exchange.findings.route, carrier);
  }
}

interface Upgrade {
  readonly head: RequestHead;
  readonly rest: Buffer;
}

function handleUpgrade(core: Core, connection: ClientConnection, { head, rest }: Upgrade): void {
  const { socket } = connection;
  // Bytes of a WebSocket between the answers before it would be read as answers.
  if (connection.running.length > 0) {
    const detail = 'The upgrade is refused: it came behind a request that is not answered yet.';
    refuseRest(core, connection, { code: 'bad-request', detail });
    return;
  }
  const exchange = beginExchange(core, connection, { head, protocol: 'websocket' });
  core.connections.upgraded.set(connection, exchange);
  const answer = exchange.decide();
  const carryOutUpgrade = (decided: Answer | null): void => {
    const { route } = exchange.findings;
    if (decided?.kind === 'problem') answerProblemOnSocket(exchange, socket, decided.problem);
    else if (decided?.kind === 'reply') answerReplyOnSocket(exchange, socket, decided);
    else if (decided || !route)
      answerProblemOnSocket(exchange, socket, { code: 'bad-request', detail: 'This path does not speak WebSocket.' });
    else if (socket.destroyed) exchange.abort();
    else core.upgrades.forward(core, exchange, route, { socket, head: rest });
  };
  if (answer instanceof Promise) void answer.then(carryOutUpgrade);
  else carryOutUpgrade(answer);
}
