// Which lines are drawn, and where: counted while all are of one height, measured where they are broken.
import { useVirtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';
import { useRowWindow } from '../../components/useRowWindow.ts';
import type { LogBuffer } from './logBuffer.ts';

const ROW_HEIGHT = 21;
/** What stands above the oldest line; the same in the style. */
const HEAD_HEIGHT = 36;

export interface LogWindow {
  scroller: RefObject<HTMLDivElement | null>;
  onScroll: () => void;
  /** `start`: pixels below the head. */
  items: readonly { index: number; start: number }[];
  /** Of all lines together. */
  height: number;
  measure: ((element: HTMLElement | null) => void) | undefined;
  scrollTo: (index: number, align: 'auto' | 'center') => void;
  /** Lines came in above what is read. */
  pushDown: (lines: number) => void;
}

export interface LogWindowOptions {
  wrap: boolean;
  /** The end is shown, whatever was scrolled to: new lines are drawn with their arrival, not a frame later. */
  isFollowing: boolean;
}

export function useLogWindow(buffer: LogBuffer, { wrap, isFollowing }: LogWindowOptions): LogWindow {
  const count = buffer.rowCount;
  const even = useRowWindow(count, HEAD_HEIGHT, { rowHeight: ROW_HEIGHT, atEnd: isFollowing });
  const { scroller, onScroll } = even;
  const measured = useVirtualizer({
    enabled: wrap,
    count: wrap ? count : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    scrollMargin: HEAD_HEIGHT,
    getItemKey: (index) => buffer.findRow(index)?.key ?? index,
  });
  const pushDown = (lines: number) => {
    if (scroller.current) scroller.current.scrollTop += lines * ROW_HEIGHT;
  };
  if (wrap) {
    return {
      scroller,
      onScroll,
      items: measured.getVirtualItems().map(({ index, start }) => ({ index, start: start - HEAD_HEIGHT })),
      height: measured.getTotalSize(),
      measure: measured.measureElement,
      scrollTo: (index, align) => measured.scrollToIndex(index, { align }),
      pushDown,
    };
  }
  const { first, end } = even;
  return {
    scroller,
    onScroll,
    items: Array.from({ length: end - first }, (_, place) => ({
      index: first + place,
      start: (first + place) * ROW_HEIGHT,
    })),
    height: count * ROW_HEIGHT,
    measure: undefined,
    scrollTo: (index, align) => {
      const element = scroller.current;
      if (!element) return;
      const top = HEAD_HEIGHT + index * ROW_HEIGHT;
      const lowest = top + ROW_HEIGHT - element.clientHeight;
      if (align === 'center') element.scrollTop = (top + lowest) / 2;
      else if (element.scrollTop > top) element.scrollTop = top;
      else if (element.scrollTop < lowest) element.scrollTop = lowest;
    },
    pushDown,
  };
}
