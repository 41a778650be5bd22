// What is shown of the lines: search, levels, services, time, and what is done with them.
import { useRef, useState } from 'react';
import type { ShownLevel } from '../../../app/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { FilterInput } from '../../components/FilterInput.tsx';
import { ToggleGroup } from '../../components/ToggleGroup.tsx';
import { useKeys } from '../../shell/useKeys.ts';
import { DownloadMenu } from './DownloadMenu.tsx';
import classes from './LogToolbar.module.css';
import { type LogsQuery, shownLevels } from './logsQuery.ts';
import { ServiceChoice } from './ServiceChoice.tsx';
import { TimeChoice } from './TimeChoice.tsx';
import { useSettledText } from './useSettledText.ts';

export interface LogToolbarProps {
  environment: string;
  query: LogsQuery;
  onChange: (change: Partial<LogsQuery>) => void;
  /** The service is given: it cannot be chosen here. */
  isOfOne: boolean;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
}

export function LogToolbar({ environment, query, onChange, isOfOne, wrap, onWrap }: LogToolbarProps) {
  const toolbar = useRef<HTMLDivElement>(null);
  const [text, setText] = useSettledText(query.search, (search) => onChange({ search }));
  // The filter of what was opened last, not that of the table beside it.
  useKeys({ '/': () => toolbar.current?.querySelector('input')?.focus(), w: () => onWrap(!wrap) });
  return (
    <div ref={toolbar} className={classes.toolbar}>
      <FilterInput
        value={text}
        onChange={setText}
        label="Search the log"
        placeholder={query.isPattern ? 'Regular expression' : 'Text in the line'}
      />
      <Toggle
        label=".*"
        title="Take it as a regular expression"
        isOn={query.isPattern}
        onToggle={(isPattern) => onChange({ isPattern })}
      />
      <Toggle
        label="Aa"
        title="Capital and small letters differ"
        isOn={query.matchCase}
        onToggle={(matchCase) => onChange({ matchCase })}
      />
      <Toggle
        label="All lines"
        title="Show what does not match too; n and N go from match to match"
        isOn={query.showAll}
        isDisabled={query.search === ''}
        onToggle={(showAll) => onChange({ showAll })}
      />
      {isOfOne ? null : (
        <ServiceChoice
          environment={environment}
          chosen={query.services}
          onChoose={(services) => onChange({ services })}
        />
      )}
      <LevelChoice chosen={query.levels} onChoose={(levels) => onChange({ levels })} />
      {isOfOne ? null : (
        <>
          <TimeChoice
            label="Since"
            placeholder="since 15m"
            value={query.from}
            onChange={(from) => onChange({ from, at: null })}
          />
          <TimeChoice
            label="Until"
            placeholder="until now"
            value={query.to}
            onChange={(to) => onChange({ to, at: null })}
          />
        </>
      )}
      <Toggle label="Wrap" title="Break long lines (w)" isOn={wrap} onToggle={onWrap} />
      <DownloadMenu environment={environment} query={query} />
    </div>
  );
}

interface ToggleProps {
  label: string;
  title: string;
  isOn: boolean;
  isDisabled?: boolean;
  onToggle: (isOn: boolean) => void;
}

function Toggle({ label, title, isOn, isDisabled = false, onToggle }: ToggleProps) {
  return (
    <Button
      look="toggle"
      aria-pressed={isOn}
      aria-label={/[a-z]{3}/.test(label) ? undefined : title}
      title={title}
      disabled={isDisabled}
      onClick={() => onToggle(!isOn)}
    >
      {label}
    </Button>
  );
}

const levelTitles: Record<ShownLevel, string> = {
  error: 'Errors, and what is graver',
  warn: 'Warnings',
  info: 'What is usual',
  debug: 'For those who look for something',
  unknown: 'Lines that do not say how grave they are',
};

function LevelChoice({
  chosen,
  onChoose,
}: {
  chosen: readonly ShownLevel[];
  onChoose: (levels: readonly ShownLevel[]) => void;
}) {
  const toggle = (level: ShownLevel) => {
    const next = chosen.includes(level) ? chosen.filter((other) => other !== level) : [...chosen, level];
    // All of them is the same as none, but hides what comes to be a level later.
    onChoose(next.length === shownLevels.length ? [] : shownLevels.filter((one) => next.includes(one)));
  };
  return (
    <ToggleGroup label="Levels">
      {shownLevels.map((level) => (
        <Button
          key={level}
          look="toggle"
          aria-pressed={chosen.includes(level)}
          title={levelTitles[level]}
          onClick={() => toggle(level)}
        >
          {level}
        </Button>
      ))}
    </ToggleGroup>
  );
}

/** Whether lines are broken, as long as the window is open. */
export function useWrap(): [boolean, (wrap: boolean) => void] {
  return useState(false);
}
