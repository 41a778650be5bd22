// WebSocket upgrades, on http-proxy (the maintained http-proxy-3). The only file that imports it.
import { type IncomingHttpHeaders, IncomingMessage } from 'node:http';
import httpProxy from 'http-proxy';
import type { Route } from '../config/document.ts';
import type { Core } from '../exchange/core.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { toHeaderRecord, valuesOf } from '../headers/headerList.ts';
import type { GatewayProblem } from '../problem/catalogue.ts';
import { answerProblemOnSocket } from '../server/answerSocket.ts';
import type { Replica } from '../upstream/replica.ts';
import { toSaturatedProblem, toUnavailableProblem } from '../upstream/unavailable.ts';
import { toExchangeHeaders } from './forwardedRequest.ts';
import { type UpgradeCarrier, WebSocketExchange } from './webSocketExchange.ts';

export interface Upgrades {
  /** How many are open or being asked for. */
  readonly open: number;
  /** Takes over the socket; finishes the exchange when both sides are closed. */
  forward(core: Core, exchange: Exchange, route: Route, carrier: UpgradeCarrier): void;
}

export function createUpgrades(): Upgrades {
  const proxy = httpProxy.createProxyServer({ xfwd: false, prependPath: false, toProxy: true });
  const open = new Map<IncomingMessage, WebSocketExchange>();
  const openByRoute = new Map<string, number>();
  // The library hands out its request to the upstream only through this event.
  proxy.on('proxyReqWs', (upstreamRequest, req) =>
    open.get(req as IncomingMessage)?.onUpstreamRequest(upstreamRequest),
  );
  // Errors come to the callback of each upgrade; without a listener a late one would be uncaught.
  proxy.on('error', () => undefined);

  return {
    get open() {
      return open.size;
    },
    forward(_core, exchange, route, carrier) {
      const { socket, head } = carrier;
      const req = toIncoming(exchange, carrier);
      const others = openByRoute.get(route.id) ?? 0;
      if (others >= route.websocket.maxOpen) return answerProblemOnSocket(exchange, socket, toFullProblem(route));
      const place = takeReplica(exchange, route);
      if ('code' in place) return answerProblemOnSocket(exchange, socket, place);
      const address = exchange.target ?? route.upstream.authority;
      const upgrade = new WebSocketExchange(exchange, route, carrier);
      open.set(req, upgrade);
      openByRoute.set(route.id, others + 1);
      socket.once('close', () => {
        open.delete(req);
        leave(openByRoute, route.id);
        upgrade.onCallerClose();
      });
      if (socket.destroyed) return void socket.emit('close');
      req.url = exchange.findings.forwardedPath ?? '/';
      req.headers = toUpgradeHeaders(exchange, { route, replica: place });
      const target = `${route.upstream.secure ? 'https' : 'http'}://${address}`;
      proxy.ws(req, socket as never, head, { target, connectTimeout: route.timeouts.connectMs }, (error: Error) =>
        upgrade.onError(error),
      );
      upgrade.decideFirst();
    },
  };
}

function leave(openByRoute: Map<string, number>, route: string): void {
  const rest = (openByRoute.get(route) ?? 1) - 1;
  if (rest > 0) openByRoute.set(route, rest);
  else openByRoute.delete(route);
}

function toFullProblem({ id, websocket }: Route): GatewayProblem {
  return {
    code: 'websockets-exhausted',
    detail: `Route ${id} has ${websocket.maxOpen} WebSockets open, which is all that it may have; try again later.`,
    headers: [['retry-after', '5']],
  };
}

/** A handshake does not wait and is not tried again: a client that wants a WebSocket comes back by itself. */
function takeReplica(exchange: Exchange, route: Route): Replica | GatewayProblem {
  if (!exchange.enterUpstream()) return toSaturatedProblem(route);
  const replica = exchange.beginTry();
  if (typeof replica !== 'string') return replica;
  if (replica !== 'no-address') return toUnavailableProblem(route, replica, 1);
  return { code: 'upstream-unreachable', detail: `No address for ${route.upstream.name}.` };
}

/** The library wants a request of Node's own server. */
function toIncoming({ request }: Exchange, { socket }: UpgradeCarrier): IncomingMessage {
  const incoming = new IncomingMessage(socket);
  incoming.method = request.method;
  incoming.httpVersion = request.httpVersion;
  return incoming;
}

interface Handshake {
  readonly route: Route;
  readonly replica: Replica;
}

/** As for any request, then what makes it an upgrade again (RFC 6455, 4.1). */
function toUpgradeHeaders(exchange: Exchange, { route, replica }: Handshake): IncomingHttpHeaders {
  const headers = toHeaderRecord(toExchangeHeaders(exchange, { route, replica, bodyBytes: 0 }));
  // A Connection field may name even these, to break the handshake in halves; they are part of it.
  for (const name of [
    'sec-websocket-key',
    'sec-websocket-version',
    'sec-websocket-protocol',
    'sec-websocket-extensions',
  ]) {
    const values = valuesOf(exchange.request.headers, name);
    if (values.length > 0) headers[name] = values.join(', ');
  }
  return { ...headers, connection: 'Upgrade', upgrade: 'websocket' };
}
