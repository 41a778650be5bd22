// How each service of the stack is, why, and the last words of what crashed.
import type { ServiceStatus, StackStatus, Topology } from '../../../app/contract/index.ts';
import { useLive } from '../../api/useLive.ts';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { Panel } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { Since } from '../../components/TimeText.tsx';
import { canChange, useEnvironment, useOpenView } from '../../shell/environment.ts';
import { toStackCommand } from './planCommand.ts';
import type { PlanWish } from './planWish.ts';
import { ServiceMenu } from './ServiceMenu.tsx';
import classes from './StackView.module.css';
import { conditionLevels, countConditions, countWell, findStarted, sortByCondition } from './serviceStates.ts';
import { toStatesReport } from './stackReports.ts';
import { TextBlock } from './TextBlock.tsx';
import { useCommandPlace } from './useCommandPlace.ts';
import { useStackStatus } from './useStackStatus.ts';

export interface ServiceStatesProps {
  environment: string;
  onWish: (wish: PlanWish) => void;
}

export function ServiceStates({ environment, onWish }: ServiceStatesProps) {
  const status = useStackStatus(environment);
  const { data: topology } = useLive('stack.topology', { environment });
  const { data: frame } = useEnvironment();
  const openView = useOpenView();
  const place = useCommandPlace(environment);
  const menu = frame && canChange(frame.guard) ? [toMenuColumn(topology, onWish)] : [];
  return (
    <Panel
      title="Services by the files"
      live={status}
      report={toStatesReport}
      source={status.data ? `${countConditions(status.data.services)} · engine and files` : 'engine and files'}
      rows={10}
      fill
      empty={{
        when: ({ services }) => services.length === 0,
        title: 'The stack has no services',
        next: 'No container of it runs, and where its files are is not known: open their folder on the Start view.',
      }}
    >
      {(data) => (
        <>
          <div className={classes.scroll}>
            <LastWords status={data} />
            <DataTable
              label="Services of the stack"
              columns={[...columns, ...menu]}
              rows={sortByCondition(data.services)}
              rowKey={({ service }) => service}
              onOpen={({ service }) => openView('services', { service })}
            />
          </div>
          <div className={classes.foot}>
            <CopyCommand command={toStackCommand(['ps'], place)} />
          </div>
        </>
      )}
    </Panel>
  );
}

function toMenuColumn(topology: Topology | null, onWish: (wish: PlanWish) => void): Column<ServiceStatus> {
  return {
    id: 'verbs',
    header: '',
    label: 'Verbs',
    width: '46px',
    align: 'end',
    cell: ({ service }) => {
      const known = topology?.services.find(({ name }) => name === service);
      return <ServiceMenu service={known ?? { name: service, containers: [] }} onWish={onWish} />;
    },
  };
}

const columns: Column<ServiceStatus>[] = [
  {
    id: 'condition',
    header: 'Condition',
    width: '120px',
    cell: ({ condition }) => {
      const level = conditionLevels[condition];
      return (
        <StatusText level={level} strong={level === 'down' || level === 'degraded'}>
          {condition}
        </StatusText>
      );
    },
  },
  { id: 'service', header: 'Service', sort: ({ service }) => service, cell: ({ service }) => <b>{service}</b> },
  {
    id: 'why',
    header: 'Why',
    dim: true,
    cell: ({ detail, condition }) => (
      <span className={classes.why} title={detail}>
        {detail === condition ? '' : detail}
      </span>
    ),
  },
  {
    id: 'replicas',
    header: 'Replicas',
    align: 'end',
    width: '80px',
    sort: ({ wanted }) => wanted,
    cell: (service) => `${countWell(service)} of ${service.wanted}`,
  },
  {
    id: 'up',
    header: 'Up',
    align: 'end',
    width: '72px',
    sort: findStarted,
    cell: (service) => <Since at={findStarted(service)} />,
  },
  {
    id: 'image',
    header: 'Image',
    mono: true,
    dim: true,
    optional: true,
    sort: ({ image }) => image,
    cell: ({ image }) => (
      <span className={classes.reference} title={image}>
        {image}
      </span>
    ),
  },
];

function LastWords({ status: { services } }: { status: StackStatus }) {
  const crashed = services.flatMap(({ replicas }) => replicas.filter(({ lastLines }) => lastLines.length > 0));
  return crashed.map(({ id, container, detail, lastLines }) => (
    <section key={id} className={classes.lastWords}>
      <h3>
        Last words of {container} <span className="dim">{detail}</span>
      </h3>
      <TextBlock label={`Last lines of ${container}`}>{lastLines.join('\n')}</TextBlock>
    </section>
  ));
}
