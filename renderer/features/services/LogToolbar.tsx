import { useRef } from 'react';
import { Button } from '../../components/Button.tsx';
import { useCopied } from '../../components/CopyCommand.tsx';
import { FilterInput } from '../../components/FilterInput.tsx';
import { formatCount } from '../../components/format.ts';
import { useKeys } from '../../shell/useKeys.ts';
import classes from './LogView.module.css';
import { toCopiedLine } from './logText.ts';
import type { Logs } from './useLogs.ts';

export interface LogToolbarProps {
  logs: Logs;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
}

export function LogToolbar({ logs: { buffer, filter, setFilter }, wrap, onWrap }: LogToolbarProps) {
  const [copied, copy] = useCopied();
  const toolbar = useRef<HTMLDivElement>(null);
  // The filter of what was opened last, not that of the table beside it.
  useKeys({ '/': () => toolbar.current?.querySelector('input')?.focus() });
  const isFiltered = filter.text !== '' || filter.onlyTrouble;
  const copyLines = () => {
    const lines = [...buffer.rows()].flatMap((row) => (row.kind === 'line' ? [toCopiedLine(row.line)] : []));
    copy(lines.join('\n'));
  };
  return (
    <div ref={toolbar} className={classes.toolbar}>
      <FilterInput
        value={filter.text}
        onChange={(text) => setFilter({ ...filter, text })}
        label="Filter the log"
        placeholder="Text in the line"
      />
      <Button
        className={classes.toggle}
        aria-pressed={filter.onlyTrouble}
        onClick={() => setFilter({ ...filter, onlyTrouble: !filter.onlyTrouble })}
        title="Only warnings, errors and stderr"
      >
        Trouble
      </Button>
      <Button className={classes.toggle} aria-pressed={wrap} onClick={() => onWrap(!wrap)} title="Break long lines">
        Wrap
      </Button>
      <Button onClick={copyLines} title="The lines that are shown, as they were written">
        <span className={classes.copyVerb} aria-live="polite">
          {copied ? 'Copied' : 'Copy'}
        </span>
      </Button>
      <span className={classes.count}>
        {isFiltered
          ? `${formatCount(buffer.rowCount)} of ${formatCount(buffer.keptCount)}`
          : formatCount(buffer.keptCount)}{' '}
        lines
      </span>
    </div>
  );
}
