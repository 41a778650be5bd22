// WebSocket upgrades, on http-proxy (the maintained http-proxy-3). The only file that imports it.
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import httpProxy from 'http-proxy';
import type { Route } from '../config/document.ts';
import type { Core } from '../exchange/core.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { toHeaderList } from '../headers/headerList.ts';
import { toUpstreamHeaders } from '../headers/requestHeaders.ts';
import { toClientHeaders } from '../headers/responseHeaders.ts';
import type { GatewayProblem } from '../problem/catalogue.ts';
import { answerProblemOnSocket } from '../server/answerSocket.ts';
import type { Replica } from '../upstream/replica.ts';
import { toSaturatedProblem, toUnavailableProblem } from '../upstream/unavailable.ts';
import { classifyUpstreamError, type UpstreamFailure } from './upstreamError.ts';

/** How long an upstream has to take what a caller sent before it left. */
const LEAVE_MS = 5_000;

interface UpgradeCarrier {
  readonly req: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

export interface Upgrades {
  /** Takes over the socket; finishes the exchange when both sides are closed. */
  forward(core: Core, exchange: Exchange, route: Route, carrier: UpgradeCarrier): void;
}

export function createUpgrades(): Upgrades {
  const proxy = httpProxy.createProxyServer({ xfwd: false, prependPath: false, toProxy: true });
  const open = new Map<IncomingMessage, Upgrade>();
  // The library hands out its request to the upstream only through this event.
  proxy.on('proxyReqWs', (upstreamRequest, req) =>
    open.get(req as IncomingMessage)?.onUpstreamRequest(upstreamRequest),
  );
  // Errors come to the callback of each upgrade; without a listener a late one would be uncaught.
  proxy.on('error', () => undefined);

  return {
    forward(_core, exchange, route, carrier) {
      const { req, socket, head } = carrier;
      const place = takeReplica(exchange, route);
      if ('code' in place) return answerProblemOnSocket(exchange, socket, place);
      const address = exchange.target ?? route.upstream.authority;
      const upgrade = new Upgrade(exchange, route, carrier);
      open.set(req, upgrade);
      socket.once('close', () => {
        open.delete(req);
        upgrade.onCallerClose();
      });
      if (socket.destroyed) return void socket.emit('close');
      req.url = exchange.findings.forwardedPath ?? '/';
      req.headers = toUpgradeHeaders(exchange, place, req.headers);
      const target = `${route.upstream.secure ? 'https' : 'http'}://${address}`;
      proxy.ws(req, socket as never, head, { target, connectTimeout: route.timeouts.connectMs }, (error: Error) =>
        upgrade.onError(error),
      );
    },
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

/** As for any request, then what makes it an upgrade again (RFC 6455, 4.1). */
function toUpgradeHeaders(exchange: Exchange, replica: Replica, received: IncomingHttpHeaders): IncomingHttpHeaders {
  const list = toUpstreamHeaders({
    headers: exchange.request.headers,
    upstreamAuthority: replica.endpoint.host,
    requestId: exchange.id,
    trace: exchange.trace,
    chain: exchange.chain,
    peerIsTrusted: exchange.peerIsTrusted,
    host: exchange.findings.host,
    localPort: exchange.peer.localPort,
    bodyBytes: 0,
  });
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of list) {
    const lower = name.toLowerCase();
    const known = headers[lower];
    headers[lower] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
  }
  // A Connection field may name even these, to break the handshake in halves; they are part of it.
  for (const name of [
    'sec-websocket-key',
    'sec-websocket-version',
    'sec-websocket-protocol',
    'sec-websocket-extensions',
  ]) {
    const value = received[name];
    if (value !== undefined) headers[name] = value;
  }
  return { ...headers, connection: 'Upgrade', upgrade: 'websocket' };
}

/** One upgrade. Phases: asking → open, or asking → refused by the upstream (relayed) or failed (answered by us). */
class Upgrade {
  private readonly exchange: Exchange;
  private readonly route: Route;
  private readonly carrier: UpgradeCarrier;
  private readonly answerTimer: NodeJS.Timeout;
  private upstreamRequest: ClientRequest | undefined;
  private upstreamSocket: Duplex | undefined;
  private phase: 'asking' | 'relaying' | 'open' | 'over' = 'asking';

  constructor(exchange: Exchange, route: Route, carrier: UpgradeCarrier) {
    this.exchange = exchange;
    this.route = route;
    this.carrier = carrier;
    const { connectMs, responseHeaderMs } = route.timeouts;
    this.answerTimer = setTimeout(() => {
      this.fail({ code: 'upstream-timeout', kind: 'timeout', words: `no answer in ${responseHeaderMs} ms from` });
    }, connectMs + responseHeaderMs);
  }

  onUpstreamRequest(request: ClientRequest): void {
    this.upstreamRequest = request;
    request.once('upgrade', (response, socket) => this.onUpgraded(response, socket as Socket));
    request.once('response', (response) => this.onRefused(response));
    if (this.phase === 'over') request.destroy();
  }

  private onUpgraded(response: IncomingMessage, socket: Socket): void {
    clearTimeout(this.answerTimer);
    // The library attaches its listeners after ours; until then a reset would be uncaught.
    socket.on('error', () => undefined);
    this.upstreamSocket = socket;
    const client = this.carrier.socket as Socket;
    if (this.phase === 'over') return void socket.destroy();
    this.phase = 'open';
    this.sanitise(response);
    response.headers = { ...response.headers, connection: 'Upgrade', upgrade: 'websocket' };
    this.exchange.noteAnswer(101, toHeaderList(response.rawHeaders));
    let fromUpstream = 0;
    socket.on('data', (chunk: Buffer) => {
      fromUpstream += chunk.length;
      this.exchange.responseBytes = fromUpstream;
    });
    client.on('data', (chunk: Buffer) => {
      this.exchange.requestBytes += chunk.length;
    });
    // Ended, not cut: what is on its way to the other side still gets there.
    client.once('close', () => {
      socket.destroySoon();
      // An upstream that does not read would hold what is left for ever.
      socket.setTimeout(LEAVE_MS, () => socket.destroy());
    });
    socket.once('close', () => client.destroySoon());
  }

  /** The upstream answered in plain HTTP; the library relays the answer and closes. */
  private onRefused(response: IncomingMessage): void {
    clearTimeout(this.answerTimer);
    if (this.phase === 'over') return void response.destroy();
    this.phase = 'relaying';
    this.sanitise(response);
    this.exchange.noteAnswer(response.statusCode ?? 502, toHeaderList(response.rawHeaders));
    response.on('data', (chunk: Buffer) => {
      this.exchange.responseBytes += chunk.length;
    });
    response.once('close', () => {
      // The library waits for an end that does not come when the upstream breaks off.
      if (!response.complete) this.carrier.socket.destroy();
    });
  }

  private sanitise(response: IncomingMessage): void {
    const kept: Record<string, string | string[]> = {};
    for (const [name, value] of toClientHeaders(toHeaderList(response.rawHeaders), this.exchange.id)) {
      const lower = name.toLowerCase();
      const known = kept[lower];
      kept[lower] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
    }
    response.headers = kept;
  }

  /** From the library: before the upgrade a failure to answer, after it only the end of the connection. */
  onError(error: Error): void {
    if (this.phase === 'asking') this.fail(classifyUpstreamError(error));
    else if (this.phase === 'open') this.exchange.note ??= `connection broken by ${this.route.upstream.authority}`;
  }

  private fail({ code, kind, words }: UpstreamFailure): void {
    if (this.phase !== 'asking') return;
    this.phase = 'over';
    clearTimeout(this.answerTimer);
    this.exchange.noteUpstreamFailure(kind, code, `${words} ${this.route.upstream.authority}`);
    const detail = `${words.charAt(0).toUpperCase()}${words.slice(1)} ${this.route.upstream.name}.`;
    answerProblemOnSocket(this.exchange, this.carrier.socket, { code, detail });
    this.upstreamRequest?.destroy();
  }

  onCallerClose(): void {
    if (this.phase === 'asking') {
      this.exchange.aborted = true;
      this.exchange.note ??= 'the caller went away';
    }
    this.phase = 'over';
    clearTimeout(this.answerTimer);
    if (!this.upstreamSocket) this.upstreamRequest?.destroy();
    this.exchange.finish();
  }
}
