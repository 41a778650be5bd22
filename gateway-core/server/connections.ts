// The open connections of clients, upgraded ones too: for draining, and for whoever looks which are too slow.
import type { Exchange } from '../exchange/exchange.ts';
import type { ClientConnection } from './http1/clientConnection.ts';

/** What the client did not do in time. */
type Slowness = 'body' | 'answer';

export interface Connections {
  readonly count: number;
  /** How many were cut for being slow, since the start. */
  readonly cut: Record<Slowness, number>;
  add(connection: ClientConnection): void;
  all(): Iterable<ClientConnection>;
  /** Ends those that wait for another request. */
  closeIdle(): void;
  destroyAll(): void;
  /** What a connection has become; undefined while it speaks HTTP. */
  readonly upgraded: WeakMap<ClientConnection, Exchange>;
}

export function trackConnections(): Connections {
  const open = new Set<ClientConnection>();
  return {
    cut: { body: 0, answer: 0 },
    upgraded: new WeakMap(),
    add(connection) {
      open.add(connection);
      connection.socket.once('close', () => open.delete(connection));
    },
    get count() {
      return open.size;
    },
    all: () => open.values(),
    closeIdle() {
      for (const connection of open) if (connection.isIdle) connection.destroy();
    },
    destroyAll() {
      for (const connection of open) connection.destroy();
    },
  };
}
