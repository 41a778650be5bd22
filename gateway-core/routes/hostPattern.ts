// Host names as a route asks for them: `shop.example`, or `*.shop.example` for every name below it.

export function isHostMatch(hostName: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => doesMatch(hostName, pattern));
}

function doesMatch(hostName: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? hostName.endsWith(pattern.slice(1)) : hostName === pattern;
}

/** null is every host. undefined: no host fits both; below zero: `a` asks for less and goes first; zero: the same hosts. */
function comparePair(a: string | null, b: string | null): number | undefined {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  if (isWithin(a, b)) return -1;
  return isWithin(b, a) ? 1 : undefined;
}

/** Whether every host that fits `inner` fits `outer`. */
function isWithin(inner: string, outer: string): boolean {
  return outer.startsWith('*.') && (inner.startsWith('*.') ? inner.slice(1) : inner).endsWith(outer.slice(1));
}

/** Every way in which a host of `a` and one of `b` can be the same host, as comparePair says it; empty when none can. */
export function compareHosts(a: readonly string[] | null, b: readonly string[] | null): number[] {
  const found = new Set<number>();
  for (const one of a ?? [null])
    for (const other of b ?? [null]) {
      const order = comparePair(one, other);
      if (order !== undefined) found.add(order);
    }
  return [...found];
}
