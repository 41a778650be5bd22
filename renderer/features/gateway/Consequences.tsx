import { type ConfigDiff, toConsequences } from '../../../app/contract/index.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import classes from './ConfigPanel.module.css';

/** What a change of the configuration means for callers, the grave first. */
export function Consequences({ diff }: { diff: ConfigDiff }) {
  const all = toConsequences(diff);
  if (all.length === 0) return <p className="dim">Nothing differs but perhaps comments.</p>;
  return (
    <ul className={classes.consequences} aria-label="Consequences">
      {all.map(({ weight, text }) => (
        <li key={text}>
          {weight === 'grave' ? (
            <StatusMark level="degraded" label="callers notice" />
          ) : (
            <span aria-hidden="true">·</span>
          )}
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
