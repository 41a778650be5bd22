// The lines in view: follows the newest one, stands still when one scrolls up, and walks by keys.
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useKeys } from '../../shell/useKeys.ts';
import classes from './LogList.module.css';
import { LogRowView, type OriginShown } from './LogRow.tsx';
import type { LogsShown } from './useLogs.ts';
import { useLogWindow } from './useLogWindow.ts';

const NEAR_END = 24;
/** More than a window ever draws. A line takes over the elements of one that has left: making new ones costs the most. */
const SLOTS = 512;

export interface LogListProps {
  logs: LogsShown;
  wrap: boolean;
  origin: OriginShown;
  label: string;
  selected: number | null;
  onSelect: (key: number | null) => void;
  /** Above the oldest line. */
  head: ReactNode;
  /** Epoch ms: begins at the first line of that moment or later; null: at the newest. */
  startAt: number | null;
}

export function LogList({ logs, wrap, origin, label, selected, onSelect, head, startAt }: LogListProps) {
  const { buffer, isFollowing, setFollowing } = logs;
  const lastTop = useRef(0);
  const count = buffer.rowCount;
  const first = buffer.findRow(0)?.key;
  const newest = buffer.findRow(count - 1)?.key;
  const view = useLogWindow(buffer, { wrap, isFollowing });
  const { scroller } = view;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line, and each change of heights, moves the end
  useEffect(() => {
    const element = scroller.current;
    if (isFollowing && element) element.scrollTop = element.scrollHeight;
  }, [isFollowing, newest, count, wrap, view.height]);

  const [start] = useState(() => (startAt === null ? -1 : buffer.findNext(-1, 1, ({ at }) => at >= startAt)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: where the list begins, once
  useEffect(() => {
    const key = start < 0 ? undefined : buffer.findRow(start)?.key;
    if (key === undefined) return;
    onSelect(key);
    view.scrollTo(start, 'center');
  }, []);

  // Older lines come in above what is read: it stays where it is.
  const before = useRef({ first, count });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new first key alone tells of them
  useEffect(() => {
    const { first: was } = before.current;
    before.current = { first, count };
    if (isFollowing || was === undefined || first === undefined || first >= was) return;
    const added = buffer.findIndex(was);
    if (added > 0) view.pushDown(added);
  }, [first]);

  const onScroll = () => {
    view.onScroll();
    const element = scroller.current;
    if (!element) return;
    const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
    // Only the reader scrolls up; new lines and new heights push down.
    if (element.scrollTop < lastTop.current && fromEnd > NEAR_END) setFollowing(false);
    else if (fromEnd <= 1) setFollowing(true);
    lastTop.current = element.scrollTop;
  };

  const choose = (index: number) => {
    const row = index < 0 ? undefined : buffer.findRow(index);
    if (!row) return;
    setFollowing(false);
    onSelect(row.key);
    view.scrollTo(index, 'auto');
  };
  const place = selected === null ? -1 : buffer.findIndex(selected);
  // What opens below takes room from the list: the chosen line stays in view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each choice
  useEffect(() => {
    if (place < 0) return;
    scroller.current?.querySelector(`[data-index="${place}"]`)?.scrollIntoView({ block: 'nearest', inline: 'start' });
  }, [selected]);
  const walk = (step: 1 | -1, onlyHits: boolean) => {
    const from = place >= 0 ? place : step === 1 ? -1 : count;
    choose(buffer.findNext(from, step, ({ isHit }) => isHit || !onlyHits));
  };
  useKeys({ n: () => walk(1, true), N: () => walk(-1, true), j: () => walk(1, false), k: () => walk(-1, false) });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === 'ArrowDown') walk(1, false);
    else if (event.key === 'ArrowUp') walk(-1, false);
    else if (event.key === 'End') setFollowing(true);
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
    if (!row || window.getSelection()?.type === 'Range') return;
    const key = buffer.findRow(Number(row.dataset.index))?.key ?? null;
    setFollowing(false);
    onSelect(key === selected ? null : key);
  };

  return (
    <section
      ref={scroller}
      className={classes.scroller}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onClick={onClick}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard (WCAG 2.1.1)
      tabIndex={0}
      aria-label={label}
    >
      <div className={classes.head}>{head}</div>
      <div className={classes.lines} data-wrap={wrap || undefined} style={{ height: view.height }}>
        {view.items.map(({ index, start }) => {
          const row = buffer.findRow(index);
          return row ? (
            <div
              // What was measured belongs to its line.
              key={wrap ? row.key : row.key & (SLOTS - 1)}
              ref={view.measure}
              data-index={index}
              className={classes.place}
              style={{ transform: `translateY(${start}px)` }}
            >
              <LogRowView row={row} origin={origin} isSelected={row.key === selected} />
            </div>
          ) : null;
        })}
      </div>
    </section>
  );
}
