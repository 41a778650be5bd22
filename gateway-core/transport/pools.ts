// Keep-alive connections to each upstream, by its stable name. When its address changes, new requests use a new pool at
// once, and the old one closes when its requests are done.
import { Pool } from 'undici';
import type { Upstream } from '../config/document.ts';

/** More than one gateway process can use well; beyond it, requests wait for a connection. */
const MAXIMUM_CONNECTIONS = 512;

export interface Pools {
  get(upstream: Upstream, address: string): Pool;
  /** Lets the pools of upstreams that are no longer configured end with their requests. */
  reconcile(upstreams: readonly Upstream[]): void;
  /** Of the pools that take new requests. */
  stats(): { upstream: string; connected: number; free: number; queued: number }[];
  /** Ends idle connections now and the others when their requests are done. */
  close(): Promise<void>;
  /** Ends every connection now. */
  destroy(): Promise<void>;
}

export function createPools(): Pools {
  const pools = new Map<string, { address: string; pool: Pool }>();
  return {
    get(upstream, address) {
      const known = pools.get(upstream.name);
      if (known?.address === address) return known.pool;
      // Its requests are told by their own handlers how they ended; nothing else can be done with a failure to close.
      known?.pool.close().catch(() => undefined);
      const pool = createPool(upstream, address);
      pools.set(upstream.name, { address, pool });
      return pool;
    },
    reconcile(upstreams) {
      const names = new Set(upstreams.map(({ name }) => name));
      for (const [name, { pool }] of pools) {
        if (names.has(name)) continue;
        pools.delete(name);
        pool.close().catch(() => undefined);
      }
    },
    stats: () =>
      [...pools].map(([upstream, { pool }]) => {
        const { connected, free, queued } = pool.stats;
        return { upstream, connected, free, queued };
      }),
    close: async () => void (await Promise.allSettled([...pools.values()].map(({ pool }) => pool.close()))),
    destroy: async () => void (await Promise.allSettled([...pools.values()].map(({ pool }) => pool.destroy()))),
  };
}

function createPool(upstream: Upstream, address: string): Pool {
  return new Pool(`${upstream.secure ? 'https' : 'http'}://${address}`, {
    connections: MAXIMUM_CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    // Below the 5 s after which Node and many servers close an idle connection: a request must not meet a closing one.
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 60_000,
    // Ours is finer than undici's: see forwardHttp.ts.
    headersTimeout: 0,
    bodyTimeout: upstream.timeouts.idleMs,
    connect: {
      timeout: upstream.timeouts.connectMs,
      // The certificate is checked against the configured name, whatever address it was resolved to.
      ...(upstream.secure ? { servername: upstream.authority.replace(/:\d+$/, '') } : {}),
    },
  });
}
