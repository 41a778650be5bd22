import type { Alert, Alerts, Level } from '../../../app/contract/index.ts';
import type { Live } from '../../api/live.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { formatDuration, formatQuantity } from '../../components/format.ts';
import { Panel, PanelFrame } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { Since } from '../../components/TimeText.tsx';

const levels: Record<Alert['state'], Level> = { firing: 'down', pending: 'degraded', inactive: 'ok' };

/** Alerts that fire or are about to, and then the rules. */
export function AlertsPanel({ live }: { live: Live<Alerts> }) {
  const { data } = live;
  const counts = data ? `${data.firingCount} firing, ${data.pendingCount} pending · ` : '';
  return (
    <>
      <Panel
        title="Alerts"
        source={`${counts}prometheus`}
        live={live}
        level={data && data.firingCount > 0 ? 'down' : undefined}
        empty={{
          when: ({ reason }) => reason !== null,
          title: data?.reason?.message ?? '',
          next: data?.reason?.remedy,
        }}
      >
        {({ alerts, ruleCount }) =>
          alerts.length === 0 ? (
            <EmptyState title={`None of ${formatQuantity(ruleCount, 'rule')} fires or is about to`} />
          ) : (
            <DataTable
              label="Alerts"
              columns={alertColumns}
              rows={alerts}
              rowKey={({ rule, labels }) => `${rule} ${JSON.stringify(labels)}`}
            />
          )
        }
      </Panel>
      {data && data.rules.length > 0 ? (
        <PanelFrame
          title="Alerting rules"
          source={`${formatQuantity(data.ruleCount, 'rule')} · prometheus`}
          staleSince={live.state === 'stale' ? live.at : null}
        >
          <DataTable
            label="Alerting rules"
            columns={ruleColumns}
            rows={data.rules}
            rowKey={({ group, name, query }) => `${group} ${name} ${query}`}
          />
        </PanelFrame>
      ) : null}
    </>
  );
}

const alertColumns: Column<Alert>[] = [
  {
    id: 'state',
    header: 'State',
    width: '92px',
    cell: ({ state }) => <StatusText level={levels[state]}>{state}</StatusText>,
  },
  { id: 'rule', header: 'Alert', width: '190px', sort: ({ rule }) => rule, cell: ({ rule }) => rule },
  {
    id: 'since',
    header: 'For',
    width: '84px',
    align: 'end',
    sort: ({ activeAt }) => activeAt,
    cell: ({ activeAt }) => <Since at={activeAt} />,
  },
  { id: 'value', header: 'Value', width: '110px', align: 'end', mono: true, cell: ({ value }) => value },
  { id: 'summary', header: 'What', cell: ({ summary }) => <span title={summary}>{summary}</span> },
];

const ruleColumns: Column<Alerts['rules'][number]>[] = [
  {
    id: 'state',
    header: 'State',
    width: '92px',
    cell: ({ state, error }) =>
      error === '' ? (
        <StatusText level={levels[state]}>{state}</StatusText>
      ) : (
        <StatusText level="unknown">failed</StatusText>
      ),
  },
  { id: 'name', header: 'Rule', width: '190px', sort: ({ name }) => name, cell: ({ name }) => name },
  { id: 'for', header: 'Holds for', width: '84px', align: 'end', cell: ({ forMs }) => formatDuration(forMs) },
  {
    id: 'query',
    header: 'Condition',
    mono: true,
    cell: ({ query, error }) => <span title={error || query}>{error || query}</span>,
  },
];
