// Rows that are sorted by live figures hold still: the order is made anew every few seconds, not with each value.
import { useEffect, useRef, useState } from 'react';

/** Pure: items in a kept order; those that it does not know stand at the end, as given. */
export function keepOrder<T>(items: readonly T[], order: readonly string[], keyOf: (item: T) => string): T[] {
  const places = new Map(order.map((key, place) => [key, place]));
  const placeOf = (item: T) => places.get(keyOf(item)) ?? order.length;
  return [...items].sort((a, b) => placeOf(a) - placeOf(b));
}

export interface SlowOrderOptions<T> {
  keyOf: (item: T) => string;
  compare: (a: T, b: T) => number;
  everyMs: number;
}

/** Sorted at once when items come or go, otherwise every `everyMs`. */
export function useSlowOrder<T>(items: readonly T[], { keyOf, compare, everyMs }: SlowOrderOptions<T>): T[] {
  const [turn, setTurn] = useState(0);
  const kept = useRef<{ turn: number; members: string; order: string[] }>({ turn: -1, members: '', order: [] });
  useEffect(() => {
    const timer = setInterval(() => setTurn((now) => now + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);

  const members = items.map(keyOf).sort().join('\n');
  if (kept.current.turn !== turn || kept.current.members !== members) {
    kept.current = { turn, members, order: [...items].sort(compare).map(keyOf) };
  }
  return keepOrder(items, kept.current.order, keyOf);
}
