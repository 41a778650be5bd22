import { Menu } from '@mantine/core';
import { useState } from 'react';
import { problemOf } from '../../../app/contract/index.ts';
import { useTRPCClient } from '../../api/GatehouseProvider.tsx';
import { buttonLook } from '../../components/Button.tsx';
import { formatQuantity } from '../../components/format.ts';
import { saveFile } from '../posture/saveFile.ts';
import classes from './LogToolbar.module.css';
import { type LogsQuery, toLogFilter } from './logsQuery.ts';

/** What the filter means, not only what the window holds: read anew by the host, bounded, and said where it is cut. */
export function DownloadMenu({ environment, query }: { environment: string; query: LogsQuery }) {
  const client = useTRPCClient();
  const [said, say] = useState<string | null>(null);
  const download = (format: 'text' | 'json') => {
    const pieces: string[] = [];
    say('Reading…');
    const filter = { ...toLogFilter(query), onlyHits: query.search !== '' && !query.showAll };
    const subscription = client.logs.download.subscribe(
      { environment, filter, format },
      {
        onData: ({ text, lines, end }) => {
          pieces.push(text);
          say(`${formatQuantity(lines, 'line')}…`);
          if (!end) return;
          subscription.unsubscribe();
          const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
          const name = `${environment.replace('~', '-')}-${stamp}`;
          if (format === 'json') saveFile(`${name}.jsonl`, pieces.join(''), 'application/x-ndjson');
          else saveFile(`${name}.log`, pieces.join(''), 'text/plain');
          say(
            `${formatQuantity(lines, 'line')} saved${end.reason ? `; earlier ones are not there: ${end.reason}` : ''}`,
          );
        },
        onError: (error) => say(problemOf(error).message),
      },
    );
  };
  return (
    <>
      <Menu position="bottom-end" offset={6} transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <button type="button" {...buttonLook()} title="At most 50,000 lines and 16 MB, the newest of them">
            Download <span aria-hidden="true">▾</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => download('text')}>As text</Menu.Item>
          <Menu.Item onClick={() => download('json')}>As JSON, one object a line</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <span className={said ? classes.said : 'heard'} role="status">
        {said}
      </span>
    </>
  );
}
