// Where the edge can be asked from here: through its published ports, on loopback or on the engine's own host. Pure.
import type { EngineAddress } from '../../docker/address.ts';
import type { Part, PublishedPortFact } from '../facts/facts.ts';
import { isLoopback } from '../rules/exposure.ts';
import { isEntry } from '../rules/roles.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
}

export type EdgeTarget =
  | { readonly kind: 'found'; readonly https: Place | null; readonly http: Place | null }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreachable'; readonly why: string };

const HTTPS = [443, 8443];

export function findEdgeTarget(
  facts: { readonly parts: readonly Pick<Part, 'kind' | 'ports'>[] },
  address: EngineAddress,
): EdgeTarget {
  const entries = facts.parts.filter((part) => isEntry(part, facts));
  if (entries.length === 0) return { kind: 'absent' };
  const ports = entries.flatMap(({ ports: published }) => published).filter(({ protocol }) => protocol === 'tcp');
  if (ports.length === 0) return { kind: 'unreachable', why: 'the edge publishes no port now' };
  const places = ports.map((port) => ({ port, place: toPlace(port, address) }));
  const isSecure = ({ containerPort, hostPorts }: PublishedPortFact) =>
    HTTPS.includes(containerPort) || hostPorts?.[0] === 443;
  const find = (secure: boolean) =>
    places.find(({ port, place }) => place !== null && isSecure(port) === secure)?.place ?? null;
  const [https, http] = [find(true), find(false)];
  if (https === null && http === null)
    return { kind: 'unreachable', why: 'its ports are published where this machine does not reach' };
  return { kind: 'found', https, http };
}

function toPlace(port: PublishedPortFact, address: EngineAddress): Place | null {
  const number = port.hostPorts?.[0];
  if (number === undefined || number === 0) return null;
  const isEverywhere = port.hostIp === '' || port.hostIp === '0.0.0.0' || port.hostIp === '::';
  // Never anywhere else than where the engine is: an address in an inspection is the word of somebody else.
  if (address.kind !== 'socket') return isEverywhere ? { host: address.host, port: number } : null;
  if (isEverywhere) return { host: '127.0.0.1', port: number };
  return isLoopback(port) ? { host: port.hostIp, port: number } : null;
}

export const toPlaceText = ({ host, port }: Place) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
