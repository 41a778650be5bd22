import type { Rectangle } from 'electron';
import { expect, test } from 'vitest';
import { type Placement, placeWindow } from './windowPlacement.ts';

const LAPTOP: Rectangle = { x: 0, y: 24, width: 1920, height: 1056 };
const LEFT: Rectangle = { x: -2560, y: 0, width: 2560, height: 1440 };
const at = (x: number, y: number, width = 1200, height = 800): Rectangle => ({ x, y, width, height });
const CENTRED: Placement = { width: 1200, height: 800 };

test.each<[name: string, remembered: Rectangle | undefined, displays: Rectangle[], placement: Placement]>([
  ['never placed', undefined, [LAPTOP], { width: 1440, height: 900 }],
  [
    'never placed, on a small display',
    undefined,
    [{ ...LAPTOP, width: 1280, height: 700 }],
    { width: 1280, height: 700 },
  ],
  ['where it was', at(100, 100), [LAPTOP], at(100, 100)],
  ['on the second display', at(-2000, 100), [LAPTOP, LEFT], at(-2000, 100)],
  ['on a display that is gone', at(-2000, 100), [LAPTOP], CENTRED],
  ['partly outside, but within reach', at(1700, 900), [LAPTOP], at(1700, 900)],
  ['hardly a corner within reach', at(1850, 100), [LAPTOP], CENTRED],
  ['left of the display but for a strip', at(-1150, 100), [LAPTOP], CENTRED],
  ['its title below the edge', at(100, 1070), [LAPTOP], CENTRED],
  ['its title above the edge', at(100, -300), [LAPTOP], CENTRED],
  ['a little above the edge', at(100, 10), [LAPTOP], at(100, 10)],
  ['larger than the display', at(0, 24, 5000, 3000), [LAPTOP], at(0, 24, 1920, 1056)],
  ['smaller than can be used', at(100, 100, 200, 100), [LAPTOP], at(100, 100, 960, 600)],
  ['no display known', at(100, 100), [], CENTRED],
])('%s', (_name, remembered, displays, placement) => {
  expect(placeWindow(remembered, displays)).toEqual(placement);
});
