// The picture: React Flow for panning, zooming and nodes; places come from the layout, courses of edges are ours.
import '@xyflow/react/dist/base.css';
import { Position, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { EngineKind, ReachWay, Topology } from '../../../app/contract/index.ts';
import { toBoxHead } from './boxHead.ts';
import { CLIENTS, type DrawnEdge, toDrawnEdges } from './drawnEdges.ts';
import { type Layout, NODE_HEIGHT, NODE_WIDTH } from './layoutGraph.ts';
import { NetworkBox, type NetworkFlowNode } from './NetworkBox.tsx';
import { toReadingOrder } from './neighbours.ts';
import { toReachEdges } from './reachEdges.ts';
import { type ServiceFlowNode, ServiceNode, type ServiceNodeData } from './ServiceNode.tsx';
import classes from './TopologyGraph.module.css';
import { TrafficEdge, type TrafficFlowEdge } from './TrafficEdge.tsx';
import { type TopologyNode, toTrafficText } from './topologyNodes.ts';
import { useFit } from './useFit.ts';
import { useGraphKeys } from './useGraphKeys.ts';
import { ZoomControls } from './ZoomControls.tsx';

export interface TopologyGraphProps {
  topology: Topology;
  nodes: readonly TopologyNode[];
  layout: Layout;
  engineKind: EngineKind | null;
  selected: string | null;
  onSelect: (name: string | null) => void;
  /** What the find box matches; null when nothing is looked for. */
  found: ReadonlySet<string> | null;
  /** Leave out what is not found. */
  isHiding: boolean;
  /** Ways that the networks leave open; null while nobody asks for them. */
  reach: readonly ReachWay[] | null;
  /** What lies over the right side of the picture while something is selected. */
  coveredRightPx: number;
}

const nodeTypes = { service: ServiceNode, network: NetworkBox };
const edgeTypes = { traffic: TrafficEdge };
const size = { width: NODE_WIDTH, height: NODE_HEIGHT };
/** Where React Flow believes edges to end; it draws none without. Their real course is in their data. */
const handles = [
  { type: 'source' as const, position: Position.Right, x: NODE_WIDTH, y: NODE_HEIGHT / 2 },
  { type: 'target' as const, position: Position.Left, x: 0, y: NODE_HEIGHT / 2 },
];

export function TopologyGraph(props: TopologyGraphProps) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

function Graph(props: TopologyGraphProps) {
  const { topology, layout, selected, onSelect, found, isHiding } = props;
  const canvas = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const shown = useMemo(
    () => props.nodes.filter(({ name }) => layout.services.has(name) && !(isHiding && found && !found.has(name))),
    [props.nodes, layout, found, isHiding],
  );
  const keys = useGraphKeys({ canvas, layout, shown, coveredRightPx: props.coveredRightPx });
  const handlers = useMemo<Pick<ServiceNodeData, 'onSelect' | 'onPoint' | 'onFocus' | 'onKeyDown'>>(
    () => ({ onSelect, onPoint: setPointed, onFocus: keys.show, onKeyDown: keys.onKeyDown }),
    [onSelect, keys],
  );
  const boxes = useBoxes(props, shown);
  const services = useMemo(
    () => toServiceNodes(shown, layout, { selected, found, handlers }),
    [shown, layout, selected, found, handlers],
  );
  const drawn = useMemo(
    () => toDrawnEdges(topology.edges, new Map(shown.map((node) => [node.name, node])), layout),
    [topology.edges, shown, layout],
  );
  const near = pointed ?? selected;
  const { reach } = props;
  const edges = useMemo(() => {
    const known = new Set(drawn.map(({ id }) => id));
    const names = new Set(shown.map(({ name }) => name));
    const ways = reach ? toReachEdges(reach, near, { layout, shown: names, drawn: known }) : [];
    return [...drawn, ...ways].map((edge) => toFlowEdge(edge, near, found));
  }, [drawn, reach, shown, layout, near, found]);
  const { onMoveStart, fit, restore } = useFit(canvas, layout);
  useEffect(() => {
    if (props.coveredRightPx === 0) return;
    // In the frame after it was fitted.
    const frame = requestAnimationFrame(() => requestAnimationFrame(() => selected && keys.show(selected)));
    return () => {
      cancelAnimationFrame(frame);
      restore();
    };
  }, [selected, props.coveredRightPx, keys, restore]);
  return (
    <div ref={canvas} className={classes.canvas} data-pointing={pointed !== null || selected !== null || undefined}>
      <ReactFlow
        aria-label="Services and who talks to whom"
        nodes={[...boxes, ...services]}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        minZoom={0.1}
        maxZoom={2}
        zoomOnDoubleClick={false}
        onMoveStart={onMoveStart}
        onPaneClick={() => onSelect(null)}
        onEdgeClick={(_, { data }) => data && onSelect(data.edge.to)}
      >
        <ZoomControls onFit={fit} />
      </ReactFlow>
    </div>
  );
}

function useBoxes({ topology, layout, engineKind }: TopologyGraphProps, shown: readonly TopologyNode[]) {
  return useMemo(() => {
    const used = new Set(shown.map(({ box }) => box));
    return [...layout.boxes]
      .filter(([name]) => used.has(name))
      .map(
        ([name, { x, y, width, height }]): NetworkFlowNode => ({
          id: `box:${name}`,
          type: 'network',
          position: { x, y },
          width,
          height,
          measured: { width, height },
          zIndex: 0,
          data: {
            name,
            head: toBoxHead(
              topology.networks.find((network) => network.name === name),
              topology.services,
              engineKind,
            ),
          },
        }),
      );
  }, [topology, layout, engineKind, shown]);
}

interface NodeState {
  selected: string | null;
  found: ReadonlySet<string> | null;
  handlers: Pick<ServiceNodeData, 'onSelect' | 'onPoint' | 'onFocus' | 'onKeyDown'>;
}

/** In reading order, which is also the order of the Tab key. */
function toServiceNodes(shown: readonly TopologyNode[], layout: Layout, state: NodeState): ServiceFlowNode[] {
  const byName = new Map(shown.map((node) => [node.name, node]));
  const boxOf = (name: string) => layout.boxes.get(byName.get(name)?.box ?? '') ?? { x: 0, y: 0 };
  return toReadingOrder([...byName.keys()], layout.services, boxOf).flatMap((name): ServiceFlowNode[] => {
    const [node, position] = [byName.get(name), layout.services.get(name)];
    if (!node || !position) return [];
    const isFaded = state.found !== null && !state.found.has(name);
    const data = { node, isSelected: name === state.selected, isFaded, ...state.handlers };
    return [{ id: `service:${name}`, type: 'service', position, ...size, measured: size, handles, zIndex: 2, data }];
  });
}

function toFlowEdge(edge: DrawnEdge, near: string | null, found: ReadonlySet<string> | null): TrafficFlowEdge {
  const isNear = near !== null && (edge.from === near || edge.to === near);
  const isSought = found === null || ((edge.from === CLIENTS || found.has(edge.from)) && found.has(edge.to));
  return {
    id: edge.id,
    type: 'traffic',
    // Clients have no node; the course is our own.
    source: `service:${edge.from === CLIENTS ? edge.to : edge.from}`,
    target: `service:${edge.to}`,
    zIndex: 1,
    ariaLabel: `${edge.from} to ${edge.to}: ${edge.traffic ? toTrafficText(edge.traffic) : (edge.note ?? 'declared only')}`,
    data: { edge, isNear, isFaded: !isNear && (!isSought || near !== null) },
  };
}
