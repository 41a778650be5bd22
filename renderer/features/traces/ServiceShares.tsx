import type { Trace } from '../../../app/contract/index.ts';
import { formatQuantity } from '../../components/format.ts';
import { formatStageMs } from '../traffic/stageBars.ts';
import classes from './ServiceShares.module.css';

/** More have no width that can be seen. */
const SHOWN = 12;

/** Which service the end of the trace waited for, and how long. */
export function ServiceShares({ trace, colours }: { trace: Trace; colours: ReadonlyMap<string, string> }) {
  const total = trace.services.reduce((sum, { criticalMs }) => sum + criticalMs, 0);
  const shown = trace.services.slice(0, SHOWN);
  return (
    <div className={classes.shares}>
      <div className={classes.track} aria-hidden="true">
        {shown.map(({ service, criticalMs }) =>
          criticalMs > 0 ? (
            <i
              key={service}
              className={classes.share}
              style={{ width: `${(criticalMs / Math.max(total, 0.001)) * 100}%`, background: colours.get(service) }}
            />
          ) : null,
        )}
      </div>
      <ul className={classes.services} aria-label="Services by their share of the critical path">
        {shown.map(({ service, spans, errors, selfMs, criticalMs }) => (
          <li key={service} title={`${formatQuantity(spans, 'span')}, ${formatStageMs(selfMs)} ms of their own`}>
            <i className={classes.swatch} style={{ background: colours.get(service) }} aria-hidden="true" />
            {service}{' '}
            <span className="dim">
              {criticalMs > 0 ? `${formatStageMs(criticalMs)} ms` : 'not waited for'}
              {errors > 0 ? `, ${errors} failed` : ''}
            </span>
          </li>
        ))}
        {trace.services.length > shown.length ? (
          <li className="dim">and {trace.services.length - shown.length} more</li>
        ) : null}
      </ul>
    </div>
  );
}
