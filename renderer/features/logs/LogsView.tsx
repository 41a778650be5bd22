// What did they say? The lines of all services as one, searched by the host, with the moment's other evidence one click away.
import { useMemo } from 'react';
import card from '../../components/Card.module.css';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { useEnvironmentId } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { LogPane } from './LogPane.tsx';
import { LogToolbar, useWrap } from './LogToolbar.tsx';
import { type LogsQuery, parseLogsQuery, toLogsCommand, toLogsSearch } from './logsQuery.ts';

export function LogsView() {
  const environment = useEnvironmentId();
  const [search, changeSearch] = useViewSearch();
  // Every render has a new object of the address.
  const key = JSON.stringify(search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the address
  const query = useMemo(() => parseLogsQuery(search), [key]);
  const [wrap, setWrap] = useWrap();
  const onChange = (change: Partial<LogsQuery>) => changeSearch(toLogsSearch(change));
  return (
    <div className={card.page}>
      <ViewHeader
        title="Logs"
        note="merged by the engine’s time"
        actions={<CopyCommand command={toLogsCommand(query)} />}
      />
      <LogToolbar
        environment={environment}
        query={query}
        onChange={onChange}
        isOfOne={false}
        wrap={wrap}
        onWrap={setWrap}
      />
      <div className={card.card}>
        <LogPane
          environment={environment}
          query={query}
          onChange={onChange}
          wrap={wrap}
          origin="service"
          label="Log lines"
        />
      </div>
    </div>
  );
}
