// After a reconnect the tap repeats what it keeps: known exchanges are dropped, gaps in a gateway's count are counted.
import type { Exchange } from '../../contract/index.ts';

export interface Sequence {
  take(exchange: Pick<Exchange, 'id' | 'gateway' | 'sequence'>): { isNew: boolean; missed: number };
}

const gatewayLimit = 64;

/** `capacity`: how many ids are remembered. */
export function createSequence(capacity: number): Sequence {
  // A Set keeps the order of insertion, so that the oldest go first.
  const ids = new Set<string>();
  const last = new Map<string, number>();

  const remember = <T extends { size: number; keys(): IterableIterator<string>; delete(key: string): boolean }>(
    collection: T,
    limit: number,
  ) => {
    const oldest = collection.size > limit ? collection.keys().next().value : undefined;
    if (oldest !== undefined) collection.delete(oldest);
  };

  return {
    take({ id, gateway, sequence }) {
      if (ids.has(id)) return { isNew: false, missed: 0 };
      ids.add(id);
      remember(ids, capacity);
      const before = last.get(gateway);
      last.delete(gateway);
      last.set(gateway, sequence);
      remember(last, gatewayLimit);
      // A lower number that is not known is a new process under the same name: its count began again.
      const missed = before !== undefined && sequence > before + 1 ? sequence - before - 1 : 0;
      return { isNew: true, missed };
    },
  };
}
