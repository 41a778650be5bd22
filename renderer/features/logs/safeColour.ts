// Colours that programs write in, made readable on our grounds: towards white in the dark scheme, towards black in the
// light one, until the contrast is enough. Pure.
import type { NamedColour } from '../../../app/contract/index.ts';

type Rgb = readonly [number, number, number];

/** The sixteen names, as their hues are usually drawn. */
const named: Readonly<Record<NamedColour, string>> = {
  black: '#5c6370',
  red: '#d9534f',
  green: '#3fa66b',
  yellow: '#b58900',
  blue: '#4a7fd6',
  magenta: '#b05fc4',
  cyan: '#2a9da8',
  white: '#aab2bf',
  brightBlack: '#7f8794',
  brightRed: '#f0716d',
  brightGreen: '#5fc98c',
  brightYellow: '#dcb44a',
  brightBlue: '#7aa6f0',
  brightMagenta: '#cf8ae0',
  brightCyan: '#5fc4cf',
  brightWhite: '#dfe4ec',
};

/** The lightest dark and the darkest light that text of a log stands on: a row that the pointer is on, or that is in trouble. */
export const grounds = { dark: '#2a333f', light: '#e4e9f0' } as const;
/** WCAG 2.2, 1.4.3. */
const enough = 4.5;

/** `light-dark(…, …)`: the page's scheme chooses. Unknown text is no colour. */
export function toSafeColour(colour: string): string | null {
  const known = safe.get(colour);
  if (known) return known;
  const written = Object.hasOwn(named, colour) ? named[colour as NamedColour] : colour;
  if (!/^#[0-9a-f]{6}$/.test(written)) return null;
  const made = `light-dark(${toReadable(written, grounds.light, '#000000')}, ${toReadable(written, grounds.dark, '#ffffff')})`;
  // True colour has sixteen million of them.
  if (safe.size >= 500) safe.clear();
  safe.set(colour, made);
  return made;
}

const safe = new Map<string, string>();

export function toReadable(colour: string, ground: string, towards: string): string {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(toRgb(colour), toRgb(towards), share);
    if (contrast(mixed, toRgb(ground)) >= enough) return toHex(mixed);
  }
  return towards;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

export function toRgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => Math.round(a[index] + (b[index] - a[index]) * share);
  return [part(0), part(1), part(2)];
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** WCAG's relative luminance. */
function luminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
