// The range of the view: it follows the present, or is held where the operator or a link has put it.
import { useDocumentVisibility } from '@mantine/hooks';
import { useMemo, useRef } from 'react';
import type { MetricsRange } from '../../../app/contract/index.ts';
import { useNow } from '../../components/useNow.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { parseLength, parseUntil, type RangeLength, toRange } from './metricsRange.ts';

export interface SharedRange {
  readonly range: MetricsRange;
  readonly length: RangeLength;
  readonly isLive: boolean;
  choose(length: RangeLength): void;
  setLive(isLive: boolean): void;
}

export function useSharedRange(): SharedRange {
  const [search, change] = useViewSearch();
  const length = parseLength(search.range);
  const held = parseUntil(search.until);
  const now = useNow();
  const isHidden = useDocumentVisibility() === 'hidden';
  // A window that nobody sees asks nothing: its time stands still.
  const seen = useRef(now);
  if (!isHidden) seen.current = now;
  const { from, to, stepMs } = toRange(length, held ?? seen.current);
  const range = useMemo(() => ({ from, to, stepMs }), [from, to, stepMs]);
  return {
    range,
    length,
    isLive: held === null,
    choose: ({ name }) => change({ range: name }),
    setLive: (isLive) => change({ until: isLive ? null : String(range.to) }),
  };
}
