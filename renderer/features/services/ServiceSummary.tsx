import type { Container, ContainerDetail, Service, Topology } from '../../../app/contract/index.ts';
import { useLive } from '../../api/useLive.ts';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { type Fact, FactList } from '../../components/FactList.tsx';
import { StatusMark, StatusText } from '../../components/StatusMark.tsx';
import { Since, TimeText } from '../../components/TimeText.tsx';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { toEngineCommand } from './engineCommand.ts';
import { NetworkNames } from './NetworkNames.tsx';
import classes from './ServiceDrawer.module.css';
import { toExitText, toPortText, toShortId } from './serviceText.ts';

export interface ServiceSummaryProps {
  service: Service;
  container: Container | null;
  /** null until it was asked for, or where it may not be read. */
  detail: ContainerDetail | null;
  topology: Topology;
}

export function ServiceSummary({ service, container, detail, topology }: ServiceSummaryProps) {
  return (
    <>
      <FactList facts={[...toRuntimeFacts(container), ...toPlaceFacts(service, detail)]} />
      <FactList facts={toRelationFacts(service, topology)} />
      {container ? <EngineCommand environment={topology.environment} container={container.name} /> : null}
    </>
  );
}

/** The same as the engine's own command line tells it. */
function EngineCommand({ environment, container }: { environment: string; container: string }) {
  const { data: found } = useLive('environment.found');
  const engine = found?.engines.find(({ id }) => id === environment.split('~')[0]);
  return engine ? <CopyCommand command={toEngineCommand(engine, ['inspect', container])} /> : null;
}

function toRuntimeFacts(container: Container | null): (Fact | null)[] {
  if (!container) return [{ name: 'Container', value: 'none: declared in the compose file, not created', tone: 'dim' }];
  const exit = toExitText(container);
  const isRunning = container.state === 'running';
  return [
    { name: 'Container', value: `${container.name} · ${toShortId(container.id)}`, mono: true },
    { name: 'Image', value: `${container.image} · ${toShortId(container.imageId)}`, mono: true },
    {
      name: 'State',
      value: isRunning && container.health !== 'none' ? `${container.state}, ${container.health}` : container.state,
    },
    {
      name: 'Started',
      value: (
        <>
          <TimeText at={container.startedAt} />
          {isRunning ? (
            <span className="dim">
              , up <Since at={container.startedAt} full />
            </span>
          ) : null}
        </>
      ),
    },
    isRunning || container.finishedAt === null
      ? null
      : { name: 'Ended', value: <TimeText at={container.finishedAt} /> },
    exit === null ? null : { name: 'Exit code', value: exit, tone: container.exitCode === 0 ? 'normal' : 'down' },
    { name: 'Restarts', value: container.restarts, tone: container.restarts > 0 ? 'degraded' : 'normal' },
  ];
}

function toPlaceFacts(service: Service, detail: ContainerDetail | null): (Fact | null)[] {
  const addresses = detail?.networks.filter(({ address }) => address !== '') ?? [];
  return [
    {
      name: 'Networks',
      value: (
        <>
          <NetworkNames networks={service.networks} />
          {addresses.map(({ name, address, aliases }) => (
            <div key={name} className="mono dim" title={aliases.join(', ')}>
              {name} {address}
            </div>
          ))}
        </>
      ),
    },
    {
      name: 'Ports',
      value: service.ports.length === 0 ? 'none' : service.ports.map(toPortText).join(', '),
      mono: true,
      tone: service.ports.length === 0 ? 'dim' : 'normal',
    },
    detail ? { name: 'Command', value: detail.command || '–', mono: true } : null,
    detail ? { name: 'Restart policy', value: detail.restartPolicy || '–' } : null,
  ];
}

function toRelationFacts(service: Service, topology: Topology): (Fact | null)[] {
  const neededBy = topology.services.filter(({ dependsOn }) => dependsOn.some((one) => one.service === service.name));
  return [
    {
      name: 'Depends on',
      value:
        service.dependsOn.length === 0 ? (
          <span className="dim">nothing</span>
        ) : (
          <span className={classes.links}>
            {service.dependsOn.map((one) => (
              <ServiceLink key={one.service} name={one.service} topology={topology} condition={one.condition} />
            ))}
          </span>
        ),
    },
    neededBy.length === 0
      ? null
      : {
          name: 'Needed by',
          value: (
            <span className={classes.links}>
              {neededBy.map(({ name }) => (
                <ServiceLink key={name} name={name} topology={topology} />
              ))}
            </span>
          ),
        },
    service.routes.length === 0
      ? null
      : {
          name: 'Routes',
          value: (
            <span className={classes.links}>
              {service.routes.map((route) => (
                <ViewLink key={route} view="routes" search={{ route }}>
                  {route}
                </ViewLink>
              ))}
            </span>
          ),
        },
    service.breaker === null
      ? null
      : {
          name: 'Breaker',
          value: (
            <ViewLink view="breakers" search={{ upstream: service.name }}>
              <StatusText level={breakerLevels[service.breaker]}>{service.breaker}</StatusText>
            </ViewLink>
          ),
        },
  ];
}

const breakerLevels = { closed: 'ok', 'half-open': 'degraded', open: 'down' } as const;

interface ServiceLinkProps {
  name: string;
  topology: Topology;
  /** What the other one must be before this one starts. */
  condition?: string;
}

function ServiceLink({ name, topology, condition }: ServiceLinkProps) {
  const other = topology.services.find((service) => service.name === name);
  return (
    <span className={classes.dependency} title={condition ? `must be ${condition} first` : undefined}>
      <StatusMark level={other?.level ?? 'unknown'} />{' '}
      <ViewLink view="services" search={{ service: name }}>
        {name}
      </ViewLink>
      <span className="faint"> {other?.statusText ?? 'not in the project'}</span>
    </span>
  );
}
