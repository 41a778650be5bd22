// Connects the view to the stream, to the address and to the space bar.
import { useCallback, useEffect, useRef, useState } from 'react';
import { type StreamState, useStream } from '../../api/useLive.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { useTrafficStore } from './trafficStore.ts';

/** How much the gateway is asked to repeat when the view opens. */
const BACKFILL = 2000;
const ADDRESS_DELAY_MS = 300;

/** Fills the store while the view is open. */
export function useTrafficStream(environment: string): StreamState {
  const enter = useTrafficStore((state) => state.enter);
  const receive = useTrafficStore((state) => state.receive);
  useEffect(() => enter(environment), [environment, enter]);
  return useStream('traffic.watch', { environment, backfill: BACKFILL }, { onValues: receive });
}

/** The filter of the address; what is typed is applied at once and comes into the address when the typing rests. */
export function useFilterOfAddress(): [filter: string, setFilter: (filter: string) => void] {
  const [search, changeSearch] = useViewSearch();
  const inAddress = search.filter ?? '';
  const [filter, setOwn] = useState(inAddress);
  const applyFilter = useTrafficStore((state) => state.setFilter);
  const environment = useTrafficStore((state) => state.environment);
  const written = useRef(inAddress);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    // Only what others wrote there, such as a link, is taken over; our own writing comes late.
    if (inAddress === written.current) return;
    written.current = inAddress;
    setOwn(inAddress);
  }, [inAddress]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another environment has another log
  useEffect(() => applyFilter(filter), [filter, applyFilter, environment]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const setFilter = useCallback(
    (next: string) => {
      setOwn(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        written.current = next;
        changeSearch({ filter: next });
      }, ADDRESS_DELAY_MS);
    },
    [changeSearch],
  );
  return [filter, setFilter];
}

const CONTROLS = 'input, textarea, select, button, a[href], summary, [contenteditable="true"], [role="dialog"]';

/** Space pauses, unless it presses the control that has the focus. */
export function usePauseKey(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest(CONTROLS)) return;
      event.preventDefault();
      const { holds, setHold } = useTrafficStore.getState();
      setHold('paused', !holds.includes('paused'));
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
