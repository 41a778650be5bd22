// Which rows of equal height are in view. Constant time a frame, whatever is above and below: a general virtualizer
// measures every row again when rows come in at the top, as they do here.
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** Equals --row-height. */
export const ROW_HEIGHT = 31;
const OVERSCAN = 6;

export interface RowWindow {
  scroller: RefObject<HTMLDivElement | null>;
  /** From first (included) to end (excluded). */
  first: number;
  end: number;
  /** Pixels that stand for the rows above and below. */
  above: number;
  below: number;
  isAtTop: boolean;
  onScroll: () => void;
  /** Brings a row into view below the heading, and calls back when it is drawn. */
  reveal: (index: number, done: () => void) => void;
}

export interface RowWindowOptions {
  rowHeight?: number;
  /** The last rows, whatever was scrolled to. */
  atEnd?: boolean;
}

export interface Scrolled {
  top: number;
  height: number;
}

/** Pure: the rows to draw. */
export function toRowWindow(count: number, { top, height }: Scrolled, rowHeight = ROW_HEIGHT) {
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight) - OVERSCAN));
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + OVERSCAN);
  return { first, end, above: first * rowHeight, below: (count - end) * rowHeight };
}

export function useRowWindow(count: number, headingHeight: number, options: RowWindowOptions = {}): RowWindow {
  const { rowHeight = ROW_HEIGHT, atEnd = false } = options;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });

  const read = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    // Whole rows: scrolling by less than one draws nothing new.
    const top = Math.floor(element.scrollTop / rowHeight) * rowHeight;
    setView((now) =>
      now.top === top && now.height === element.clientHeight ? now : { top, height: element.clientHeight },
    );
  }, [rowHeight]);

  useEffect(() => {
    if (!scroller.current) return;
    const observer = new ResizeObserver(read);
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [read]);

  const reveal = useCallback(
    (index: number, done: () => void) => {
      const element = scroller.current;
      if (!element) return;
      const top = index * rowHeight;
      const lowest = top + rowHeight + headingHeight - element.clientHeight;
      if (element.scrollTop > top) element.scrollTop = top;
      else if (element.scrollTop < lowest) element.scrollTop = lowest;
      requestAnimationFrame(() => requestAnimationFrame(done));
    },
    [headingHeight, rowHeight],
  );

  const end = Math.max(0, count * rowHeight + headingHeight - view.height);
  const shown = toRowWindow(count, { top: atEnd ? end : view.top, height: view.height }, rowHeight);
  return { scroller, ...shown, isAtTop: view.top === 0, onScroll: read, reveal };
}
