// The one transport of every UI: a WebSocket a window, with the session's token as its first message.
import { createTRPCClient, createWSClient, type TRPCClient, TRPCClientError, wsLink } from '@trpc/client';
import { type Problem, problemSchema } from './problem.ts';
import type { GatehouseRouter } from './router.ts';

export interface ClientOptions {
  /** ws://127.0.0.1:7788/api */
  url: string;
  /** Read at each connect, so that a renewed session is used after a reconnect. */
  token: () => string | Promise<string>;
  onOpen?: () => void;
  /** Called on every loss of the connection; the client reconnects by itself with growing delays up to 2 s. */
  onClose?: (event: { code?: number } | undefined) => void;
  /** Node before 22 or a test may bring its own. */
  WebSocket?: typeof WebSocket;
}

export interface GatehouseClient {
  api: TRPCClient<GatehouseRouter>;
  close: () => Promise<void>;
}

/** Subscriptions survive a reconnect: they are asked again, and their first value is the current one. */
export function createClient(options: ClientOptions): GatehouseClient {
  const socket = createWSClient({
    url: options.url,
    connectionParams: async () => ({ token: await options.token() }),
    retryDelayMs: (attempt) => Math.min(2000, 100 * 2 ** attempt),
    keepAlive: { enabled: true, intervalMs: 5000, pongTimeoutMs: 3000 },
    ...(options.onOpen ? { onOpen: options.onOpen } : {}),
    ...(options.onClose ? { onClose: options.onClose } : {}),
    ...(options.WebSocket ? { WebSocket: options.WebSocket } : {}),
  });
  const api = createTRPCClient<GatehouseRouter>({ links: [wsLink({ client: socket })] });
  return { api, close: () => socket.close() };
}

/** The problem inside an error of the client; a lost connection is a problem too. */
export function problemOf(error: unknown): Problem {
  if (error instanceof TRPCClientError) {
    const parsed = problemSchema.safeParse((error.data as { problem?: unknown } | undefined)?.problem);
    if (parsed.success) return parsed.data;
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : 'The host did not answer.',
    remedy: 'Check that `gatehouse serve` still runs; the console connects again by itself.',
  };
}
