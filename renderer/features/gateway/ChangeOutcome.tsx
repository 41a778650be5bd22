import type { GatewayChange, Level, ReplicaChange } from '../../../app/contract/index.ts';
import { StatusText } from '../../components/StatusMark.tsx';
import classes from './ConfigPanel.module.css';

const levels: Record<ReplicaChange['state'], Level> = {
  changed: 'ok',
  unchanged: 'unknown',
  restored: 'unknown',
  stuck: 'down',
  unknown: 'down',
};

/** What stands where after a change that did not reach every replica. */
export function ChangeOutcome({ change: { summary, replicas, configProblems } }: { change: GatewayChange }) {
  return (
    <div role="alert">
      <p className={classes.outcome}>{summary}</p>
      <ul className={classes.consequences} aria-label="What stands where">
        {replicas.map(({ gateway, state, detail }) => (
          <li key={gateway}>
            <StatusText level={levels[state]}>
              <b>{gateway}</b> {state}
              {detail ? `: ${detail}` : ''}
            </StatusText>
          </li>
        ))}
        {configProblems.map(({ line, column, message }) => (
          <li key={`${line} ${column} ${message}`}>
            line {line ?? 1}, column {column ?? 1}: {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
