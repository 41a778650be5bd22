import type { LogLine } from '../../contract/index.ts';
import type { RawLogLine } from '../docker/logStream.ts';
import { readLine } from './parse/readLine.ts';

/** Which log a line is from. */
export interface LogOrigin {
  service: string;
  container: string;
}

/** Pure. */
export function toLogLine({ service, container }: LogOrigin, raw: RawLogLine): LogLine {
  const { stamp, at, stream, text, cut } = raw;
  const parts = readLine(text);
  // Looks are of the whole text; the message is its end, or is not in it.
  const offset = text.length - parts.message.length;
  const isEnd = raw.styles.length > 0 && text.endsWith(parts.message);
  const styles = (isEnd ? raw.styles : [])
    .filter(({ end }) => end > offset)
    .map((style) => ({ ...style, start: Math.max(0, style.start - offset), end: style.end - offset }));
  return { at, stamp, service, container, stream, text, ...parts, styles, hits: [], isHit: false, cut, late: false };
}
