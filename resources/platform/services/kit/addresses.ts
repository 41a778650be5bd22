// Where a port of this program is bound, and where a name of the platform is dialled. Inside a container both are
// what they seem; as a plain process, the engine that started it says so in two environment variables.
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';

export interface Address {
  host: string;
  port: number;
}

/** Reads `127.0.0.1:21005` or `[::1]:21005`. Throws with the value when it is neither. */
export function parseAddress(text: string): Address {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65535) throw new Error(`address ${JSON.stringify(text)} is not host:port`);
  return { host, port };
}

export type PortMap = ReadonlyMap<number, Address>;

/** Reads GATEHOUSE_PORTS, `{"8000":"127.0.0.1:21005"}`. Undefined when it is not set: every port is then its own. */
export function parsePortMap(text: string | undefined): PortMap | undefined {
  if (text === undefined || text === '') return undefined;
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new Error(`GATEHOUSE_PORTS is not JSON: ${text.slice(0, 200)}`);
  }
  const entries = toStringEntries(given);
  return new Map(
    entries.map(([port, address]) => {
      const parsed = parseAddress(address);
      // A name would be resolved at listen time, perhaps to more than loopback.
      if (isIP(parsed.host) === 0) throw new Error(`GATEHOUSE_PORTS: ${address} must name an IP address`);
      return [Number(port), parsed];
    }),
  );
}

/** Where container port `port` is to be bound. Throws when a map is there and leaves the port out. */
export function findListenAddress(ports: PortMap | undefined, port: number): Address {
  if (ports === undefined) return { host: '0.0.0.0', port };
  const mapped = ports.get(port);
  if (mapped === undefined) {
    throw new Error(`port ${port} is not in GATEHOUSE_PORTS, which is set; add it (expose the port) or unset it`);
  }
  return mapped;
}

/** How long a look at the hosts file is good for; the engine rewrites it when containers come and go. */
const HOSTS_CHECK_MS = 250;
const HOSTS_LIMIT_BYTES = 1024 * 1024;

/** Answers where to dial `name:port`: the hosts file's address where it names one, else the name itself (DNS). */
export function createDialler(hostsFile: string | undefined, now: () => number = Date.now) {
  let checkedAt = Number.NEGATIVE_INFINITY;
  let seen = '';
  let addresses: ReadonlyMap<string, Address> = new Map();

  function refresh(file: string): void {
    if (now() - checkedAt < HOSTS_CHECK_MS) return;
    checkedAt = now();
    try {
      const { mtimeMs, size, ino } = statSync(file);
      const stamp = `${mtimeMs}:${size}:${ino}`;
      if (stamp === seen || size > HOSTS_LIMIT_BYTES) return;
      const entries = toStringEntries(JSON.parse(readFileSync(file, 'utf8')));
      addresses = new Map(entries.map(([name, address]) => [name, parseAddress(address)]));
      seen = stamp;
    } catch {
      // Between two writes, or not there yet: what was last read stays good.
    }
  }

  return (name: string, port: number): Address => {
    if (hostsFile !== undefined) refresh(hostsFile);
    return addresses.get(`${name}:${port}`) ?? { host: name, port };
  };
}

export type Dial = ReturnType<typeof createDialler>;

function toStringEntries(value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}
