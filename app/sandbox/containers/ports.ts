// Where container ports are bound on this machine. Every port gets a loopback address; a published one shows it.
import { createServer } from 'node:net';
import { EngineError } from '../http/engineError.ts';
import type { ContainerSpec } from './spec.ts';

export const LOOPBACK = '127.0.0.1';
const FIRST_PORT = 21_000;
const LAST_PORT = 31_999;
const PORTS_A_CONTAINER = 50;

export interface PortMapping {
  containerPort: number;
  hostPort: number;
  /** Whether the client asked for it to be reachable. An unpublished one is bound too, but only hosts.json knows it. */
  published: boolean;
  /** The client named the host port, so that no other will do. */
  stated: boolean;
}

export interface WantedPort {
  containerPort: number;
  published: boolean;
  /** 0: any. */
  hostPort: number;
}

/** Throws EngineError 400 for what is not a port. Pure. */
export function toWantedPorts(
  spec: ContainerSpec,
  imagePorts: readonly number[],
): { ports: WantedPort[]; warnings: string[] } {
  const ports = new Map<number, WantedPort>();
  const warnings: string[] = [];
  for (const port of imagePorts) ports.set(port, { containerPort: port, published: false, hostPort: 0 });
  for (const text of spec.exposed) {
    const { port, protocol } = parsePort(text);
    if (protocol !== 'tcp') {
      warnings.push(`port ${text}: the sandbox has TCP alone`);
      continue;
    }
    const [binding, ...more] = spec.bindings[text] ?? [];
    if (more.length > 0) warnings.push(`port ${text}: the sandbox publishes one address a port, the first`);
    if (binding && !['', LOOPBACK, 'localhost'].includes(binding.hostIp)) {
      warnings.push(`port ${text}: the sandbox publishes on ${LOOPBACK} alone, not on ${binding.hostIp}`);
    }
    const hostPort = binding === undefined ? 0 : parseHostPort(binding.hostPort);
    ports.set(port, { containerPort: port, published: binding !== undefined, hostPort });
  }
  if (ports.size > PORTS_A_CONTAINER)
    throw new EngineError(400, `a container has at most ${PORTS_A_CONTAINER} ports here`);
  return { ports: [...ports.values()], warnings };
}

function parsePort(text: string): { port: number; protocol: string } {
  const match = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(text);
  const port = Number(match?.[1] ?? 0);
  if (port < 1 || port > 65_535) throw new EngineError(400, `invalid port specification: ${JSON.stringify(text)}`);
  return { port, protocol: match?.[2] ?? 'tcp' };
}

function parseHostPort(text: string): number {
  if (text === '') return 0;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new EngineError(400, `invalid published port: ${JSON.stringify(text)}`);
  }
  return Number(text);
}

export type Availability = 'free' | 'taken' | 'denied';

/** Tries it, since nothing else knows about the other programs of the machine. */
export function probePort(port: number): Promise<Availability> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EACCES' ? 'denied' : 'taken'));
    server.listen(port, LOOPBACK, () => server.close(() => resolve('free')));
  });
}

export interface PortAllocator {
  /** A free port that no other container has. Throws EngineError 500 when none is left. */
  allocate(): Promise<number>;
  release(port: number): void;
}

export function createPortAllocator(random: () => number = Math.random): PortAllocator {
  const held = new Set<number>();
  const span = LAST_PORT - FIRST_PORT + 1;
  // Begins somewhere else each time, so that two engines on one machine rarely try the same port at the same time.
  let next = FIRST_PORT + Math.floor(random() * span);
  return {
    async allocate() {
      for (let tries = 0; tries < span; tries += 1) {
        const port = next;
        next = next === LAST_PORT ? FIRST_PORT : next + 1;
        if (held.has(port)) continue;
        held.add(port);
        if ((await probePort(port)) === 'free') return port;
        held.delete(port);
      }
      throw new EngineError(500, `no loopback port between ${FIRST_PORT} and ${LAST_PORT} is free`);
    },
    release(port) {
      held.delete(port);
    },
  };
}
