// The order of a table's rows. Pure; stable, and unknown values stay last in both directions.

export type SortValue = string | number | null;
export interface SortOrder {
  column: string;
  direction: 'ascending' | 'descending';
}

export function sortRows<R>(
  rows: readonly R[],
  toValue: ((row: R) => SortValue) | undefined,
  direction: SortOrder['direction'],
): R[] {
  if (!toValue) return [...rows];
  const sign = direction === 'ascending' ? 1 : -1;
  return rows
    .map((row, index) => ({ row, index, value: toValue(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) {
        return a.value === b.value ? a.index - b.index : a.value === null ? 1 : -1;
      }
      return sign * compare(a.value, b.value) || a.index - b.index;
    })
    .map((entry) => entry.row);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** The next order when a header is pressed: numbers begin with the largest, and a third press gives the given order. */
export function nextOrder(current: SortOrder | null, column: string, first: SortOrder['direction']): SortOrder | null {
  if (current?.column !== column) return { column, direction: first };
  if (current.direction === first) return { column, direction: first === 'ascending' ? 'descending' : 'ascending' };
  return null;
}
