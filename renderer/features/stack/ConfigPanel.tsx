// The compose files as one project, as docker compose reads them: to be read, not written; secrets are masked by the host.
import { useQuery } from '@tanstack/react-query';
import { memo, useMemo, useRef } from 'react';
import type { StackConfig } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { toLive } from '../../api/liveQuery.ts';
import { Button } from '../../components/Button.tsx';
import { CopyCommand, useCopied } from '../../components/CopyCommand.tsx';
import { formatCount } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import classes from './ConfigPanel.module.css';
import { toFilesCommand } from './planCommand.ts';
import { toConfigReport } from './planReports.ts';
import stack from './StackView.module.css';
import { TextBlock } from './TextBlock.tsx';
import { useCommandPlace } from './useCommandPlace.ts';
import { toYamlLines, toYamlPlaces, type YamlLine, type YamlPlace } from './yamlLines.ts';

const MODES = ['dev', 'prod'] as const;

export function ConfigPanel({ environment }: { environment: string }) {
  const [search, changeSearch] = useViewSearch();
  const mode = MODES.find((one) => one === search.mode);
  const input = { environment, ...(mode ? { mode } : {}) };
  const query = useQuery({ ...useTRPC().stack.config.queryOptions(input), retry: false });
  const live = toLive(query);
  const place = useCommandPlace(environment);
  const toConfigCommand = (config: StackConfig) => toFilesCommand(['config', '--mode', config.mode], place);
  const shown = mode ?? live.data?.mode;
  return (
    <Panel
      title="Resolved configuration"
      live={live}
      rows={12}
      fill
      source={live.data ? toSource(live.data) : 'files'}
      report={(config) => toConfigReport(config, toConfigCommand(config))}
      actions={
        <fieldset className={classes.modes}>
          <legend className="heard">Mode</legend>
          {MODES.map((one) => (
            <Button key={one} size="small" aria-pressed={one === shown} onClick={() => changeSearch({ mode: one })}>
              {one}
            </Button>
          ))}
        </fieldset>
      }
      tools={
        <>
          {live.data ? <CopyText text={live.data.text} /> : null}
          <Button size="small" disabled={query.isFetching} onClick={() => void query.refetch()}>
            Read again
          </Button>
        </>
      }
    >
      {(config) => (
        <>
          <Warnings config={config} />
          <Yaml text={config.text} />
          <div className={stack.foot}>
            {config.isCut ? (
              <StatusText level="degraded">Cut after 1 MiB: read the rest in its files.</StatusText>
            ) : null}
            <CopyCommand command={toConfigCommand(config)} />
          </div>
        </>
      )}
    </Panel>
  );
}

function toSource({ files, folder }: StackConfig): string {
  const names = files.map((file) => (file.startsWith(folder) ? file.slice(folder.length).replace(/^[\\/]/, '') : file));
  return `${names.join(' + ')} · ${folder} · secrets masked`;
}

function CopyText({ text }: { text: string }) {
  const [copied, copy] = useCopied();
  return (
    <Button size="small" onClick={() => copy(text)}>
      {copied ? 'Copied' : 'Copy'}
    </Button>
  );
}

function Warnings({ config: { warnings } }: { config: StackConfig }) {
  if (warnings.length === 0) return null;
  return (
    <ul className={classes.warnings} aria-label="Warnings">
      {warnings.map(({ place, message }) => (
        <li key={`${place} ${message}`}>
          <StatusText level="degraded">
            <span className="mono">{place}</span> {message}
          </StatusText>
        </li>
      ))}
    </ul>
  );
}

/** Drawn once: a frame that changes around it must not cost a thousand lines. */
const Yaml = memo(function Yaml({ text }: { text: string }) {
  const lines = useMemo(() => toYamlLines(text), [text]);
  const scroller = useRef<HTMLElement>(null);
  const jump = (line: number) => {
    const target = scroller.current?.querySelector<HTMLElement>(`[data-number="${line}"]`);
    if (scroller.current && target) scroller.current.scrollTop = target.offsetTop;
  };
  return (
    <div className={classes.yaml}>
      <Places places={toYamlPlaces(lines)} onJump={jump} />
      <TextBlock ref={scroller} look="filling" label={`Configuration, ${formatCount(lines.length)} lines`}>
        {lines.map((line) => (
          <Line key={line.number} line={line} />
        ))}
      </TextBlock>
    </div>
  );
});

function Line({ line: { number, lead, key, rest } }: { line: YamlLine }) {
  return (
    <span className={classes.line} data-number={number}>
      {lead}
      {key === '' ? null : <span className={classes.key}>{key}</span>}
      {`${rest}\n`}
    </span>
  );
}

function Places({ places, onJump }: { places: readonly YamlPlace[]; onJump: (line: number) => void }) {
  return (
    <nav className={classes.places} aria-label="Parts of the configuration">
      {places.map(({ name, line, depth }) => (
        <button key={line} type="button" className={classes.place} data-depth={depth} onClick={() => onJump(line)}>
          {name}
        </button>
      ))}
    </nav>
  );
}
