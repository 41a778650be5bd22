// Where the window opens. Pure: what was remembered, checked against the displays that are there now.
import type { Rectangle } from 'electron';

export const MIN_SIZE = { width: 960, height: 600 };
const FIRST_SIZE = { width: 1440, height: 900 };

/** So much of its upper edge must be seen that it can be taken with the pointer. */
const GRIP = { width: 120, height: 32 };

/** Without a position the platform centres it. */
export type Placement = { readonly width: number; readonly height: number } & (
  | { readonly x: number; readonly y: number }
  | { readonly x?: never; readonly y?: never }
);

/** `workAreas` are the displays without their bars, the primary one first; there is always one. */
export function placeWindow(remembered: Rectangle | undefined, workAreas: readonly Rectangle[]): Placement {
  const home = remembered && workAreas.find((area) => isWithinReach(remembered, area));
  if (!remembered || !home) return toSize(remembered ?? FIRST_SIZE, workAreas[0]);
  return { x: remembered.x, y: remembered.y, ...toSize(remembered, home) };
}

/** A display that was unplugged, or has another resolution now, must not swallow the window. */
function isWithinReach({ x, y, width }: Rectangle, area: Rectangle): boolean {
  const seen = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  // A few points above are within reach: some platforms remember a frame that hangs over the edge.
  return seen >= GRIP.width && y >= area.y - GRIP.height / 2 && y + GRIP.height <= area.y + area.height;
}

function toSize(
  size: { width: number; height: number },
  area: Rectangle | undefined,
): { width: number; height: number } {
  const most = area ?? { ...FIRST_SIZE };
  return {
    width: Math.max(MIN_SIZE.width, Math.min(size.width, most.width)),
    height: Math.max(MIN_SIZE.height, Math.min(size.height, most.height)),
  };
}
