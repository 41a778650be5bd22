import { useReactFlow } from '@xyflow/react';
import { type KeyboardEvent, type RefObject, useMemo, useRef } from 'react';
import { type Layout, NODE_HEIGHT, NODE_WIDTH } from './layoutGraph.ts';
import { arrowDirections, findNeighbour } from './neighbours.ts';
import type { TopologyNode } from './topologyNodes.ts';

interface GraphKeysOptions {
  canvas: RefObject<HTMLDivElement | null>;
  layout: Layout;
  shown: readonly TopologyNode[];
  /** What lies over the right side of the canvas. */
  coveredRightPx: number;
}

/** Arrow keys go to the neighbour that one sees there; whoever has the focus is in view. */
export function useGraphKeys(options: GraphKeysOptions) {
  const current = useRef(options);
  current.current = options;
  const flow = useReactFlow();
  return useMemo(() => {
    const show = (name: string) => {
      const { canvas, layout, coveredRightPx } = current.current;
      const place = layout.services.get(name);
      const area = canvas.current?.getBoundingClientRect();
      if (!place || !area) return;
      const start = flow.flowToScreenPosition(place);
      const end = flow.flowToScreenPosition({ x: place.x + NODE_WIDTH, y: place.y + NODE_HEIGHT });
      const isInView =
        start.x >= area.left && start.y >= area.top && end.x <= area.right - coveredRightPx && end.y <= area.bottom;
      if (isInView) return;
      const zoom = flow.getZoom();
      const aside = coveredRightPx / 2 / zoom;
      void flow.setCenter(place.x + NODE_WIDTH / 2 + aside, place.y + NODE_HEIGHT / 2, { zoom });
    };
    const onKeyDown = (event: KeyboardEvent, name: string) => {
      const direction = arrowDirections[event.key];
      if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      const { canvas, layout, shown } = current.current;
      const names = new Set(shown.map((node) => node.name));
      const places = new Map([...layout.services].filter(([other]) => names.has(other)));
      const next = findNeighbour(places, name, direction);
      if (next === null) return;
      // Scrolling the page to a node that lies outside would move the canvas itself.
      canvas.current
        ?.querySelector<HTMLElement>(`[data-service="${CSS.escape(next)}"]`)
        ?.focus({ preventScroll: true });
    };
    return { show, onKeyDown };
  }, [flow]);
}
