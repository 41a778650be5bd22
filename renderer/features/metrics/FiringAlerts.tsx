import { useLive } from '../../api/useLive.ts';
import { formatQuantity } from '../../components/format.ts';
import { StatusText } from '../../components/StatusMark.tsx';
import { useEnvironmentId } from '../../shell/environment.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';

const NAMED = 3;

/** One line for Overview, as long as something fires. */
export function FiringAlerts() {
  const { data } = useLive('metrics.alerts', { environment: useEnvironmentId() });
  if (!data || data.firingCount === 0) return null;
  const firing = data.alerts.filter(({ state }) => state === 'firing');
  const named = firing.slice(0, NAMED).map(({ rule, summary }) => `${rule} (${summary})`);
  const more = data.firingCount - named.length;
  return (
    <p role="status">
      <StatusText level="down">
        <ViewLink view="metrics" search={{ show: 'targets' }}>
          {formatQuantity(data.firingCount, 'alert')} {data.firingCount === 1 ? 'fires' : 'fire'}
        </ViewLink>{' '}
        <span className="dim">
          {named.join(', ')}
          {more > 0 ? ` and ${more} more` : ''}
        </span>
      </StatusText>
    </p>
  );
}
