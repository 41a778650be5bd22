// The relays of all forwards: one a container, opened with its first user and closed with its last.
import type { Duplex } from 'node:stream';
import type { Engine } from '../docker/engine.ts';
import { openRelay, type Relay } from '../tunnel/relay.ts';
import type { StartRelay } from '../tunnel/relayLink.ts';
import type { Carrier } from './forwardPlace.ts';
import { type RelaySource, startInContainer } from './relayStart.ts';

export interface PooledRelay {
  /** As of a relay: may be written to at once, its `error` says why the target was not reached. */
  connect: Relay['connect'];
  readonly state: Relay['state'];
  release(): void;
}

export interface RelayPool {
  acquire(carrier: Carrier, openEngine: () => Engine): PooledRelay;
  /** One that nobody else shares, since it is started in a way of its own. */
  openOwn(name: string, start: StartRelay, openEngine: () => Engine): PooledRelay;
  readonly size: number;
  close(): Promise<void>;
}

interface Entry {
  readonly relay: Relay;
  users: number;
}

/** A forward that is closed and opened again, or a second one, shall not wait for another exec. */
const lingerMs = 2000;

export function createRelayPool(source: RelaySource): RelayPool {
  const entries = new Map<string, Entry>();
  const closing = new Set<Promise<void>>();

  const end = (key: string, entry: Entry) => {
    if (entries.get(key) === entry) entries.delete(key);
    const ended = entry.relay.close().finally(() => closing.delete(ended));
    closing.add(ended);
  };
  const use = (key: string, open: () => Relay, keepMs: number): PooledRelay => {
    const entry = entries.get(key) ?? { relay: open(), users: 0 };
    entries.set(key, entry);
    entry.users += 1;
    let isReleased = false;
    return {
      state: entry.relay.state,
      connect: (target): Promise<Duplex> => entry.relay.connect(target),
      release() {
        if (isReleased) return;
        isReleased = true;
        entry.users -= 1;
        const endUnused = () => {
          if (entry.users === 0 && entries.get(key) === entry) end(key, entry);
        };
        if (keepMs === 0) endUnused();
        else setTimeout(endUnused, keepMs).unref();
      },
    };
  };
  let ownCount = 0;

  return {
    acquire({ container, startedAt, name }, openEngine) {
      const start: StartRelay = (engine) => startInContainer(engine, { container, name, source });
      const open = () => openRelay({ openEngine, container, name, start });
      return use(`${container} ${startedAt}`, open, lingerMs);
    },
    openOwn(name, start, openEngine) {
      ownCount += 1;
      return use(`own ${ownCount}`, () => openRelay({ openEngine, container: name, name, start }), 0);
    },
    get size() {
      return entries.size;
    },
    async close() {
      for (const [key, entry] of [...entries]) end(key, entry);
      await Promise.all(closing);
    },
  };
}
