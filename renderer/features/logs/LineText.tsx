// A message as its program wanted it to look, with what the search found. Untrusted text: React text only.
import type { CSSProperties } from 'react';
import type { LogLine, TextStyle } from '../../../app/contract/index.ts';
import classes from './LogList.module.css';
import { type Segment, toSegments } from './lineSegments.ts';
import { toSafeColour } from './safeColour.ts';

export interface LineTextProps {
  text: string;
  styles?: readonly TextStyle[];
  hits: LogLine['hits'];
  /** Which piece of the line it is: 0 the message. */
  piece: number;
}

const none: readonly TextStyle[] = [];

export function LineText({ text, styles = none, hits, piece }: LineTextProps) {
  if (styles.length === 0 && hits.length === 0) return text;
  const own = hits.flatMap(([of, start, end]): [number, number][] => (of === piece ? [[start, end]] : []));
  return toSegments(text, styles, own).map((segment, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of a line keep their places
    <SegmentText key={index} segment={segment} />
  ));
}

function SegmentText({ segment: { text, style, isHit } }: { segment: Segment }) {
  if (isHit) return <mark className={classes.hit}>{text}</mark>;
  return style ? <span style={toCss(style)}>{text}</span> : text;
}

function toCss({ colour, bold, dim, italic, underline }: TextStyle): CSSProperties {
  const safe = colour === null ? null : toSafeColour(colour);
  return {
    // Dimming a colour would take the contrast that it was given.
    ...(safe ? { color: safe } : dim ? { color: 'var(--text-dim)' } : {}),
    ...(bold ? { fontWeight: 650 } : {}),
    ...(italic ? { fontStyle: 'italic' } : {}),
    ...(underline ? { textDecoration: 'underline' } : {}),
  };
}
