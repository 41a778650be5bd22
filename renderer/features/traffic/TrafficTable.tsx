// The rows of the filtered traffic, newest first; only those in view are drawn.

import { type KeyboardEvent, type MouseEvent, useEffect, useState } from 'react';
import rowLook from '../../components/Rows.module.css';
import { useNarrow } from '../../components/useNarrow.ts';
import { useRowWindow } from '../../components/useRowWindow.ts';
import { FoldRow, foldKey, TrafficRow } from './TrafficRow.tsx';
import classes from './TrafficTable.module.css';
import type { TrafficRow as Row } from './trafficLog.ts';
import { type HoldReason, useTrafficStore } from './trafficStore.ts';

export interface TrafficTableProps {
  selected: string | null;
  onSelect: (id: string) => void;
}

const HEADING_HEIGHT = 28;
const readingHolds: readonly HoldReason[] = ['pointer', 'focus', 'scrolled'];

function toKey(row: Row): string {
  return row.kind === 'fold' ? foldKey(row.run) : row.exchange.id;
}

/** The key of the row in which something happened. */
function findKey(target: EventTarget): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('tr[data-key]')?.dataset.key : undefined;
}

export function TrafficTable({ selected, onSelect }: TrafficTableProps) {
  const log = useTrafficStore((state) => state.log);
  useTrafficStore((state) => state.version);
  const setHold = useTrafficStore((state) => state.setHold);
  const toggleRun = useTrafficStore((state) => state.toggleRun);
  const [focused, setFocused] = useState<string | null>(null);
  // The path says the same.
  const showRoute = !useNarrow(1100);
  const columns = showRoute ? 7 : 6;
  const view = useRowWindow(log.rowCount, HEADING_HEIGHT);

  // Away from the newest rows somebody reads; arrivals above would push the text away.
  useEffect(() => setHold('scrolled', !view.isAtTop), [view.isAtTop, setHold]);
  useEffect(
    () => () => {
      for (const reason of readingHolds) setHold(reason, false);
    },
    [setHold],
  );

  const rows = Array.from({ length: view.end - view.first }, (_, place) => log.findRow(view.first + place));
  const keys = rows.map((row) => (row ? toKey(row) : ''));
  const tabStop = [focused, selected].find((key) => key !== null && keys.includes(key)) ?? keys[0];

  const findPlace = (key: string) => {
    const place = keys.indexOf(key);
    return place >= 0 ? view.first + place : log.findIndex(key);
  };
  const moveTo = (index: number) => {
    const row = log.findRow(index);
    if (!row) return;
    const key = toKey(row);
    setFocused(key);
    if (selected !== null && row.kind === 'exchange') onSelect(key);
    view.reveal(index, () =>
      view.scroller.current?.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(key)}"]`)?.focus(),
    );
  };
  const openRow = (key: string) => {
    const row = log.findRow(findPlace(key));
    if (row?.kind === 'fold') toggleRun(row.run);
    else onSelect(key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const key = findKey(event.target);
    if (key === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    const isOnRow = event.target instanceof HTMLTableRowElement;
    if (event.key === 'j' || event.key === 'ArrowDown') moveTo(findPlace(key) + 1);
    else if (event.key === 'k' || event.key === 'ArrowUp') moveTo(findPlace(key) - 1);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(log.rowCount - 1);
    else if (event.key === 'Enter' && isOnRow) openRow(key);
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent) => {
    const key = findKey(event.target);
    if (key === undefined || window.getSelection()?.type === 'Range') return;
    setFocused(key);
    openRow(key);
  };

  return (
    <div ref={view.scroller} className={classes.scroller} onScroll={view.onScroll}>
      <table
        className={`${rowLook.table} ${classes.table}`}
        aria-label="Exchanges, newest first"
        aria-rowcount={log.rowCount + 1}
      >
        <thead>
          <tr>
            <th className={classes.time}>Time</th>
            <th className={classes.method}>Method</th>
            <th className={classes.path}>Path</th>
            {showRoute ? <th className={classes.route}>Route</th> : null}
            <th className={classes.status}>Status</th>
            <th className={classes.duration}>ms</th>
            <th className={classes.note}>Note</th>
          </tr>
        </thead>
        <tbody
          data-keys-table
          onKeyDown={onKeyDown}
          onClick={onClick}
          onPointerEnter={(event) => event.pointerType === 'mouse' && setHold('pointer', true)}
          onPointerLeave={() => setHold('pointer', false)}
          onFocus={(event) => setHold('focus', event.target.matches(':focus-visible'))}
          onBlur={() => setHold('focus', false)}
        >
          <Spacer height={view.above} columns={columns} />
          {rows.map((row, place) => {
            if (!row) return null;
            const key = keys[place] ?? '';
            const isTabStop = key === tabStop;
            return row.kind === 'fold' ? (
              <FoldRow key={key} row={row} isTabStop={isTabStop} columns={columns} />
            ) : (
              <TrafficRow
                key={key}
                exchange={row.exchange}
                isSelected={key === selected}
                isTabStop={isTabStop}
                showRoute={showRoute}
              />
            );
          })}
          <Spacer height={view.below} columns={columns} />
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  // Always there, so that rows do not change their order in the document.
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row without a tabindex cannot have the focus
    <tr aria-hidden="true" className={rowLook.spacer}>
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}
