// The search parameters of the open view, read and written as plain text: `?service=search&tab=logs`.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type ViewSearch = Readonly<Record<string, string | undefined>>;

/** Pure: parameters with changes; null and empty text take one away. */
export function withSearch(search: ViewSearch, changes: Record<string, string | null>): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...search, ...changes })) if (value) changed[name] = value;
  return changed;
}

/** Changes replace the address; with `push` the browser's Back undoes them. */
export function useViewSearch(): [
  search: ViewSearch,
  change: (changes: Record<string, string | null>, options?: { push?: boolean }) => void,
] {
  const search = useSearch({ strict: false }) as ViewSearch;
  const navigate = useNavigate();
  const change = useCallback(
    (changes: Record<string, string | null>, { push = false } = {}) => {
      void navigate({ to: '.', search: (before: ViewSearch) => withSearch(before, changes), replace: !push });
    },
    [navigate],
  );
  return [search, change];
}
