import type { Service, Topology } from '../../../app/contract/index.ts';
import { chipLook } from '../../components/Chip.tsx';
import { toNetworkColour } from '../../components/networkColour.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { toNetworkGroups, toNetworkLabel } from './networkGroups.ts';
import classes from './ServicesByNetwork.module.css';

/** The networks as boxes, each service once; each a link to its container. */
export function ServicesByNetwork({ topology }: { topology: Topology }) {
  return (
    <div className={classes.networks}>
      {toNetworkGroups(topology).map((group) => (
        <section key={group.name} className={classes.network} aria-label={group.name}>
          <h3 className={classes.name} style={{ color: toNetworkColour(group.name) }}>
            {toNetworkLabel(group.name)}
            <span className={classes.count}>{group.services.length}</span>
          </h3>
          <ul className={classes.cells}>
            {group.services.map(({ service, others }) => (
              <li key={service.name}>
                <ViewLink
                  view="services"
                  search={{ service: service.name }}
                  title={toTitle(service, others)}
                  {...chipLook('cell', service.level)}
                >
                  <StatusMark level={service.level} label={service.statusText} />
                  {service.name}
                </ViewLink>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function toTitle(service: Service, others: string[]): string {
  const parts = [`${service.name}: ${service.statusText}`];
  if (service.standInFor) parts.push(`a stand-in for ${service.standInFor}`);
  if (others.length > 0) parts.push(`also on ${others.map(toNetworkLabel).join(', ')}`);
  return parts.join('\n');
}
