import { useMediaQuery } from '@mantine/hooks';

/** Whether the window is at most so wide; right at the first render, so that no column appears and goes. */
export function useNarrow(widthPx: number): boolean {
  return useMediaQuery(`(max-width: ${widthPx}px)`, false, { getInitialValueInEffect: false });
}
