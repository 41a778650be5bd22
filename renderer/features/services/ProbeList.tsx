import type { Container } from '../../../app/contract/index.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FactList } from '../../components/FactList.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { Since } from '../../components/TimeText.tsx';
import classes from './ServiceDrawer.module.css';

export interface ProbeListProps {
  /** The newest first. */
  probes: Container['probes'];
  /** The command that the engine runs; null when there is none or it is not known yet. */
  test: string | null;
}

/** What the health check said, the last times that it was asked. */
export function ProbeList({ probes, test }: ProbeListProps) {
  if (probes.length === 0) {
    return (
      <EmptyState
        title={test ? 'The health check has not run yet' : 'Nobody checks whether it works'}
        next={test ? 'The engine probes first after one interval.' : 'Its container has no health check.'}
      />
    );
  }
  return (
    <>
      {test ? <FactList facts={[{ name: 'Test', value: test, mono: true }]} /> : null}
      <ol className={classes.probes} aria-label="Health probes, newest first">
        {probes.map((probe) => (
          <li key={probe.at} className={classes.probe}>
            <StatusText level={probe.exitCode === 0 ? 'ok' : 'down'} strong>
              exit {probe.exitCode}
            </StatusText>
            <span className="dim">
              <Since at={probe.at} /> ago
            </span>
            <pre className={classes.output}>{probe.output.trim() || 'no output'}</pre>
          </li>
        ))}
      </ol>
    </>
  );
}
