// What the head of a network's box says of its isolation. Pure; what nobody enforces is never called internal.
import type { EngineKind, Service, Topology } from '../../../app/contract/index.ts';
import { formatQuantity } from '../../components/format.ts';

export interface BoxHead {
  text: string;
  /** The whole truth, for the title. */
  title: string;
}

export function toBoxHead(
  network: Topology['networks'][number] | undefined,
  services: readonly Service[],
  engineKind: EngineKind | null,
): BoxHead {
  const publishing = services.filter(
    (service) => network?.services.includes(service.name) && toPublishedPorts(service).length > 0,
  );
  const ports = publishing.map((service) => `${service.name} publishes ${toPublishedPorts(service).join(', ')}`);
  const title = ports.length > 0 ? ports.join('\n') : 'No service on it publishes a port';
  if (!network || network.internal === null) {
    // Who is on no network may use the machine's, another container's, or none.
    return network && engineKind === 'sandbox'
      ? {
          text: 'isolation not enforced here',
          title: `Processes on loopback reach each other, whatever the network.\n${title}`,
        }
      : { text: 'isolation not known', title };
  }
  if (network.internal)
    return { text: 'internal', title: `No way in or out but through services on other networks.\n${title}` };
  if (ports.length === 0) return { text: 'not internal', title };
  const [only] = publishing;
  const text =
    ports.length === 1 && only
      ? `publishes ${toPublishedPorts(only).join(', ')}`
      : `${formatQuantity(ports.length, 'service')} publish ports`;
  return { text, title };
}

/** Host ports, each once: engines list them for IPv4 and for IPv6. */
function toPublishedPorts({ ports }: Service): number[] {
  return [...new Set(ports.map(({ hostPort }) => hostPort).filter((port) => port !== null))].sort((a, b) => a - b);
}
