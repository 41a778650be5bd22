// The host's one HTTP server, on loopback: guard first, then files, session and the WebSocket.
import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Handlers } from '../contract/index.ts';
import { answer, type HttpParts, toGuarded } from './httpAnswers.ts';
import { decide } from './requestGuard.ts';
import { createSocketApi, SOCKET_LIMITS, type SocketLimits } from './socketApi.ts';

export interface ServerOptions extends HttpParts {
  /** 0: any free port. */
  readonly port: number;
  readonly handlers: Handlers;
  readonly limits?: Partial<SocketLimits>;
}

export interface HostServer {
  readonly port: number;
  /** http://127.0.0.1:7788 */
  readonly url: string;
  /** Ends every connection; resolves when the port is free. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** Files are read from memory and bodies are tiny: who takes longer holds a connection for its own sake. */
const TIMEOUTS = {
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
};
const MAX_CONNECTIONS = 256;
const CLOSE_GRACE_MS = 1000;

/** Throws what `listen` throws, `EADDRINUSE` among it. */
export async function startServer(options: ServerOptions): Promise<HostServer> {
  const { handlers, sessions, log } = options;
  const sockets = createSocketApi({ handlers, sessions, log, limits: { ...SOCKET_LIMITS, ...options.limits } });
  const server = createServer({
    ...TIMEOUTS,
    maxHeaderSize: 16 * 1024,
    // Whoever asks for another protocol (h2c) gets an answer in this one (RFC 9110, section 7.8).
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('request', (request, response) => void answer(request, response, options));
  server.on('upgrade', (request, socket, head) => {
    // Before anything else: a reset in between would end the process.
    socket.on('error', (error) => log.debug({ err: error }, 'upgrade failed'));
    const decision = decide(toGuarded(request, true));
    if (!decision.allow) {
      log.warn({ code: decision.code }, 'upgrade refused');
      refuseUpgrade(socket, decision.status, decision.code);
    } else if (!sockets.accept(request, socket, head)) {
      log.warn('upgrade refused: too many sockets');
      refuseUpgrade(socket, 503, 'too-many-sockets');
    }
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Browsers connect ahead of what they will ask; an answer that lies there already would be the one to that request.
    if ((socket as Socket).bytesRead === 0) socket.destroy();
    else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') refuseUpgrade(socket, 408, 'request-timeout');
    else refuseUpgrade(socket, 400, 'malformed');
  });
  try {
    await listen(server, options.port);
  } catch (error) {
    sockets.close();
    throw error;
  }
  const { port } = server.address() as { port: number };
  return {
    port,
    url: `http://${LOOPBACK}:${port}`,
    close: () =>
      new Promise((resolve) => {
        sockets.close();
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS).unref();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: LOOPBACK, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A bare answer on a socket that has no response object. */
function refuseUpgrade(socket: Duplex, status: number, code: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = `${JSON.stringify({ code })}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nConnection: close\r\nCache-Control: no-store\r\n` +
      `Content-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
