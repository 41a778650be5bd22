// Which service an arrow key leads to. Pure geometry: what one sees to the right is to the right.
import type { Place } from './layoutGraph.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

export const arrowDirections: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** How much worse a step aside is than one in the direction. */
const ASIDE = 2;

/** The nearest one in that direction, straight on rather than aside; null at the border. */
export function findNeighbour(places: ReadonlyMap<string, Place>, from: string, direction: Direction): string | null {
  const start = places.get(from);
  if (!start) return null;
  let best: { name: string; distance: number } | null = null;
  for (const [name, place] of places) {
    const [ahead, aside] = toSteps(start, place, direction);
    if (name === from || ahead <= 0) continue;
    const distance = ahead + ASIDE * Math.abs(aside);
    if (!best || distance < best.distance) best = { name, distance };
  }
  return best?.name ?? null;
}

function toSteps(start: Place, place: Place, direction: Direction): [ahead: number, aside: number] {
  const [x, y] = [place.x - start.x, place.y - start.y];
  if (direction === 'right') return [x, y];
  if (direction === 'left') return [-x, y];
  return direction === 'down' ? [y, x] : [-y, x];
}

/** Box by box as they stand, and in each column by column from the top: callers before what they call. */
export function toReadingOrder(
  names: readonly string[],
  places: ReadonlyMap<string, Place>,
  boxOf: (name: string) => Place,
): string[] {
  return names.toSorted((a, b) => {
    const [boxA, boxB, placeA, placeB] = [boxOf(a), boxOf(b), places.get(a), places.get(b)];
    return (
      boxA.x - boxB.x || boxA.y - boxB.y || (placeA?.x ?? 0) - (placeB?.x ?? 0) || (placeA?.y ?? 0) - (placeB?.y ?? 0)
    );
  });
}
