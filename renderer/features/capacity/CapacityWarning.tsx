import { useLive } from '../../api/useLive.ts';
import { formatDuration } from '../../components/format.ts';
import { StatusText } from '../../components/StatusMark.tsx';
import { useNow } from '../../components/useNow.ts';
import { useEnvironmentId } from '../../shell/environment.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';

/** One line for Overview, as long as room is short. */
export function CapacityWarning() {
  const { data } = useLive('capacity.watch', { environment: useEnvironmentId() });
  const now = useNow();
  if (!data || data.level === 'ok' || data.level === 'unknown') return null;
  const { fullAt } = data.disk;
  return (
    <p role="status">
      <StatusText level={data.level}>
        <ViewLink view="stack" search={{ tab: 'machine' }}>
          Little room
        </ViewLink>{' '}
        <span className="dim">
          {data.sentence}
          {fullAt === null ? '' : ` Full in ${formatDuration(fullAt - now)} at this pace.`}
        </span>
      </StatusText>
    </p>
  );
}
