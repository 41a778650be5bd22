import type { ReachMap } from '../../../app/contract/index.ts';
import { type Live, mapLive } from '../../api/live.ts';
import { formatCount } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { StatusMark } from '../../components/StatusMark.tsx';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { ReachLegend } from './Legend.tsx';
import { countReach, listWays, sayWay } from './reachEdges.ts';
import classes from './SidePanel.module.css';

export interface ReachListProps {
  reach: Live<ReachMap>;
  selected: string | null;
  onSelect: (name: string) => void;
}

/** What the networks leave open beside the picture: bypasses, or all that the selected service could reach without a reason. */
export function ReachList({ reach, selected, onSelect }: ReachListProps) {
  const counts = reach.data ? countReach(reach.data) : null;
  const unused = counts?.unused === null ? 'nobody watched' : `${formatCount(counts?.unused)} unused`;
  return (
    <Panel
      fill
      title={selected === null ? 'Possible paths' : `Open to ${selected}, without a reason`}
      source={counts ? `${formatCount(counts.ways)} open · ${unused}` : 'networks'}
      live={mapLive(reach, ({ ways }) => listWays(ways, selected))}
      rows={6}
      empty={{
        when: (ways) => ways.length === 0,
        title: selected === null ? 'No way past the gateway' : 'Nothing that it does not need',
        next: selected === null ? 'Point at a service to see what else the networks leave open to it.' : undefined,
      }}
    >
      {(ways) => (
        <ul className={classes.ways}>
          <li className={classes.wayFoot}>
            <ReachLegend />
          </li>
          {ways.map((way) => (
            <li key={`${way.from} ${way.to}`} className={classes.way}>
              <StatusMark level={way.bypass === null ? 'unknown' : 'degraded'} label="" />
              <span>
                <button type="button" className={classes.link} onClick={() => onSelect(way.from)}>
                  {way.from}
                </button>
                {' → '}
                <button type="button" className={classes.link} onClick={() => onSelect(way.to)}>
                  {way.to}
                </button>
                <small className={classes.wayWords}>{sayWay(way)}</small>
              </span>
            </li>
          ))}
          <li className={classes.wayFoot}>
            {reach.data?.isEnforced ? '' : 'By the files: the sandbox keeps nobody apart. '}
            <ViewLink view="posture">All findings</ViewLink>
          </li>
        </ul>
      )}
    </Panel>
  );
}
