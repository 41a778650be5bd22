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
import { answerProblemOnSocket } from '../server/answerSocket.ts';
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
    forward(core, exchange, route, carrier) {
      const { req, socket, head } = carrier;
      const address = core.hosts.resolve(route.upstream.authority);
      const spanId = exchange.beginTry(address);
      const upgrade = new Upgrade(exchange, route, carrier);
      open.set(req, upgrade);
      socket.once('close', () => {
        open.delete(req);
        upgrade.onCallerClose();
      });
      if (socket.destroyed) return void socket.emit('close');
      req.url = exchange.findings.forwardedPath ?? '/';
      req.headers = toUpgradeHeaders(exchange, route, { received: req.headers, spanId });
      const target = `${route.upstream.secure ? 'https' : 'http'}://${address}`;
      proxy.ws(req, socket as never, head, { target, connectTimeout: route.timeouts.connectMs }, (error: Error) =>
        upgrade.onError(error),
      );
    },
  };
}

/** As for any request, then what makes it an upgrade again (RFC 6455, 4.1). */
function toUpgradeHeaders(
  exchange: Exchange,
  route: Route,
  { received, spanId }: { received: IncomingHttpHeaders; spanId: string },
): IncomingHttpHeaders {
  const list = toUpstreamHeaders({
    ...exchange.revision.auth.identity.describe(exchange, route.upstream.authority),
    method: exchange.request.method,
    httpVersion: exchange.request.httpVersion,
    upstreamAuthority: route.upstream.authority,
    requestId: exchange.id,
    trace: exchange.trace,
    spanId,
    chain: exchange.chain,
    peerIsTrusted: exchange.peerIsTrusted,
    host: exchange.findings.host,
    localPort: exchange.peer.localPort,
    bodyBytes: 0,
    forwarding: exchange.revision.config.forwarding,
    rules: route.headers.request,
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
    this.sanitise(response, 101);
    response.headers = { ...response.headers, connection: 'Upgrade', upgrade: 'websocket' };
    this.exchange.noteAnswer(101, toHeaderList(response.rawHeaders));
    process.nextTick(() => this.count(client, socket));
    // Ended, not cut: what is on its way to the other side still gets there.
    client.once('close', () => {
      socket.destroySoon();
      // An upstream that does not read would hold what is left for ever.
      socket.setTimeout(LEAVE_MS, () => socket.destroy());
    });
    socket.once('close', () => client.destroySoon());
  }

  /**
   * Not before the library has joined both sides: a listener makes the socket flow, and what the upstream sent right
   * behind its 101 would be told to us alone and lost to the caller.
   */
  private count(client: Socket, upstream: Socket): void {
    let fromUpstream = 0;
    upstream.on('data', (chunk: Buffer) => {
      fromUpstream += chunk.length;
      this.exchange.responseBytes = fromUpstream;
    });
    client.on('data', (chunk: Buffer) => {
      this.exchange.requestBytes += chunk.length;
    });
  }

  /** The upstream answered in plain HTTP; the library relays the answer and closes. */
  private onRefused(response: IncomingMessage): void {
    clearTimeout(this.answerTimer);
    if (this.phase === 'over') return void response.destroy();
    this.phase = 'relaying';
    this.sanitise(response, response.statusCode ?? 502);
    this.exchange.noteAnswer(response.statusCode ?? 502, toHeaderList(response.rawHeaders));
    response.on('data', (chunk: Buffer) => {
      this.exchange.responseBytes += chunk.length;
    });
    response.once('close', () => {
      // The library waits for an end that does not come when the upstream breaks off.
      if (!response.complete) this.carrier.socket.destroy();
    });
  }

  private sanitise(response: IncomingMessage, status: number): void {
    const { exchange, route } = this;
    const kept: Record<string, string | string[]> = {};
    const fields = toClientHeaders(toHeaderList(response.rawHeaders), {
      status,
      method: exchange.request.method,
      // The library writes no trailers.
      httpVersion: '1.0',
      requestId: exchange.id,
      forwarding: exchange.revision.config.forwarding,
      rules: route.headers.response,
      added: exchange.findings.answerHeaders,
    });
    for (const [name, value] of fields) {
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
