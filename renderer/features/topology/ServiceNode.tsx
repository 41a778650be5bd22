import type { Node, NodeProps } from '@xyflow/react';
import { type KeyboardEvent, memo } from 'react';
import { toNetworkColour } from '../../components/networkColour.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { toNetworkLabel } from '../overview/networkGroups.ts';
import classes from './TopologyGraph.module.css';
import type { TopologyNode } from './topologyNodes.ts';

export interface ServiceNodeData extends Record<string, unknown> {
  node: TopologyNode;
  isSelected: boolean;
  /** Not what is looked for. */
  isFaded: boolean;
  onSelect: (name: string) => void;
  onPoint: (name: string | null) => void;
  onFocus: (name: string) => void;
  onKeyDown: (event: KeyboardEvent, name: string) => void;
}

export type ServiceFlowNode = Node<ServiceNodeData, 'service'>;

/** One service: how it is, one line of figures, and the other networks that it is on. */
export const ServiceNode = memo(function ServiceNode({ data }: NodeProps<ServiceFlowNode>) {
  const { node, isSelected, isFaded, onSelect, onPoint, onFocus, onKeyDown } = data;
  const { name, service, level, line } = node;
  return (
    <button
      type="button"
      className={classes.service}
      data-service={name}
      data-level={level}
      data-faded={isFaded || undefined}
      aria-pressed={isSelected}
      title={toTitle(node)}
      onClick={() => onSelect(name)}
      onPointerEnter={() => onPoint(name)}
      onPointerLeave={() => onPoint(null)}
      onFocus={() => onFocus(name)}
      onBlur={() => onPoint(null)}
      onKeyDown={(event) => onKeyDown(event, name)}
    >
      <span className={classes.serviceName}>
        <StatusMark level={level} />
        <b>{name}</b>
        <NetworkMarks networks={node.otherNetworks} />
      </span>
      <span className={classes.serviceLine}>
        <span className={classes.figures}>{line}</span>
        {service.standInFor ? <span className={classes.standIn}>stand-in</span> : null}
        <span className="heard">in {toNetworkLabel(node.box)}</span>
      </span>
    </button>
  );
});

function NetworkMarks({ networks }: { networks: readonly string[] }) {
  return (
    <span className={classes.marks} aria-hidden="true">
      {networks.map((network) => (
        <span key={network} className={classes.mark} style={{ background: toNetworkColour(network) }} />
      ))}
    </span>
  );
}

function toTitle({ name, service, otherNetworks }: TopologyNode): string {
  const lines = [`${name}: ${service.statusText}`];
  if (service.standInFor) lines.push(`A small process takes the place of ${service.standInFor}`);
  if (otherNetworks.length > 0) lines.push(`Also on ${otherNetworks.map(toNetworkLabel).join(', ')}`);
  return lines.join('\n');
}
