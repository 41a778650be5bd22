// One port of a service, open on this machine: its listener, its connections, and why it ends.
import type { Socket } from 'node:net';
import type { Forward } from '../../contract/index.ts';
import { carryConnection } from './forwardConnection.ts';
import { createForwardRoute, type RouteOptions } from './forwardRoute.ts';
import { type LoopbackListener, listenOnLoopback } from './loopbackListener.ts';

export interface OpenedForward {
  readonly id: string;
  snapshot(): Forward;
  /** Rates are those since the last call. */
  measure(): void;
  /** Resolves with the reason, when nothing of it is open any more. */
  readonly ended: Promise<string>;
  end(reason: string): void;
}

export interface ForwardOptions extends RouteOptions {
  readonly id: string;
  readonly localPort: number | undefined;
  readonly idleMs: number;
  readonly allowedHosts: readonly string[];
  readonly isUsuallyWeb: boolean;
  readonly openedBy: string;
  readonly reason: string | null;
  readonly describeHolder: (port: number) => Promise<string>;
  readonly now: () => number;
  /** Something that it shows is different. */
  onChange: () => void;
}

/** A container that is recreated is away for a while; a service that was removed stays away. */
const goneAfterMs = 60_000;
/** A relay carries no more. */
const connectionLimit = 256;

/** Rejects with a problem; nothing listens then. */
export async function openForward(options: ForwardOptions): Promise<OpenedForward> {
  const route = createForwardRoute(options);
  try {
    await route.find();
    const connections = createConnections(options, route.connect);
    const listener = await listenOnLoopback({
      wanted: options.localPort,
      preferred: options.target.port,
      describeHolder: options.describeHolder,
      onConnection: connections.take,
    });
    return keepOpen(options, { route, connections, listener });
  } catch (error) {
    route.close();
    throw error;
  }
}

interface Parts {
  readonly route: ReturnType<typeof createForwardRoute>;
  readonly connections: ReturnType<typeof createConnections>;
  readonly listener: LoopbackListener;
}

function keepOpen(options: ForwardOptions, { route, connections, listener }: Parts): OpenedForward {
  const { now, idleMs, onChange } = options;
  const openedAt = now();
  const ended = Promise.withResolvers<string>();
  let end: { at: number; reason: string } | undefined;
  let closesAt: number | null = null;
  let idle: NodeJS.Timeout | undefined;
  let gone: NodeJS.Timeout | undefined;

  const close = (reason: string) => {
    if (end) return;
    end = { at: now(), reason };
    clearTimeout(idle);
    clearTimeout(gone);
    for (const stop of stops) stop();
    listener.close();
    connections.closeAll();
    route.close();
    onChange();
    ended.resolve(reason);
  };
  const watchIdle = () => {
    clearTimeout(idle);
    closesAt = connections.openCount > 0 ? null : now() + idleMs;
    if (closesAt !== null) idle = setTimeout(() => close(`nobody was connected for ${toMinutes(idleMs)}`), idleMs);
  };
  const watchRoute = () => {
    const { current } = route.state;
    clearTimeout(gone);
    if (current.kind === 'waiting' && current.isGone)
      gone = setTimeout(() => close(`${options.target.service} was removed from the project`), goneAfterMs);
    onChange();
  };
  const stops = [
    route.state.onChange(watchRoute),
    connections.onCount(() => {
      if (!end) watchIdle();
      onChange();
    }),
  ];
  watchIdle();

  return {
    id: options.id,
    ended: ended.promise,
    end: close,
    measure: connections.measure,
    snapshot() {
      const state = route.state.current;
      const isOpen = state.kind === 'open';
      return {
        id: options.id,
        environment: options.live.id,
        ...options.target,
        state: end ? 'ended' : state.kind,
        detail: end ? end.reason : isOpen ? `through ${state.through}, on ${state.network}` : state.reason,
        through: isOpen && !end ? state.through : null,
        helper: isOpen && !end ? state.helper : null,
        localPort: listener.port,
        addresses: [...listener.addresses],
        openedBy: options.openedBy,
        reason: options.reason,
        openedAt,
        endedAt: end?.at ?? null,
        closesAt: end ? null : closesAt,
        ...connections.read(),
      };
    },
  };
}

function toMinutes(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return minutes === 1 ? 'a minute' : `${minutes} minutes`;
}

/** What is connected now, and what has passed. */
function createConnections(options: ForwardOptions, connect: Parameters<typeof carryConnection>[0]['connect']) {
  const sockets = new Set<Socket>();
  const counts = { total: 0, failed: 0, refused: 0 };
  const bytes = { sent: 0, received: 0 };
  let measured = { at: performance.now(), sent: 0, received: 0 };
  let rates = { sent: 0, received: 0 };
  let lastFailure: string | null = null;
  let kind: boolean | null = null;
  let tellCount = () => {};

  const fail = (reason: string) => {
    counts.failed += 1;
    lastFailure = reason.slice(0, 300);
  };
  return {
    take(socket: Socket): void {
      counts.total += 1;
      if (sockets.size >= connectionLimit) {
        fail(`${connectionLimit} connections are open, which is the most`);
        socket.on('error', () => {}).resetAndDestroy();
        tellCount();
        return;
      }
      sockets.add(socket);
      tellCount();
      const carried = carryConnection({
        socket,
        connect,
        allowedHosts: options.allowedHosts,
        onSent: (count) => {
          bytes.sent += count;
        },
        onReceived: (count) => {
          bytes.received += count;
        },
        onKind: (isHttp) => {
          kind ??= isHttp;
        },
        onRefused: (reason) => {
          counts.refused += 1;
          lastFailure = `a request was refused: ${reason}`;
        },
        onFailed: fail,
      });
      void carried.then(() => {
        sockets.delete(socket);
        tellCount();
      });
    },
    get openCount() {
      return sockets.size;
    },
    onCount(listener: () => void): () => void {
      tellCount = listener;
      return () => {
        tellCount = () => {};
      };
    },
    measure(): void {
      const at = performance.now();
      const seconds = Math.max(0.001, (at - measured.at) / 1000);
      rates = {
        sent: Math.round((bytes.sent - measured.sent) / seconds),
        received: Math.round((bytes.received - measured.received) / seconds),
      };
      measured = { at, ...bytes };
    },
    closeAll(): void {
      for (const socket of sockets) socket.destroy();
    },
    read(): Pick<Forward, 'connections' | 'lastFailure' | 'traffic' | 'isWeb'> {
      return {
        isWeb: kind ?? options.isUsuallyWeb,
        connections: { open: sockets.size, ...counts },
        lastFailure,
        traffic: {
          sentBytes: bytes.sent,
          receivedBytes: bytes.received,
          sentBytesPerSecond: rates.sent,
          receivedBytesPerSecond: rates.received,
        },
      };
    },
  };
}
