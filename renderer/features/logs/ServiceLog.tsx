// The log of one service beside other things: the same lines as in the view, which is one click away.
import { useMemo, useState } from 'react';
import { buttonLook } from '../../components/Button.tsx';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { LogPane } from './LogPane.tsx';
import { LogToolbar, useWrap } from './LogToolbar.tsx';
import { everything, type LogsQuery, toLogsSearch } from './logsQuery.ts';
import classes from './ServiceLog.module.css';

export interface ServiceLogProps {
  environment: string;
  service: string;
  /** How many containers write into this log. */
  containers: number;
}

export function ServiceLog({ environment, service, containers }: ServiceLogProps) {
  const [own, setOwn] = useState<LogsQuery>(everything);
  const query = useMemo(() => ({ ...own, services: [service] }), [own, service]);
  const [wrap, setWrap] = useWrap();
  const onChange = (change: Partial<LogsQuery>) => setOwn((before) => ({ ...before, ...change }));
  const address = Object.entries(toLogsSearch(query)).filter((entry): entry is [string, string] => entry[1] !== null);
  return (
    <>
      <div className={classes.tools}>
        <LogToolbar environment={environment} query={query} onChange={onChange} isOfOne wrap={wrap} onWrap={setWrap} />
        <ViewLink view="logs" search={Object.fromEntries(address)} {...buttonLook('quiet', 'small')}>
          Open in Logs
        </ViewLink>
      </div>
      <LogPane
        environment={environment}
        query={query}
        onChange={onChange}
        wrap={wrap}
        origin={containers > 1 ? 'container' : 'nothing'}
        label={`Log of ${service}`}
      />
    </>
  );
}
