// One service beside the picture: what it is, what it needs, what its callers get, and the next clicks.
import type { Breaker, Service } from '../../../app/contract/index.ts';
import { buttonLook } from '../../components/Button.tsx';
import { type Fact, FactList } from '../../components/FactList.tsx';
import { formatBytes, formatCount, formatPercent, formatQuantity, formatRate } from '../../components/format.ts';
import { StatusMark, StatusText } from '../../components/StatusMark.tsx';
import { Until } from '../../components/TimeText.tsx';
import { useTimes } from '../../components/useTimes.ts';
import { GoToMenu } from '../../shell/GoToMenu.tsx';
import { around } from '../../shell/pivot.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { sayCertificate } from '../edge/outsideFacts.ts';
import { toNetworkLabel } from '../overview/networkGroups.ts';
import classes from './SidePanel.module.css';
import { toStory } from './serviceStory.ts';
import { type TopologyNode, toTrafficText } from './topologyNodes.ts';

export interface ServicePanelProps {
  node: TopologyNode;
  nodes: readonly TopologyNode[];
  onSelect: (name: string) => void;
}

export function ServicePanel({ node, nodes, onSelect }: ServicePanelProps) {
  const { service, breaker } = node;
  const { clock } = useTimes();
  const neededBy = nodes.filter((other) => other.service.dependsOn.some((one) => one.service === node.name));
  const links = (names: readonly string[]) => <ServiceLinks names={names} nodes={nodes} onSelect={onSelect} />;
  return (
    <div className={classes.content}>
      <p className={classes.story}>{toStory(node, clock)}</p>
      <FactList
        facts={[
          { name: 'Engine says', value: <StatusText level={service.level}>{service.statusText}</StatusText> },
          ...toTrafficFacts(node),
          ...toOutsideFacts(node),
          ...toBreakerFacts(breaker),
          node.store ? { name: node.store.name, value: `${node.store.value} · ${node.store.source}` } : null,
          ...toUsageFacts(node),
          service.dependsOn.length > 0
            ? { name: 'Depends on', value: links(service.dependsOn.map((one) => one.service)) }
            : null,
          neededBy.length > 0 ? { name: 'Needed by', value: links(neededBy.map(({ name }) => name)) } : null,
          service.routes.length > 0 ? { name: 'Routes here', value: <RouteLinks routes={service.routes} /> } : null,
          { name: 'Networks', value: [node.box, ...node.otherNetworks].map(toNetworkLabel).join(', ') },
          service.standInFor ? { name: 'Stand-in', value: `a small process in place of ${service.standInFor}` } : null,
        ]}
      />
      <div className={classes.actions}>
        <GoToMenu
          size="small"
          subject={{
            kind: 'container',
            service: node.name,
            routes: service.routes,
            upstream: breaker?.upstream ?? null,
          }}
          moment={() => around(breaker && breaker.state !== 'closed' ? breaker.since : Date.now())}
        />
        <TrafficLinks service={service} />
      </div>
    </div>
  );
}

function TrafficLinks({ service }: { service: Service }) {
  if (service.kind === 'gateway') {
    return (
      <ViewLink view="traffic" {...buttonLook('normal', 'small')}>
        Traffic
      </ViewLink>
    );
  }
  if (service.routes.length === 0) return null;
  return (
    <ViewLink
      view="traffic"
      search={{ filter: `upstream:${service.name} status:5xx` }}
      {...buttonLook('normal', 'small')}
    >
      Failed requests
    </ViewLink>
  );
}

function toTrafficFacts({ traffic }: TopologyNode): (Fact | null)[] {
  if (!traffic) return [];
  return [
    { name: 'Callers get', value: toTrafficText(traffic) },
    traffic.errorShare !== null && traffic.errorShare > 0
      ? {
          name: 'Errors',
          value: `${formatPercent(traffic.errorShare)} % of ${formatRate(traffic.requestsPerSecond)}/s`,
          tone: traffic.errorShare >= 0.01 ? 'down' : 'normal',
        }
      : null,
  ];
}

/** Of the service that clients reach. */
function toOutsideFacts({ outside }: TopologyNode): (Fact | null)[] {
  if (!outside) return [];
  const certificate = sayCertificate(outside, Date.now());
  return [
    { name: 'From outside', value: <StatusText level={outside.level}>{outside.sentence}</StatusText> },
    certificate && { name: 'Certificate', value: certificate.text },
  ];
}

const breakerLevels = { closed: 'ok', 'half-open': 'degraded', open: 'down' } as const;

function toBreakerFacts(breaker: Breaker | null): (Fact | null)[] {
  if (!breaker) return [];
  const { state, nextTrialAt, thresholds, transitions, upstream } = breaker;
  const { failureShare, minimumRequests, windowMs } = thresholds;
  const last = state === 'closed' ? undefined : transitions[0];
  return [
    {
      name: 'Breaker',
      value: (
        <ViewLink view="breakers" search={{ upstream }}>
          <StatusText level={breakerLevels[state]} strong={state !== 'closed'}>
            {state}
            {nextTrialAt === null ? null : (
              <>
                , trial in <Until at={nextTrialAt} />
              </>
            )}
          </StatusText>
        </ViewLink>
      ),
    },
    {
      name: 'Threshold',
      value: `${formatPercent(failureShare).replace(/\.0$/, '')} % of ≥ ${formatCount(minimumRequests)} in ${formatCount(windowMs / 1000)} s`,
    },
    last ? { name: 'Because', value: last.reason } : null,
  ];
}

function toUsageFacts({ usage, service }: TopologyNode): (Fact | null)[] {
  if (!usage) return [];
  const { cpuShare, cpuLimit, memoryBytes, memoryLimitBytes, pids } = usage;
  const cpu = `${formatPercent(cpuShare)} %${cpuLimit === null ? ' of a core' : ` of a core, limit ${cpuLimit}`}`;
  const memory = `${formatBytes(memoryBytes)}${memoryLimitBytes === null ? '' : ` of ${formatBytes(memoryLimitBytes)}`}`;
  const running = service.containers.filter(({ state }) => state === 'running').length;
  return [
    cpuShare === null ? null : { name: 'CPU', value: cpu },
    memoryBytes === null ? null : { name: 'Memory', value: memory },
    pids === null
      ? null
      : { name: 'Processes', value: `${formatCount(pids)} in ${formatQuantity(running, 'container')}` },
  ];
}

function RouteLinks({ routes }: { routes: readonly string[] }) {
  return (
    <span className={classes.links}>
      {routes.map((route) => (
        <ViewLink key={route} view="routes" search={{ route }}>
          {route}
        </ViewLink>
      ))}
    </span>
  );
}

interface ServiceLinksProps {
  names: readonly string[];
  nodes: readonly TopologyNode[];
  onSelect: (name: string) => void;
}

function ServiceLinks({ names, nodes, onSelect }: ServiceLinksProps) {
  return (
    <span className={classes.links}>
      {names.map((name) => {
        const other = nodes.find((node) => node.name === name);
        return (
          <button key={name} type="button" className={classes.link} onClick={() => onSelect(name)}>
            <StatusMark level={other?.level ?? 'unknown'} /> {name}
          </button>
        );
      })}
    </span>
  );
}
