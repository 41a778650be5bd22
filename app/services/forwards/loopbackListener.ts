// One port on the loopback addresses of this machine, and nowhere else.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { GatehouseError } from '../../contract/index.ts';

export interface LoopbackListener {
  readonly port: number;
  /** `127.0.0.1`, and `::1` where this machine has it. */
  readonly addresses: readonly string[];
  /** Takes no more connections; those that are open are their owner's. */
  close(): void;
}

export interface ListenOptions {
  /** The port that was asked for: no other will do. */
  wanted: number | undefined;
  /** Tried first where none was asked for. */
  preferred: number;
  /** Who holds a port, in words. */
  describeHolder: (port: number) => Promise<string>;
  /** Half open, and paused until it is read. */
  onConnection: (socket: Socket) => void;
}

/** Below it a port belongs to the system, and listening takes a right of its own. */
const firstFreePort = 1024;
const triesOfAny = 20;
const nextPortsTried = 200;
const addresses = ['127.0.0.1', '::1'] as const;

/** Rejects with `port-taken` for a port that was asked for and is not free on both addresses. */
export async function listenOnLoopback(options: ListenOptions): Promise<LoopbackListener> {
  const { wanted, preferred } = options;
  if (wanted !== undefined) {
    const listener = await tryPort(wanted, options);
    if (typeof listener !== 'string') return listener;
    throw await toTaken(wanted, listener, options);
  }
  const first = preferred >= firstFreePort ? [preferred] : [];
  for (const port of [...first, ...Array.from({ length: triesOfAny }, () => 0)]) {
    const listener = await tryPort(port, options);
    if (typeof listener !== 'string') return listener;
  }
  throw new GatehouseError({
    code: 'port-taken',
    message: `No port of this machine was free in ${triesOfAny} tries.`,
    remedy: 'Name one that is free.',
  });
}

/**
 * Both addresses or none: were `[::1]` somebody else's, `localhost` would lead some programs there. Gives the code of
 * the failure.
 */
async function tryPort(port: number, { onConnection }: Pick<ListenOptions, 'onConnection'>) {
  const servers: Server[] = [];
  let bound = port;
  try {
    for (const host of addresses) {
      const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, onConnection);
      server.listen({ port: bound, host });
      try {
        await once(server, 'listening');
      } catch (error) {
        if (host === '::1' && isWithoutIpv6(error)) break;
        throw error;
      }
      // After it listens, what fails is one connection that could not be accepted.
      server.on('error', () => {});
      servers.push(server);
      bound = (server.address() as { port: number }).port;
    }
  } catch (error) {
    for (const server of servers) server.close();
    return String((error as NodeJS.ErrnoException).code ?? error);
  }
  return {
    port: bound,
    addresses: addresses.slice(0, servers.length),
    close() {
      for (const server of servers) server.close();
    },
  };
}

function isWithoutIpv6(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '');
}

async function toTaken(port: number, code: string, options: ListenOptions): Promise<GatehouseError> {
  const next = await findNextFree(port);
  const remedy =
    next === undefined ? 'Name another port, or none.' : `${next} is free; or name none, and one is chosen.`;
  if (code === 'EACCES') {
    return new GatehouseError({
      code: 'port-taken',
      message: `Port ${port} of this machine may not be listened on by you.`,
      remedy: `Ports below ${firstFreePort} take a right of their own. ${remedy}`,
    });
  }
  const holder = code === 'EADDRINUSE' ? await options.describeHolder(port) : code;
  return new GatehouseError({
    code: 'port-taken',
    message: `Port ${port} of this machine is taken: ${holder}.`,
    remedy,
  });
}

/** Tried by listening, since nothing else knows; it is closed again before anybody can connect. */
async function findNextFree(port: number): Promise<number | undefined> {
  const first = Math.max(port + 1, firstFreePort);
  for (let next = first; next <= Math.min(first + nextPortsTried, 65_535); next += 1) {
    const listener = await tryPort(next, { onConnection: (socket) => socket.destroy() });
    if (typeof listener === 'string') continue;
    listener.close();
    return next;
  }
  return undefined;
}
