// Where the ports of a container can be reached, from its inspection.
import { z } from 'zod';
import type { PublishedPort } from '../../contract/index.ts';
import { text } from './answers.ts';

/** `NetworkSettings.Ports`: what is bound now, also where the engine chose the port. */
export const bindingsSchema = z
  .record(
    z.string(),
    z
      .array(z.object({ HostIp: text, HostPort: text }))
      .nullish()
      .catch(null),
  )
  .nullish()
  .catch({});

/** `Config.ExposedPorts`. */
export const exposedPortsSchema = z.record(z.string(), z.unknown()).nullish().catch({});

/** Published bindings first; an exposed port that is not published has no host address. */
export function toPorts(
  bindings: z.infer<typeof bindingsSchema>,
  exposed: z.infer<typeof exposedPortsSchema>,
): PublishedPort[] {
  const names = new Set([...Object.keys(bindings ?? {}), ...Object.keys(exposed ?? {})]);
  return [...names].flatMap((name): PublishedPort[] => {
    const port = parsePort(name);
    if (!port) return [];
    const published = bindings?.[name] ?? [];
    if (published.length === 0) return [{ ...port, hostIp: null, hostPort: null }];
    return published.map(({ HostIp, HostPort }) => ({ ...port, hostIp: HostIp, hostPort: Number(HostPort) || null }));
  });
}

function parsePort(name: string): Pick<PublishedPort, 'containerPort' | 'protocol'> | undefined {
  const match = /^(\d{1,5})\/(tcp|udp|sctp)$/.exec(name);
  if (!match) return undefined;
  return { containerPort: Number(match[1]), protocol: match[2] as PublishedPort['protocol'] };
}
