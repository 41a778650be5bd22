// What one client may hold at a time: connections by address, running requests by address or user. A key is kept only
// while it holds something, so their number is bounded by that of connections and requests.

export interface Caps {
  /** What was refused since the start. */
  readonly refused: { connections: number; requests: number };
  /** Counts one more, unless the limit is reached. */
  enter(key: string, limit: number): boolean;
  hasRoom(key: string, limit: number): boolean;
  /** Gives one back. */
  leave(key: string): void;
  /** The same for connections. They are counted without a limit too: a cap that comes later has to know them. */
  connect(address: string, limit: number | null): boolean;
  disconnect(address: string): void;
}

export function createCaps(): Caps {
  const requests = new Map<string, number>();
  const connections = new Map<string, number>();
  const refused = { connections: 0, requests: 0 };
  return {
    refused,
    enter(key, limit) {
      const held = requests.get(key) ?? 0;
      if (held >= limit) {
        refused.requests += 1;
        return false;
      }
      requests.set(key, held + 1);
      return true;
    },
    hasRoom: (key, limit) => (requests.get(key) ?? 0) < limit,
    leave: (key) => giveBack(requests, key),
    connect(address, limit) {
      const held = connections.get(address) ?? 0;
      if (limit !== null && held >= limit) {
        refused.connections += 1;
        return false;
      }
      connections.set(address, held + 1);
      return true;
    },
    disconnect: (address) => giveBack(connections, address),
  };
}

function giveBack(held: Map<string, number>, key: string): void {
  const left = (held.get(key) ?? 1) - 1;
  if (left > 0) held.set(key, left);
  else held.delete(key);
}
