import { formatRate } from '../../components/format.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { type BlastRadius, type HitRoute, sayBlastRadius } from './blastRadius.ts';
import classes from './PlanImpact.module.css';

/** Whom it hits, in one sentence with numbers, then by name. */
export function BlastRadiusFacts({ radius }: { radius: BlastRadius }) {
  const { routes, dependents, dependentRoutes } = radius;
  return (
    <>
      <p className={classes.sentence}>{sayBlastRadius(radius)}</p>
      <Routes title="Routes that end there" routes={routes} />
      {dependents.length > 0 ? (
        <p className={classes.names}>
          <span className="dim">Left without what they need: </span>
          {dependents.map(({ service, isDirect }, index) => (
            <span key={service}>
              {index > 0 ? ', ' : ''}
              <ViewLink view="services" search={{ service }}>
                {service}
              </ViewLink>
              {isDirect ? '' : <span className="faint"> (by way of others)</span>}
            </span>
          ))}
        </p>
      ) : null}
      <Routes title="Routes of those" routes={dependentRoutes} />
    </>
  );
}

function Routes({ title, routes }: { title: string; routes: readonly HitRoute[] }) {
  if (routes.length === 0) return null;
  return (
    <>
      <p className="dim">{title}</p>
      <ul className={classes.lines}>
        {routes.map(({ route, service, requestsPerSecond }) => (
          <li key={`${service} ${route}`} className={classes.downtime}>
            <ViewLink view="routes" search={{ route }}>
              {route}
            </ViewLink>
            <span className="dim">{formatRate(requestsPerSecond)} req/s</span>
          </li>
        ))}
      </ul>
    </>
  );
}
