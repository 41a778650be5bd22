// Which of a container's addresses the application answers on, and which one is for /metrics alone. Every service joins
// the monitoring network; if its application answered there, any service could reach any other over it.
import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

export interface Bindings {
  application: string[];
  metrics: string[];
}

/** `monitoring` may name other containers too (replicas share an alias); only addresses of our own count. Pure. */
export function planBindings(own: readonly string[], monitoring: readonly string[]): Bindings {
  const apart = new Set(monitoring);
  return {
    application: own.filter((address) => !apart.has(address)),
    metrics: own.filter((address) => apart.has(address)),
  };
}

/** The addresses of this container, loopback included. Link-local ones need a scope and are nobody's way in. */
export function findOwnAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address)
    .filter((address) => !address.toLowerCase().startsWith('fe80:'));
}

/** What the alias on the monitoring network means now; empty when it is not known. */
export async function findMonitoringAddresses(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}
