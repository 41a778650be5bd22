// What clients get: the probe through the published port, and the edge's log beside what the gateway answered.
import {
  type EdgeTraffic,
  formatWindow,
  type GatewayAbilities,
  type OutsideView,
} from '../../../app/contract/index.ts';
import { useLive } from '../../api/useLive.ts';
import { type Fact, FactList } from '../../components/FactList.tsx';
import { formatAge, formatPercent } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { Sparkline } from '../../components/Sparkline.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { useNow } from '../../components/useNow.ts';
import { useEnvironmentId } from '../../shell/environment.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';
import classes from './OutsidePanel.module.css';
import {
  type Said,
  sayAnswer,
  sayCertificate,
  sayComparison,
  sayFigures,
  sayRedirect,
  sayTiming,
  sayTurnedAway,
} from './outsideFacts.ts';

export function OutsidePanel() {
  const environment = useEnvironmentId();
  const outside = useLive('edge.outside', { environment });
  const { data: traffic } = useLive('edge.traffic', { environment });
  const { data: abilities } = useLive('gateway.abilities', { environment });
  return (
    <Panel title="From outside" live={outside} rows={4} source={<Source outside={outside.data} traffic={traffic} />}>
      {(view) => (
        <div className={classes.content}>
          <FactList
            facts={[...toProbeFacts(view, Date.now()), ...toTrafficFacts(traffic), ...toMissingFacts(abilities)]}
          />
        </div>
      )}
    </Panel>
  );
}

function Source({ outside, traffic }: { outside: OutsideView | null; traffic: EdgeTraffic | null }) {
  const now = useNow();
  const log =
    traffic && traffic.format !== 'none' ? ` · log of ${traffic.service}, ${formatWindow(traffic.windowMs)}` : '';
  if (!outside?.at) return `probe${log}`;
  // Its age is said when it is late.
  const age = now - outside.at;
  const late = age > 2.5 * outside.stepMs ? `, ${formatAge(age)} old` : '';
  return `probe every ${formatWindow(outside.stepMs)}${late}${log}`;
}

function toProbeFacts(view: OutsideView, now: number): (Fact | null)[] {
  const { level, service, standInFor, course, target } = view;
  const timing = sayTiming(view);
  return [
    {
      name: service ? (
        <ViewLink view="services" search={{ service }} title={target ?? undefined}>
          {service}
        </ViewLink>
      ) : (
        'Probe'
      ),
      value: (
        <span className={classes.answer}>
          <StatusText level={level}>
            {sayAnswer(view)}
            {standInFor ? <span className="faint"> · stand-in</span> : null}
          </StatusText>
          {course.length > 1 ? (
            <Sparkline
              values={course.map(({ ms }) => ms)}
              label="time of each probe, the last quarter of an hour"
              tone={level === 'down' ? 'down' : 'accent'}
              width={72}
            />
          ) : null}
        </span>
      ),
    },
    timing === null ? null : { name: 'Time', value: timing, tone: 'dim' },
    toFact('Certificate', sayCertificate(view, now)),
    toFact('Port 80', sayRedirect(view)),
  ];
}

function toFact(name: string, said: Said | null): Fact | null {
  return said && { name, value: <StatusText level={said.level}>{said.text}</StatusText> };
}

function toTrafficFacts(traffic: EdgeTraffic | null): (Fact | null)[] {
  if (!traffic?.service || traffic.format === 'none') return [];
  const turnedAway = sayTurnedAway(traffic);
  const { tlsShare, missing } = traffic;
  return [
    { name: 'Clients got', value: sayFigures(traffic.total) },
    turnedAway === null ? null : { name: 'Turned away', value: turnedAway },
    toFact('Beside gateway', sayComparison(traffic)),
    tlsShare === null || tlsShare === 0 ? null : { name: 'TLS', value: `${formatPercent(tlsShare)} % of requests` },
    missing.length === 0 ? null : { name: 'Log lacks', value: missing.join(' '), tone: 'dim' },
  ];
}

/** Where the entry is no gateway of ours: what is not known, and why. */
function toMissingFacts(abilities: GatewayAbilities | null): (Fact | null)[] {
  if (abilities?.kind !== 'edge') return [];
  const missing = Object.entries(abilities.capabilities).filter(([, { isThere }]) => !isThere);
  return [
    {
      name: 'Not known',
      value: (
        <ul className={classes.missing}>
          {missing.map(([name, { why }]) => (
            <li key={name}>
              <b>{name}</b>: {why}
            </li>
          ))}
        </ul>
      ),
      tone: 'dim',
    },
  ];
}
