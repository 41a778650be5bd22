// A text with its looks and hits → stretches that are drawn one after the other. Pure.
import type { TextStyle } from '../../../app/contract/index.ts';

export interface Segment {
  text: string;
  style: TextStyle | null;
  isHit: boolean;
}

type Stretch = readonly [start: number, end: number];

/** Together the segments are the text; styles and hits are in order and do not overlap among themselves. */
export function toSegments(text: string, styles: readonly TextStyle[], hits: readonly Stretch[]): Segment[] {
  if (styles.length === 0 && hits.length === 0) return text === '' ? [] : [{ text, style: null, isHit: false }];
  const places = new Set([0, text.length]);
  for (const { start, end } of styles) places.add(start).add(end);
  for (const [start, end] of hits) places.add(start).add(end);
  const borders = [...places].filter((place) => place <= text.length).sort((a, b) => a - b);
  return borders.slice(1).map((end, index) => {
    const start = borders[index] ?? 0;
    return {
      text: text.slice(start, end),
      style: styles.find((style) => style.start <= start && style.end >= end) ?? null,
      isHit: hits.some(([from, to]) => from <= start && to >= end),
    };
  });
}
