// The spans of a trace below each other, on one time axis; only the rows in view are drawn (treegrid of the ARIA APG).
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Trace } from '../../../app/contract/index.ts';
import { formatMs } from '../../components/format.ts';
import rowLook from '../../components/Rows.module.css';
import { useRowWindow } from '../../components/useRowWindow.ts';
import classes from './Waterfall.module.css';
import { WaterfallRow } from './WaterfallRow.tsx';
import { findParentRow, toBar, toCriticalBars, toTicks, toWaterfallRows } from './waterfallRows.ts';

export interface WaterfallProps {
  trace: Trace;
  /** By service. */
  colours: ReadonlyMap<string, string>;
  folded: ReadonlySet<string>;
  onFold: (folded: ReadonlySet<string>) => void;
  selected: string | null;
  onSelect: (span: string) => void;
}

const HEADING_HEIGHT = 28;

export function Waterfall({ trace, colours, folded, onFold, selected, onSelect }: WaterfallProps) {
  const rows = useMemo(() => toWaterfallRows(trace.spans, folded), [trace.spans, folded]);
  const critical = useMemo(() => toCriticalBars(trace), [trace]);
  const [focused, setFocused] = useState<string | null>(null);
  const view = useRowWindow(rows.length, HEADING_HEIGHT);
  const shown = rows.slice(view.first, view.end);
  const keys = shown.map(({ span }) => span.id);
  const tabStop = [focused, selected].find((id) => id !== null && keys.includes(id)) ?? keys[0];
  useRevealed(selected, (id) =>
    view.reveal(
      rows.findIndex(({ span }) => span.id === id),
      () => {},
    ),
  );

  const moveTo = (index: number) => {
    const row = rows[index];
    if (!row) return;
    setFocused(row.span.id);
    if (selected !== null) onSelect(row.span.id);
    view.reveal(index, () =>
      view.scroller.current?.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(row.span.id)}"]`)?.focus(),
    );
  };
  const fold = (id: string, isFolded: boolean) => {
    const next = new Set(folded);
    if (isFolded) next.add(id);
    else next.delete(id);
    onFold(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const index = findIndex(event.target, rows);
    const row = rows[index];
    if (!row || event.metaKey || event.ctrlKey || event.altKey) return;
    const { span, hidden } = row;
    const isOpen = span.childCount > 0 && hidden === 0;
    if (event.key === 'j' || event.key === 'ArrowDown') moveTo(index + 1);
    else if (event.key === 'k' || event.key === 'ArrowUp') moveTo(index - 1);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(rows.length - 1);
    else if (event.key === 'ArrowRight') isOpen ? moveTo(index + 1) : fold(span.id, false);
    else if (event.key === 'ArrowLeft') isOpen ? fold(span.id, true) : moveTo(findParentRow(rows, index));
    else if (event.key === 'Enter') onSelect(span.id);
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent) => {
    const row = rows[findIndex(event.target, rows)];
    if (!row || window.getSelection()?.type === 'Range') return;
    setFocused(row.span.id);
    const isToggle = event.target instanceof Element && event.target.closest('[data-toggle]') !== null;
    if (isToggle) fold(row.span.id, row.hidden === 0);
    else onSelect(row.span.id);
  };

  return (
    <div ref={view.scroller} className={classes.scroller} onScroll={view.onScroll}>
      <table
        className={`${rowLook.table} ${classes.table}`}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the treegrid of the APG is a table whose rows have levels
        role="treegrid"
        aria-label="Spans"
        aria-rowcount={rows.length + 1}
      >
        <thead>
          <tr>
            <th scope="col" className={classes.name}>
              Span
            </th>
            <th scope="col" className={classes.figure}>
              ms
            </th>
            <th scope="col" className={classes.figure}>
              Self
            </th>
            <th scope="col">
              <Axis totalMs={trace.summary.durationMs} gaps={trace.gaps} />
            </th>
          </tr>
        </thead>
        <tbody data-keys-table onKeyDown={onKeyDown} onClick={onClick}>
          <Spacer height={view.above} />
          {shown.map((row, place) => (
            <WaterfallRow
              key={row.span.id}
              row={row}
              index={view.first + place}
              totalMs={trace.summary.durationMs}
              colour={colours.get(row.span.service) ?? 'var(--accent)'}
              critical={critical.get(row.place)}
              isSelected={row.span.id === selected}
              isTabStop={row.span.id === tabStop}
            />
          ))}
          <Spacer height={view.below} />
        </tbody>
      </table>
    </div>
  );
}

function findIndex(target: EventTarget, rows: readonly { span: { id: string } }[]): number {
  const key = target instanceof Element ? target.closest<HTMLElement>('tr[data-key]')?.dataset.key : undefined;
  return key === undefined ? -1 : rows.findIndex(({ span }) => span.id === key);
}

/** The span of the address is brought into view when the trace is opened, not at each later step. */
function useRevealed(selected: string | null, reveal: (id: string) => void): void {
  const done = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    if (selected !== null && !done.current) reveal(selected);
    done.current = true;
  }, []);
}

/** A figure further on would not end within the axis. */
const LAST_TICK = 0.92;

function Axis({ totalMs, gaps }: { totalMs: number; gaps: Trace['gaps'] }) {
  return (
    <>
      <span className="heard">When</span>
      <span className={classes.axis} aria-hidden="true">
        {gaps.map(({ fromMs, toMs }) => {
          const { left, width } = toBar(fromMs, toMs, totalMs);
          return <i key={fromMs} className={classes.gap} style={{ left: `${left}%`, width: `${width}%` }} />;
        })}
        {toTicks(totalMs)
          .filter((tick) => tick <= totalMs * LAST_TICK)
          .map((tick) => (
            <span key={tick} className={classes.tick} style={{ left: `${toBar(tick, tick, totalMs).left}%` }}>
              {tick === 0 ? '0' : tick < 1 ? `${tick} ms` : `${formatMs(tick)} ms`}
            </span>
          ))}
      </span>
    </>
  );
}

function Spacer({ height }: { height: number }) {
  if (height === 0) return null;
  return (
    <tr className={rowLook.spacer}>
      <td colSpan={4} style={{ height }} />
    </tr>
  );
}
