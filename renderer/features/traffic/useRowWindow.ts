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

/** Pure: the rows to draw. */
export function toRowWindow(count: number, scrollTop: number, height: number) {
  const first = Math.max(0, Math.min(count, Math.floor(scrollTop / ROW_HEIGHT) - OVERSCAN));
  const end = Math.min(count, Math.ceil((scrollTop + height) / ROW_HEIGHT) + OVERSCAN);
  return { first, end, above: first * ROW_HEIGHT, below: (count - end) * ROW_HEIGHT };
}

export function useRowWindow(count: number, headingHeight: number): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });

  const read = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    // Whole rows: scrolling by less than one draws nothing new.
    const top = Math.floor(element.scrollTop / ROW_HEIGHT) * ROW_HEIGHT;
    setView((now) =>
      now.top === top && now.height === element.clientHeight ? now : { top, height: element.clientHeight },
    );
  }, []);

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
      const top = index * ROW_HEIGHT;
      const lowest = top + ROW_HEIGHT + headingHeight - element.clientHeight;
      if (element.scrollTop > top) element.scrollTop = top;
      else if (element.scrollTop < lowest) element.scrollTop = lowest;
      requestAnimationFrame(() => requestAnimationFrame(done));
    },
    [headingHeight],
  );

  return { scroller, ...toRowWindow(count, view.top, view.height), isAtTop: view.top === 0, onScroll: read, reveal };
}
