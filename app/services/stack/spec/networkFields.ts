import { field, type Pair, setField } from './fieldPairs.ts';
import type { FieldSource } from './fields.ts';
import { readText } from './rawValues.ts';

/** Modes that name no network of the project. */
const standard = /^(none|host|bridge|default|container:.*)?$/;

export function toNetworkFields({ hostConfig, endpoints }: FieldSource): Pair[] {
  const mode = readText(hostConfig.NetworkMode);
  if (standard.test(mode)) return field('network_mode', mode === 'default' || mode === '' ? 'bridge' : mode);
  return endpoints.flatMap(({ network, aliases, links, ipv4Address, ipv6Address }) => [
    ...field(`networks.${network}`, 'joined'),
    ...setField(`networks.${network}.aliases`, aliases),
    ...setField(`networks.${network}.links`, links),
    ...field(`networks.${network}.ipv4_address`, ipv4Address ?? ''),
    ...field(`networks.${network}.ipv6_address`, ipv6Address ?? ''),
  ]);
}
