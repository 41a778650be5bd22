import { EmptyState } from '../../components/EmptyState.tsx';
import { StatusMark } from '../../components/StatusMark.tsx';
import classes from './SidePanel.module.css';
import { sortByTrouble, type TopologyNode } from './topologyNodes.ts';

export interface TroubleListProps {
  nodes: readonly TopologyNode[];
  onSelect: (name: string) => void;
}

/** Beside the picture while nothing is selected: where it hurts. */
export function TroubleList({ nodes, onSelect }: TroubleListProps) {
  const troubled = sortByTrouble(nodes).filter(({ level }) => level === 'down' || level === 'degraded');
  if (troubled.length === 0) return <Calm nodes={nodes} />;
  return (
    <ul className={classes.troubles}>
      {troubled.map(({ name, level, line }) => (
        <li key={name}>
          <button type="button" className={classes.trouble} onClick={() => onSelect(name)}>
            <StatusMark level={level} />
            <b>{name}</b>
            <span className="dim">{line}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Calm({ nodes }: { nodes: readonly TopologyNode[] }) {
  const unknown = nodes.filter(({ level }) => level === 'unknown').length;
  if (unknown === 0) {
    return <EmptyState title="No service is in trouble" next="Choose one to see what it needs, and who needs it." />;
  }
  return unknown === nodes.length ? (
    <EmptyState title="How the services are is not known" next="Choose one to see what was last known of it." />
  ) : (
    <EmptyState
      title={`Nothing is known of ${unknown} of ${nodes.length} services`}
      next="The others are well. Choose one to see what the engine says of it."
    />
  );
}
