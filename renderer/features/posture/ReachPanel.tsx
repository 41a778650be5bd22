// Who could reach whom by the networks, against who has a reason to: bypasses first, then what nobody uses.
import type { Reach, ReachFinding } from '../../../app/contract/index.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { formatCount } from '../../components/format.ts';
import { PanelFrame } from '../../components/Panel.tsx';
import { StatusMark } from '../../components/StatusMark.tsx';
import { useNarrow } from '../../components/useNarrow.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';
import classes from './PostureView.module.css';

const columns: Column<ReachFinding>[] = [
  {
    id: 'kind',
    header: 'Way',
    width: '96px',
    cell: ({ kind }) => (
      <span className={classes.kind}>
        <StatusMark level={kind === 'bypass' ? 'degraded' : 'unknown'} label="" /> {kind}
      </span>
    ),
    sort: ({ kind }) => kind,
  },
  {
    id: 'from',
    header: 'From',
    width: '150px',
    cell: ({ from }) => (
      <ViewLink view="services" search={{ service: from }}>
        {from}
      </ViewLink>
    ),
    sort: ({ from }) => from,
  },
  { id: 'count', header: 'To', align: 'end', width: '52px', cell: ({ count }) => count, sort: ({ count }) => count },
  { id: 'to', header: '', label: 'Services', cell: ({ to, count }) => <Names to={to} count={count} /> },
  { id: 'network', header: 'Over', width: '164px', cell: ({ network }) => network, sort: ({ network }) => network },
  {
    id: 'why',
    header: 'Why it stands here',
    dim: true,
    width: '30%',
    cell: ({ why }) => <span className={classes.wrap}>{why}</span>,
  },
];
const narrowColumns = columns.filter(({ id }) => id !== 'why');

function Names({ to, count }: { to: readonly string[]; count: number }) {
  const more = count - to.length;
  return (
    <span className={classes.wrap}>
      {to.join(', ')}
      {more > 0 ? ` and ${more} more` : ''}
    </span>
  );
}

export function ReachPanel({ reach }: { reach: Reach }) {
  const { possible, declared, observed, isEnforced, findings } = reach;
  const isNarrow = useNarrow(1240);
  const seen = observed === null ? 'nobody watched' : `${formatCount(observed)} with requests seen`;
  return (
    <div className={classes.whole}>
      <PanelFrame
        title="Possible and observed"
        source={`${formatCount(possible)} ways are open · ${formatCount(declared)} with a reason · ${seen}${isEnforced ? '' : ' · by the files: the sandbox keeps nobody apart'}`}
      >
        {findings.length === 0 ? (
          <EmptyState
            title="No way is open that nobody needs"
            next="Every pair that shares a network has a reason to."
          />
        ) : (
          <DataTable
            label="Ways that the networks leave open, bypasses first"
            columns={isNarrow ? narrowColumns : columns}
            rows={findings}
            rowKey={({ kind, from, network }) => `${kind} ${from} ${network}`}
          />
        )}
      </PanelFrame>
    </div>
  );
}
