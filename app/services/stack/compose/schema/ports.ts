// `ports` in its short form: `[[host_ip:][published[-published]]:]target[-target][/protocol]`. Pure.
import { isList, isMap, isText, type MapNode, type Node, type Place, toFields, toList, toText } from '../node.ts';
import { problemAt } from '../problem.ts';
import { list, record, text, whole } from './shape.ts';

const example = 'Write for example "8080:80", "127.0.0.1:8080:80/udp" or "9000-9001:80-81".';
const portMax = 65_535;
const protocols = ['tcp', 'udp', 'sctp'];

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface ShortPort {
  readonly hostIp?: string;
  readonly published?: PortRange;
  readonly target: PortRange;
  readonly protocol: string;
}

/** Says what is wrong in a text, instead of the port. */
export function parseShortPort(written: string): ShortPort | string {
  const [, address, suffix] = /^([^/]*)(?:\/([^/]*))?$/.exec(written) ?? [];
  const protocol = suffix || 'tcp';
  if (address === undefined || !protocols.includes(protocol.toLowerCase()))
    return `port "${written}" has no known protocol`;
  const parts = splitAddress(address);
  if (parts === undefined) return `port "${written}" has an address that is none`;
  const target = parseRange(parts.target);
  if (target === undefined) return `port "${written}" has no container port between 1 and ${portMax}`;
  if (parts.published === undefined || parts.published === '')
    return { ...hostIpOf(parts), target, protocol: protocol.toLowerCase() };
  const published = parseRange(parts.published);
  if (published === undefined) return `port "${written}" has no host port between 1 and ${portMax}`;
  const width = ({ first, last }: PortRange) => last - first;
  if (width(published) !== width(target) && width(target) > 0) {
    return `port "${written}" has ranges of different length`;
  }
  return { ...hostIpOf(parts), published, target, protocol: protocol.toLowerCase() };
}

interface AddressParts {
  readonly hostIp?: string;
  readonly published?: string;
  readonly target: string;
}

function hostIpOf({ hostIp }: AddressParts): { hostIp?: string } {
  return hostIp ? { hostIp } : {};
}

/** The last two colons divide; what is before them is an address, in brackets where it is IPv6. */
function splitAddress(address: string): AddressParts | undefined {
  const parts = address.split(':');
  const target = parts.at(-1) ?? '';
  if (parts.length === 1) return { target };
  const published = parts.at(-2) ?? '';
  if (parts.length === 2) return { published, target };
  const written = parts.slice(0, -2).join(':');
  const isBracketed = /^\[.*\]$/.test(written);
  const hostIp = isBracketed ? written.slice(1, -1) : written;
  // Without brackets the colons of IPv6 and those of the port cannot be told apart.
  if (isBracketed !== hostIp.includes(':')) return undefined;
  return hostIp === '' || isIpAddress(hostIp) ? { hostIp, published, target } : undefined;
}

export function isIpAddress(address: string): boolean {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  if (v4) return v4.slice(1).every((part) => Number(part) <= 255);
  return address.includes(':') && URL.canParse(`http://[${address.replace(/%.*$/, '')}]`);
}

function parseRange(written: string): PortRange | undefined {
  const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(written) ?? [];
  const range = { first: Number(first), last: Number(last) };
  const isPort = (port: number) => port <= portMax;
  return first !== '' && isPort(range.first) && isPort(range.last) && range.first <= range.last ? range : undefined;
}

/** A range of container ports becomes one port each; a range of host ports for one container port stays a range. */
export function expandPort(
  port: ShortPort,
): { target: number; published?: string; host_ip?: string; protocol: string }[] {
  const { hostIp, published, target, protocol } = port;
  const count = target.last - target.first + 1;
  return Array.from({ length: count }, (_, at) => ({
    ...(hostIp ? { host_ip: hostIp } : {}),
    target: target.first + at,
    ...(published ? { published: toPublished(published, count, at) } : {}),
    protocol,
  }));
}

function toPublished({ first, last }: PortRange, count: number, at: number): string {
  if (count > 1) return String(first + at);
  return first === last ? String(first) : `${first}-${last}`;
}

function toLongPorts(node: Node): Node {
  if (!isList(node)) return node;
  return toList(
    node.items.flatMap((item): readonly Node[] => {
      if (isMap(item)) return [item];
      if (item.kind === 'scalar' && typeof item.value === 'number')
        return [toPortNode({ target: item.value }, item.place)];
      if (!isText(item)) return [item];
      const parsed = parseShortPort(item.value);
      if (typeof parsed === 'string') throw problemAt(item.place, parsed, example);
      return expandPort(parsed).map((port) => toPortNode(port, item.place));
    }),
    node.place,
  );
}

function toPortNode(port: Readonly<Record<string, string | number>>, place: Place): MapNode {
  return toFields({ mode: 'ingress', ...port }, place);
}

function keyOfPort(item: Node): string | undefined {
  if (!isMap(item)) return undefined;
  const part = (key: string, otherwise: string) => toText(item.entries.get(key)) ?? otherwise;
  return `${part('host_ip', '0.0.0.0')}:${part('published', '')}:${part('target', '')}/${part('protocol', 'tcp')}`;
}

function findPortFault(node: Node): string | undefined {
  if (!isMap(node)) return undefined;
  const part = (key: string) => toText(node.entries.get(key)) || undefined;
  const target = parseRange(part('target') ?? '');
  if (!target || target.first !== target.last || target.first === 0) {
    return `must have a target, a container port between 1 and ${portMax}`;
  }
  const published = part('published');
  if (published !== undefined && !parseRange(published))
    return `has "${published}", which is no host port or range of them`;
  const protocol = part('protocol');
  if (protocol !== undefined && !protocols.includes(protocol)) return `has "${protocol}", which is no known protocol`;
  const hostIp = part('host_ip');
  return hostIp === undefined || isIpAddress(hostIp) ? undefined : `has "${hostIp}", which is no address`;
}

const port = record(
  {
    name: text(),
    mode: text(),
    host_ip: text(),
    target: whole(),
    published: text({ numbers: true }),
    protocol: text(),
    app_protocol: text(),
  },
  {
    fault: findPortFault,
    defaults(node) {
      if (!isMap(node)) return node;
      const entries = new Map(node.entries);
      for (const [key, value] of [
        ['mode', 'ingress'],
        ['protocol', 'tcp'],
      ] as const) {
        if (!entries.has(key)) entries.set(key, { kind: 'scalar', value, place: node.place });
      }
      return { ...node, entries };
    },
  },
);

export const ports = list(port, { toLong: toLongPorts, keyOf: keyOfPort });
