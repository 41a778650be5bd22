// Every address of a name, from DNS, or from the system where DNS does not know it.
import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Of a name that answers with more, the rest is left out: a set of replicas is bounded. */
const MAXIMUM_ADDRESSES = 256;

export interface NameAnswer {
  /** At least one, without repeats, in a stable order. */
  readonly addresses: readonly string[];
  /** null when nobody said how long it is valid. */
  readonly ttlMs: number | null;
}

export type ResolveName = (name: string) => Promise<NameAnswer>;

/** Rejects with the error of Node when there is no address. With `servers`, only those are asked. */
export function createNameResolver({ servers }: { servers?: readonly string[] } = {}): ResolveName {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (name) => {
    if (isIP(name) !== 0) return { addresses: [name], ttlMs: null };
    const answers = await Promise.allSettled([
      resolver.resolve4(name, { ttl: true }),
      resolver.resolve6(name, { ttl: true }),
    ]);
    const records = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (records.length > 0)
      return {
        addresses: toStableList(records.map(({ address }) => address)),
        ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1000,
      };
    const [first] = answers;
    if (servers) throw first.status === 'rejected' ? first.reason : new Error(`${name} has no address`);
    // A hosts file, or a name service that is not DNS.
    const found = await lookup(name, { all: true });
    return { addresses: toStableList(found.map(({ address }) => address)), ttlMs: null };
  };
}

function toStableList(addresses: readonly string[]): string[] {
  return [...new Set(addresses)].sort().slice(0, MAXIMUM_ADDRESSES);
}
