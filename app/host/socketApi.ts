// The typed API over one WebSocket a window. A socket belongs to nobody until its first message has brought a token;
// until then tRPC does not see it.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { getWSConnectionHandler } from '@trpc/server/adapters/ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { createRouter, GatehouseError, type Handlers } from '../contract/index.ts';
import type { Caller, Sessions } from './session.ts';

export interface SocketLimits {
  /** A socket that has not shown a token by then is closed. */
  readonly authenticateMs: number;
  readonly maxSockets: number;
  /** What may wait for a viewer that does not read, before it is closed. */
  readonly maxBufferedBytes: number;
  readonly pingMs: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  authenticateMs: 2000,
  maxSockets: 64,
  maxBufferedBytes: 8 * 1024 * 1024,
  pingMs: 15_000,
};

/** Close codes of our own (RFC 6455, section 7.4.2: 4000 to 4999 are for applications). */
const CLOSE_UNAUTHENTICATED = 4401;
const CLOSE_SLOW_VIEWER = 4408;
const CLOSE_GOING_AWAY = 1001;
/** The largest message of a client: inputs are small. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** How long a peer may take to answer our close frame. */
const CLOSE_GRACE_MS = 1000;

export interface SocketApi {
  /** Takes over an upgrade that the guard has let pass. False: no room. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): void;
}

interface Parts {
  readonly handlers: Handlers;
  readonly sessions: Sessions;
  readonly log: Logger;
  readonly limits: SocketLimits;
}

export function createSocketApi({ handlers, sessions, log, limits }: Parts): SocketApi {
  const router = createRouter(handlers);
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const sockets = new Map<WebSocket, { answered: boolean }>();
  let nextId = 1;

  const pings = setInterval(() => {
    for (const [socket, state] of sockets) {
      if (!state.answered) socket.terminate();
      state.answered = false;
      socket.ping();
    }
  }, limits.pingMs);
  pings.unref();

  function adopt(socket: WebSocket, request: IncomingMessage, caller: Caller, socketLog: Logger): void {
    boundSending(socket, limits.maxBufferedBytes, socketLog);
    // The token was checked here and has done its work: without the query, tRPC expects no connection parameters.
    request.url = '/api';
    getWSConnectionHandler({
      wss: server,
      router,
      createContext: () => ({ caller }),
      onError: ({ error, path }) => {
        const expected = error.cause instanceof GatehouseError || error.code !== 'INTERNAL_SERVER_ERROR';
        socketLog[expected ? 'debug' : 'error']({ operation: path, err: error.cause ?? error }, 'operation failed');
      },
    })(socket, request);
  }

  return {
    accept(request, duplex, head) {
      if (sockets.size >= limits.maxSockets) return false;
      server.handleUpgrade(request, duplex, head, (socket) => {
        const socketLog = log.child({ socket: nextId++ });
        const state = { answered: true };
        sockets.set(socket, state);
        socket.on('pong', () => {
          state.answered = true;
        });
        socket.on('error', (error) => socketLog.debug({ err: error }, 'socket failed'));
        socket.on('close', () => sockets.delete(socket));
        authenticate(socket, sessions, limits.authenticateMs, (caller) => adopt(socket, request, caller, socketLog));
      });
      return true;
    },

    close() {
      clearInterval(pings);
      for (const socket of sockets.keys()) closeFirmly(socket, CLOSE_GOING_AWAY, 'the host is stopping');
    },
  };
}

/** Waits for the first message, for a while, and hands the socket on or closes it. */
function authenticate(socket: WebSocket, sessions: Sessions, withinMs: number, adopt: (caller: Caller) => void): void {
  const refuse = () => closeFirmly(socket, CLOSE_UNAUTHENTICATED, 'no session');
  const deadline = setTimeout(refuse, withinMs);
  socket.once('close', () => clearTimeout(deadline));
  socket.once('message', (data, isBinary) => {
    clearTimeout(deadline);
    const token = isBinary ? undefined : tokenIn(String(data));
    const caller = token === undefined ? undefined : sessions.findCaller(token);
    if (caller) adopt(caller);
    else refuse();
  });
}

/** tRPC's first message: {"method":"connectionParams","data":{"token":"…"}}. */
function tokenIn(message: string): string | undefined {
  if (message.length > 1024) return undefined;
  try {
    const token = (JSON.parse(message) as { data?: { token?: unknown } } | null)?.data?.token;
    return typeof token === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}

/** A viewer that stops reading (a suspended tab) must not fill our memory with what it will never see. */
function boundSending(socket: WebSocket, maxBufferedBytes: number, log: Logger): void {
  const send = socket.send.bind(socket) as (data: string) => void;
  socket.send = ((data: string) => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount <= maxBufferedBytes) {
      send(data);
      return;
    }
    log.warn({ bufferedBytes: socket.bufferedAmount }, 'slow viewer closed');
    closeFirmly(socket, CLOSE_SLOW_VIEWER, 'slow viewer');
  }) as WebSocket['send'];
}

function closeFirmly(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const firmly = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
  socket.once('close', () => clearTimeout(firmly));
}
