import type { TimelineEntry, TimelineKind, Unwatched } from '../../../app/contract/index.ts';
import type { Column } from '../../components/DataTable.tsx';
import { formatDuration } from '../../components/format.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { TimeText, ZoneName } from '../../components/TimeText.tsx';
import { ViewLink } from '../../shell/ViewLink.tsx';
import classes from './TimelineView.module.css';
import type { TimelineRow } from './timelineLog.ts';

const kindNames: Record<TimelineKind, string> = {
  engine: 'engine',
  breaker: 'breaker',
  gateway: 'gateway',
  configuration: 'configuration',
  boot: 'start',
  operator: 'operator',
};

export const timelineColumns: Column<TimelineRow>[] = [
  {
    id: 'time',
    header: (
      <>
        Time, <ZoneName />
      </>
    ),
    width: '150px',
    mono: true,
    cell: (row) => <TimeText at={momentOf(row)} look="dated" />,
  },
  {
    id: 'level',
    header: '',
    label: 'Level',
    width: '34px',
    cell: (row) => <StatusMark level={row.kind === 'entry' ? row.entry.level : 'unknown'} />,
  },
  {
    id: 'kind',
    header: 'Kind',
    width: '112px',
    dim: true,
    cell: (row) => (row.kind === 'entry' ? kindNames[row.entry.kind] : 'not watched'),
  },
  {
    id: 'what',
    header: 'What',
    cell: (row) => (row.kind === 'entry' ? <What entry={row.entry} /> : <NotWatched span={row.span} />),
  },
  {
    id: 'who',
    header: 'Who',
    width: '16%',
    dim: true,
    optional: true,
    cell: (row) => (row.kind === 'entry' ? (row.entry.operator?.who ?? '') : ''),
  },
];

function momentOf(row: TimelineRow): number {
  return row.kind === 'entry' ? row.entry.at : row.span.until;
}

function What({ entry }: { entry: TimelineEntry }) {
  const link = toLink(entry);
  return (
    <span className={classes.what} title={`${entry.subject} ${entry.text}`}>
      {link ? (
        <ViewLink view={link.view} search={link.search} className={classes.subject}>
          {entry.subject}
        </ViewLink>
      ) : (
        <b className={classes.subject}>{entry.subject}</b>
      )}{' '}
      {entry.text}
    </span>
  );
}

function NotWatched({ span }: { span: Unwatched }) {
  return (
    <span className={classes.what}>
      <span className={classes.hatch} aria-hidden="true" />
      <span className="dim">
        for {formatDuration(span.until - span.from)} no console watched; what happened then is not known here
      </span>
    </span>
  );
}

/** Where the cause of an entry can be looked at. */
export function toLink({ kind, subject }: Pick<TimelineEntry, 'kind' | 'subject'>) {
  switch (kind) {
    case 'engine':
      return { view: 'services', search: { service: subject } } as const;
    case 'breaker':
      return { view: 'breakers', search: { upstream: subject.replace(/^Breaker /, '') } } as const;
    case 'gateway':
    case 'configuration':
      return { view: 'routes', search: {} } as const;
    case 'boot':
      return { view: 'stack', search: { tab: 'boot' } } as const;
    default:
      return null;
  }
}
