import { useLive } from '../../api/useLive.ts';
import { StatusText } from '../../components/StatusMark.tsx';
import { useEnvironmentId, useSourced } from '../../shell/environment.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { toExposure } from '../posture/exposure.ts';
import classes from './OverviewView.module.css';

/** Whether the stack is closed, in a few words; a link to the rules. */
export function Exposure() {
  const environment = useEnvironmentId();
  const { data, state } = useSourced('engine', useLive('posture.watch', { environment }));
  if (!data) return null;
  const { level, text } = toExposure(data);
  return (
    <ViewLink view="posture" className={classes.exposure} title={data.verdict.headline}>
      <StatusText level={state === 'live' ? level : 'unknown'}>{text}</StatusText>
    </ViewLink>
  );
}
