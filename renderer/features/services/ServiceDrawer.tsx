// One service: how it is, what it said, and how it was started.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Container, Service, Topology } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { CopyReport } from '../../components/CopyReport.tsx';
import { Drawer } from '../../components/Drawer.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Labelled, SelectField } from '../../components/Field.tsx';
import { formatQuantity } from '../../components/format.ts';
import { StatusText } from '../../components/StatusMark.tsx';
import { GoToMenu } from '../../shell/GoToMenu.tsx';
import { around, type PivotMoment, type PivotSubject } from '../../shell/pivot.ts';
import { PortsTab } from '../forwards/PortsTab.tsx';
import { ServiceLog } from '../logs/ServiceLog.tsx';
import type { PlanWish } from '../stack/planWish.ts';
import { ServiceMenu } from '../stack/ServiceMenu.tsx';
import { TerminalTab } from '../terminal/TerminalTab.tsx';
import { ContainerSettings } from './ContainerSettings.tsx';
import { ProbeList } from './ProbeList.tsx';
import classes from './ServiceDrawer.module.css';
import { ServiceSummary } from './ServiceSummary.tsx';
import { toServiceReport } from './servicesReport.ts';
import { Tabs } from './Tabs.tsx';

/** Often enough to see a new container; the topology tells of most changes at once. */
const INSPECT_AGAIN_MS = 5_000;

export interface ServiceDrawerProps {
  environment: string;
  name: string;
  /** null when the project has no service of that name. */
  service: Service | null;
  topology: Topology;
  tab: string;
  onTab: (tab: string) => void;
  /** null: the guard holds its verbs. */
  onWish: ((wish: PlanWish) => void) | null;
  onClose: () => void;
}

export function ServiceDrawer({ name, service, onWish, onClose, ...rest }: ServiceDrawerProps) {
  return (
    <Drawer
      title={name}
      width="min(860px, 66vw)"
      onClose={onClose}
      actions={
        service ? (
          <>
            <GoToMenu size="small" subject={toPivotSubject(service)} moment={() => toMoment(service)} />
            <CopyReport report={() => toServiceReport(service)} at={rest.topology.at} />
            {onWish ? <ServiceMenu service={service} onWish={onWish} onPart={rest.onTab} /> : null}
          </>
        ) : null
      }
      meta={
        service ? (
          <>
            <StatusText level={service.level} strong>
              {service.statusText}
            </StatusText>
            {service.standInFor ? <span className="dim">· stand-in for {service.standInFor}</span> : null}
          </>
        ) : null
      }
    >
      {service ? (
        <ServiceTabs {...rest} service={service} />
      ) : (
        <EmptyState
          title={`There is no service "${name}"`}
          next="It may have been renamed or removed from the project since the link was made."
        />
      )}
    </Drawer>
  );
}

function toPivotSubject({ name, routes, breaker }: Service): PivotSubject {
  return { kind: 'container', service: name, routes, upstream: breaker === null && routes.length === 0 ? null : name };
}

/** The end of a container that ended, else now. */
function toMoment({ containers }: Service): PivotMoment {
  const ended = containers.find(({ state, finishedAt }) => state !== 'running' && finishedAt !== null);
  return around(ended?.finishedAt ?? Date.now());
}

type ServiceTabsProps = Pick<ServiceDrawerProps, 'environment' | 'topology' | 'tab' | 'onTab'> & { service: Service };

function ServiceTabs({ environment, service, topology, tab, onTab }: ServiceTabsProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const container = service.containers.find(({ id }) => id === chosen) ?? service.containers[0];
  const trpc = useTRPC();
  const inspected = useQuery({
    ...trpc.stack.inspect.queryOptions({ environment, container: container?.id ?? '-' }),
    enabled: container !== undefined,
    refetchInterval: INSPECT_AGAIN_MS,
  });
  const chooser =
    service.containers.length > 1 ? (
      <ContainerChooser containers={service.containers} chosen={container?.id ?? ''} onChoose={setChosen} />
    ) : null;
  const probes = container?.probes ?? [];
  return (
    <Tabs
      label={`Parts of ${service.name}`}
      open={tab}
      onOpen={onTab}
      tabs={[
        {
          name: 'summary',
          label: 'Summary',
          content: () => (
            <div className={classes.scroll}>
              {chooser}
              <ServiceSummary
                service={service}
                container={container ?? null}
                detail={inspected.data ?? null}
                topology={topology}
              />
            </div>
          ),
        },
        {
          name: 'logs',
          label: 'Logs',
          content: () => (
            <ServiceLog environment={environment} service={service.name} containers={service.containers.length} />
          ),
        },
        {
          name: 'probes',
          label: 'Probes',
          content: () => (
            <div className={classes.scroll}>
              {chooser}
              <ProbeList probes={probes} test={inspected.data?.healthTest ?? null} />
            </div>
          ),
        },
        {
          name: 'ports',
          label: 'Ports',
          content: () => <PortsTab environment={environment} service={service} />,
        },
        {
          name: 'terminal',
          label: 'Terminal',
          content: () => (
            // Another container is another terminal.
            <TerminalTab
              key={container?.id}
              environment={environment}
              service={service}
              chooser={chooser}
              container={container ?? null}
            />
          ),
        },
        {
          name: 'settings',
          label: 'Environment and mounts',
          content: () => (
            <div className={classes.scroll}>
              {chooser}
              <ContainerSettings query={inspected} hasContainer={container !== undefined} />
            </div>
          ),
        },
      ]}
    />
  );
}

interface ContainerChooserProps {
  containers: readonly Container[];
  chosen: string;
  onChoose: (id: string) => void;
}

function ContainerChooser({ containers, chosen, onChoose }: ContainerChooserProps) {
  return (
    <Labelled label={`${formatQuantity(containers.length, 'container')}, shown:`} inline>
      <SelectField value={chosen} onChoose={onChoose}>
        {containers.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
    </Labelled>
  );
}
