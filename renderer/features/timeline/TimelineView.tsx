// What happened, and who did it: newest first, as it comes, and back as far as it is kept.
import { useMemo } from 'react';
import { Button } from '../../components/Button.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FilterInput } from '../../components/FilterInput.tsx';
import { formatQuantity } from '../../components/format.ts';
import { Panel, PanelFailure } from '../../components/Panel.tsx';
import { ToggleGroup } from '../../components/ToggleGroup.tsx';
import { Toolbar } from '../../components/Toolbar.tsx';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { useEnvironmentId, useOpenView } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { AuditDrawer } from './AuditDrawer.tsx';
import { HistoryNotice } from './HistoryNotice.tsx';
import classes from './TimelineView.module.css';
import { timelineColumns, toLink } from './timelineColumns.tsx';
import { allKinds, kindWords, parseKinds, timelineFilterHint, toEntryTest, toggleKind } from './timelineFilter.ts';
import { type TimelineRow, toRows } from './timelineLog.ts';
import { toTimelineReport } from './timelineReport.ts';
import { type TimelineOfView, useTimeline } from './useTimeline.ts';

export function TimelineView() {
  const environment = useEnvironmentId();
  const openView = useOpenView();
  const [search, changeSearch] = useViewSearch();
  const kinds = parseKinds(search.kind);
  const filter = search.filter ?? '';
  const { live, older } = useTimeline(environment, kinds);
  const log = live.data;
  const rows = useMemo(() => (log ? toRows(log, toEntryTest(filter)) : []), [log, filter]);
  const opened = log?.entries.find(({ id }) => id === search.entry);
  const isFiltered = filter !== '' || kinds.length < allKinds.length;

  const open = (row: TimelineRow) => {
    if (row.kind === 'unwatched') return;
    if (row.entry.operator) {
      changeSearch({ entry: row.entry.id }, { push: true });
      return;
    }
    const link = toLink(row.entry);
    if (link) openView(link.view, link.search);
  };

  return (
    <>
      <ViewHeader
        title="Timeline"
        note={log ? `${formatQuantity(log.entries.length, 'entry', 'entries')} · newest first · history` : 'history'}
      />
      <Toolbar>
        <FilterInput
          value={filter}
          onChange={(next) => changeSearch({ filter: next })}
          label="Filter the timeline"
          placeholder={timelineFilterHint}
        />
        <ToggleGroup label="Kinds">
          {allKinds.map((kind) => (
            <Button
              key={kind}
              look="toggle"
              aria-pressed={kinds.length < allKinds.length && kinds.includes(kind)}
              onClick={() => changeSearch({ kind: toggleKind(kinds, kind) })}
            >
              {kindWords[kind]}
            </Button>
          ))}
        </ToggleGroup>
      </Toolbar>
      {log ? <HistoryNotice history={log.history} /> : null}
      <Panel
        title="What happened"
        live={live}
        report={() => toTimelineReport(rows)}
        source="history"
        rows={12}
        fill
        empty={{
          when: ({ entries }) => entries.length === 0 && !isFiltered,
          title: 'Nothing has happened yet',
          next: 'Events of the engine, breaker transitions and what operators do stand here as soon as they happen.',
        }}
      >
        {() => (
          <DataTable
            label="Timeline, newest first"
            columns={timelineColumns}
            rows={rows}
            rowKey={({ key }) => key}
            selected={search.entry}
            onOpen={open}
            virtual
            footer={
              <Footer
                isEmpty={rows.length === 0}
                hasMore={log?.next !== null}
                older={older}
                onShowAll={() => changeSearch({ filter: null, kind: null })}
              />
            }
          />
        )}
      </Panel>
      {search.entry ? (
        <AuditDrawer
          key={search.entry}
          id={search.entry}
          version={opened?.operator?.outcome ?? ''}
          onClose={() => changeSearch({ entry: null })}
        />
      ) : null}
    </>
  );
}

interface FooterProps {
  isEmpty: boolean;
  hasMore: boolean;
  older: TimelineOfView['older'];
  onShowAll: () => void;
}

function Footer({ isEmpty, hasMore, older, onShowAll }: FooterProps) {
  return (
    <div className={classes.footer}>
      {isEmpty ? (
        <EmptyState
          title="Nothing that was read matches the filter"
          next={hasMore ? 'Older entries may match.' : 'Nothing older is kept.'}
          action={<Button onClick={onShowAll}>Show all</Button>}
        />
      ) : null}
      {older.problem ? <PanelFailure problem={older.problem} /> : null}
      {hasMore ? (
        <Button onClick={older.ask} disabled={older.isAsked}>
          {older.isAsked ? 'Reading older entries…' : 'Show older'}
        </Button>
      ) : (
        <p className="dim">That is all that is kept.</p>
      )}
    </div>
  );
}
