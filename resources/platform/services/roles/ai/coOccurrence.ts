// Which things are bought by the same people: item-item cosine over who bought what (Sarwar et al., "Item-based
// collaborative filtering recommendation algorithms", WWW 2001), damped where it rests on few buyers.

export interface Neighbour {
  id: number;
  /** 0 to 1. */
  score: number;
}

export type Neighbours = ReadonlyMap<number, readonly Neighbour[]>;

/** Two buyers in common halve the score, ten leave five sixths of it: one shared buyer proves little. */
const DAMPING = 2;

/** Of every item that was bought with another one, the `limit` nearest, nearest first. A basket names an item once. */
export function findNeighbours(baskets: readonly (readonly number[])[], limit: number): Neighbours {
  const buyers = new Map<number, number>();
  const together = new Map<number, Map<number, number>>();
  for (const basket of baskets) {
    const items = new Set(basket);
    for (const item of items) {
      buyers.set(item, (buyers.get(item) ?? 0) + 1);
      const counts = together.get(item) ?? new Map<number, number>();
      together.set(item, counts);
      for (const other of items) if (other !== item) counts.set(other, (counts.get(other) ?? 0) + 1);
    }
  }
  const neighbours = new Map<number, Neighbour[]>();
  for (const [item, counts] of together) {
    const nearest = [...counts].map(([id, common]) => {
      const cosine = common / Math.sqrt((buyers.get(item) ?? 1) * (buyers.get(id) ?? 1));
      return { id, score: (cosine * common) / (common + DAMPING) };
    });
    nearest.sort((a, b) => b.score - a.score || a.id - b.id);
    if (nearest.length > 0) neighbours.set(item, nearest.slice(0, limit));
  }
  return neighbours;
}

/** Adds up what is near to the items that somebody has; those themselves are left out. */
export function rankNear(neighbours: Neighbours, had: ReadonlySet<number>): Neighbour[] {
  const scores = new Map<number, number>();
  for (const item of had) {
    for (const { id, score } of neighbours.get(item) ?? []) {
      if (!had.has(id)) scores.set(id, (scores.get(id) ?? 0) + score);
    }
  }
  return [...scores].map(([id, score]) => ({ id, score })).sort((a, b) => b.score - a.score || a.id - b.id);
}
