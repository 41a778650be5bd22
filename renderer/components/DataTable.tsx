// A dense table: sorting, j/k/Enter, a row that opens something, and only the rows in view where there are many.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import classes from './DataTable.module.css';
import rowLook from './Rows.module.css';
import { nextOrder, type SortOrder, type SortValue, sortRows } from './sortRows.ts';

export interface Column<R> {
  id: string;
  header: ReactNode;
  /** Said by screen readers where the header is empty. */
  label?: string;
  cell: (row: R) => ReactNode;
  /** Makes the column sortable. */
  sort?: (row: R) => SortValue;
  align?: 'start' | 'end';
  /** Any CSS width; columns without one share what is left. */
  width?: string;
  mono?: boolean;
  /** Left out where the table is narrow. */
  optional?: boolean;
  dim?: boolean;
}

export interface DataTableProps<R> {
  /** What the table lists, for screen readers. */
  label: string;
  columns: readonly Column<R>[];
  /** In the order to show while no header is pressed. */
  rows: readonly R[];
  rowKey: (row: R) => string;
  /** Click, Enter. The row's cells may hold links and buttons of their own. */
  onOpen?: ((row: R) => void) | undefined;
  /** Key of the row whose detail is open. */
  selected?: string | null | undefined;
  /** Draws only the rows in view; the table then scrolls inside of its parent's height. */
  virtual?: boolean;
  /** Shown below the rows, for example when a filter left none. */
  footer?: ReactNode;
}

const ROW_HEIGHT = 31;

export function DataTable<R>(props: DataTableProps<R>) {
  const { label, columns, rows, rowKey, onOpen, selected, virtual = false, footer } = props;
  const [order, setOrder] = useState<SortOrder | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);

  const sorted = useMemo(() => {
    const column = order ? columns.find((candidate) => candidate.id === order.column) : undefined;
    return order ? sortRows(rows, column?.sort, order.direction) : rows;
  }, [rows, columns, order]);

  const virtualizer = useVirtualizer({
    count: virtual ? sorted.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    getItemKey: (index) => {
      const row = sorted[index];
      return row === undefined ? index : rowKey(row);
    },
  });
  const shown = virtual ? virtualizer.getVirtualItems().map((item) => item.index) : sorted.map((_, index) => index);
  const above = virtual ? (virtualizer.getVirtualItems()[0]?.start ?? 0) : 0;
  const below = virtual ? virtualizer.getTotalSize() - (virtualizer.getVirtualItems().at(-1)?.end ?? 0) : 0;
  // One row is in the tab order: the one last used, else the open one, else the first.
  const tabStop = [focused, selected].find((key) => sorted.some((row) => rowKey(row) === key));

  const moveTo = (index: number) => {
    const row = sorted[index];
    if (row === undefined) return;
    setFocused(rowKey(row));
    if (virtual) virtualizer.scrollToIndex(index);
    // The row may only now be drawn.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`tr[data-index="${index}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    const row = sorted[index];
    if (event.key === 'j' || event.key === 'ArrowDown') moveTo(index + 1);
    else if (event.key === 'k' || event.key === 'ArrowUp') moveTo(index - 1);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(sorted.length - 1);
    else if (event.key === 'Enter' && row !== undefined && onOpen) onOpen(row);
    else return;
    event.preventDefault();
  };

  return (
    <div ref={scroller} className={classes.scroller} data-virtual={virtual || undefined}>
      <table
        className={`${rowLook.table} ${classes.table}`}
        data-virtual={virtual || undefined}
        aria-label={label}
        aria-rowcount={rows.length + 1}
      >
        <TableHead columns={columns} order={order} onOrder={setOrder} />
        <tbody data-keys-table>
          {above > 0 ? <Spacer height={above} span={columns.length} /> : null}
          {shown.map((index) => {
            const row = sorted[index];
            if (row === undefined) return null;
            const key = rowKey(row);
            const isTabStop = tabStop === undefined || tabStop === null ? index === 0 : key === tabStop;
            return (
              <tr
                key={key}
                data-index={index}
                aria-rowindex={index + 2}
                className={`${rowLook.row} ${classes.row}`}
                data-pressable={onOpen ? true : undefined}
                data-selected={key === selected || undefined}
                aria-current={key === selected ? 'true' : undefined}
                tabIndex={isTabStop ? 0 : -1}
                onFocus={() => setFocused(key)}
                onKeyDown={(event) => onKeyDown(event, index)}
                onClick={(event) => {
                  if (onOpen && !isControl(event.target)) onOpen(row);
                }}
              >
                {columns.map((column) => (
                  <td
                    key={column.id}
                    className={classes.cell}
                    data-align={column.align}
                    data-mono={column.mono || undefined}
                    data-dim={column.dim || undefined}
                    data-optional={column.optional || undefined}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {below > 0 ? <Spacer height={below} span={columns.length} /> : null}
        </tbody>
      </table>
      {footer}
    </div>
  );
}

/** A click on a link or a button inside of a row is meant for that. */
function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, select, label') !== null;
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr className={rowLook.spacer}>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

interface TableHeadProps<R> {
  columns: readonly Column<R>[];
  order: SortOrder | null;
  onOrder: (order: SortOrder | null) => void;
}

function TableHead<R>({ columns, order, onOrder }: TableHeadProps<R>) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const direction = order?.column === column.id ? order.direction : undefined;
          const first = column.align === 'end' ? 'descending' : 'ascending';
          return (
            <th
              key={column.id}
              scope="col"
              className={classes.header}
              data-align={column.align}
              data-optional={column.optional || undefined}
              style={column.width ? { width: column.width } : undefined}
              aria-sort={column.sort ? (direction ?? 'none') : undefined}
            >
              {column.sort ? (
                <button
                  type="button"
                  className={classes.sort}
                  onClick={() => onOrder(nextOrder(order, column.id, first))}
                >
                  {column.header}
                  <span className={classes.arrow} aria-hidden="true">
                    {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
                  </span>
                </button>
              ) : (
                column.header
              )}
              {column.label ? <span className="heard">{column.label}</span> : null}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
