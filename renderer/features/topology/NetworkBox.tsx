import type { Node, NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { toNetworkColour } from '../../components/networkColour.ts';
import type { BoxHead } from './boxHead.ts';
import classes from './TopologyGraph.module.css';

export interface NetworkBoxData extends Record<string, unknown> {
  name: string;
  head: BoxHead;
}

export type NetworkFlowNode = Node<NetworkBoxData, 'network'>;

export const NetworkBox = memo(function NetworkBox({ data: { name, head } }: NodeProps<NetworkFlowNode>) {
  return (
    <div className={classes.box} style={{ '--network': toNetworkColour(name) } as React.CSSProperties}>
      <p className={classes.boxHead} title={head.title}>
        <b>{name}</b>
        <span>{head.text}</span>
      </p>
    </div>
  );
});
