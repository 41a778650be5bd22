import { useReactFlow } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { Layout } from './layoutGraph.ts';

/** Left of it all clients come in. */
const FIT = { padding: { top: '10px', right: '10px', bottom: '10px', left: '56px' }, maxZoom: 1.15 } as const;

/** Fits the picture into its canvas: at first, for a new layout, and as the window changes until someone moves it. */
export function useFit(canvas: RefObject<HTMLDivElement | null>, layout: Layout) {
  const flow = useReactFlow();
  const isMoved = useRef(false);
  const fit = useCallback(() => {
    isMoved.current = false;
    void flow.fitView(FIT);
  }, [flow]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new layout is what it runs for
  useEffect(() => {
    // React Flow takes its nodes and its size in the frame after they are rendered.
    const frame = requestAnimationFrame(fit);
    return () => cancelAnimationFrame(frame);
  }, [layout, fit]);

  useEffect(() => {
    if (!canvas.current) return;
    const observer = new ResizeObserver(() => {
      if (!isMoved.current) requestAnimationFrame(() => void flow.fitView(FIT));
    });
    observer.observe(canvas.current);
    return () => observer.disconnect();
  }, [canvas, flow]);

  /** Only a pointer moves it; our own fitting has no event. */
  const onMoveStart = useCallback((event: MouseEvent | TouchEvent | null) => {
    if (event) isMoved.current = true;
  }, []);
  /** Fits again what was moved by ourselves. */
  const restore = useCallback(() => {
    if (!isMoved.current) void flow.fitView(FIT);
  }, [flow]);
  return { onMoveStart, fit, restore };
}
