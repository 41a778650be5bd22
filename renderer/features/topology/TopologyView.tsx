// Who talks to whom, and where does it hurt?

import { useCallback, useMemo } from 'react';
import { formatWindow } from '../../../app/contract/index.ts';
import type { Live } from '../../api/live.ts';
import { useLive } from '../../api/useLive.ts';
import { Button } from '../../components/Button.tsx';
import { formatCount } from '../../components/format.ts';
import { Panel, PanelFailure, PanelFrame, PanelSkeleton } from '../../components/Panel.tsx';
import { StatusMark } from '../../components/StatusMark.tsx';
import { useNarrow } from '../../components/useNarrow.ts';
import { useEnvironment, useEnvironmentId, useSourced } from '../../shell/environment.ts';
import { useKeys } from '../../shell/useKeys.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { FilterField } from '../traffic/FilterField.tsx';
import { findHint, parseFind, readFindWord, toFindSuggestions } from './find.ts';
import { Legend } from './Legend.tsx';
import { ReachList } from './ReachList.tsx';
import { ServicePanel } from './ServicePanel.tsx';
import { TopologyGraph, type TopologyGraphProps } from './TopologyGraph.tsx';
import { TopologyTable } from './TopologyTable.tsx';
import classes from './TopologyView.module.css';
import { TroubleList } from './TroubleList.tsx';
import type { TopologyNode } from './topologyNodes.ts';
import { toTopologyReport } from './topologyReport.ts';
import { useLayout } from './useLayout.ts';
import { type TopologyData, useTopologyData } from './useTopologyData.ts';

/** As in the styles. */
const SIDE_WIDTH_PX = 320;

export function TopologyView() {
  const data = useTopologyData();
  const { data: environment } = useEnvironment();
  const [search, changeSearch] = useViewSearch();
  const selected = search.service ?? null;
  const findText = search.find ?? '';
  const isTable = search.as === 'table';
  const find = useMemo(() => parseFind(findText), [findText]);
  const nodes = data.data?.nodes;
  const found = useMemo(
    () => (find.isEmpty || !nodes ? null : new Set(nodes.filter(find.matches).map(({ name }) => name))),
    [find, nodes],
  );
  const isReach = search.reach === 'yes' && !isTable;
  const isHiding = search.hide === 'yes' && found !== null;
  const onSelect = useCallback((name: string | null) => changeSearch({ service: name }), [changeSearch]);
  const isNarrow = useNarrow(1240);
  useKeys({ Escape: () => onSelect(null) });

  return (
    <div className={classes.view}>
      <h1 className="heard">Topology</h1>
      <div className={classes.toolbar}>
        <FilterField
          value={findText}
          onChange={(next) => changeSearch({ find: next })}
          readSeen={() => nodes ?? []}
          suggest={toFindSuggestions}
          readWord={readFindWord}
          findProblem={() => null}
          label="Find services"
          placeholder={findHint}
        />
        <Button
          aria-pressed={isHiding}
          disabled={found === null}
          onClick={() => changeSearch({ hide: isHiding ? null : 'yes' })}
          title="Leave out what is not found"
        >
          {isHiding ? 'Show all' : 'Hide others'}
        </Button>
        <Button
          aria-pressed={isReach}
          disabled={isTable}
          onClick={() => changeSearch({ reach: isReach ? null : 'yes' })}
          title="Who else could reach whom: past the gateway, or without a reason"
        >
          Possible paths
        </Button>
        <FindState problems={find.problems} found={found?.size ?? null} total={nodes?.length ?? 0} />
      </div>
      <div className={classes.columns}>
        <Panel
          title={isTable ? 'Services and their traffic' : 'Services by network'}
          actions={isTable ? undefined : <Legend />}
          source={`engine · ${toWindowText(data)}`}
          tools={
            <Button
              size="small"
              look="quiet"
              aria-pressed={isTable}
              onClick={() => changeSearch({ as: isTable ? null : 'table' })}
            >
              {isTable ? 'As picture' : 'As table'}
            </Button>
          }
          fill
          live={data}
          report={(now) => toTopologyReport(toShown(now.nodes, found), now.windowMs)}
          rows={12}
          empty={{
            when: ({ nodes: all }) => all.length === 0,
            title: 'The project has no services',
            next: 'The engine knows no container of it, and no compose file was found.',
          }}
        >
          {(now) =>
            isTable ? (
              <TopologyTable nodes={toShown(now.nodes, found)} selected={selected} onSelect={onSelect} />
            ) : (
              <PictureOf
                isReach={isReach}
                data={now}
                engineKind={environment?.engineKind ?? null}
                coveredRightPx={isNarrow && selected !== null ? SIDE_WIDTH_PX : 0}
                {...{ selected, onSelect, found, isHiding }}
              />
            )
          }
        </Panel>
        {data.data ? (
          <Side nodes={data.data.nodes} isStale={data.state === 'stale'} {...{ selected, onSelect, isReach }} />
        ) : null}
      </div>
    </div>
  );
}

function toShown(nodes: readonly TopologyNode[], found: ReadonlySet<string> | null) {
  return found ? nodes.filter(({ name }) => found.has(name)) : nodes;
}

function toWindowText({ data }: Live<TopologyData>): string {
  return data?.windowMs ? `last ${formatWindow(data.windowMs)} · gateway` : 'traffic not known';
}

interface FindStateProps {
  problems: readonly string[];
  found: number | null;
  total: number;
}

function FindState({ problems, found, total }: FindStateProps) {
  return (
    <p className={classes.found} role="status">
      {problems[0] ?? (found === null ? '' : `${formatCount(found)} of ${formatCount(total)} found`)}
    </p>
  );
}

type PictureProps = Omit<TopologyGraphProps, 'topology' | 'nodes' | 'layout'> & { data: TopologyData };

function PictureOf({ isReach, ...rest }: Omit<PictureProps, 'reach'> & { isReach: boolean }) {
  return isReach ? <PictureWithReach {...rest} /> : <Picture {...rest} reach={null} />;
}

/** Asked for by itself: the host then inspects every container. */
function PictureWithReach(props: Omit<PictureProps, 'reach'>) {
  const reach = useReach();
  return <Picture {...props} reach={reach.data?.ways ?? null} />;
}

function useReach() {
  return useSourced('engine', useLive('posture.reach', { environment: useEnvironmentId() }));
}

function Picture({ data, ...rest }: PictureProps) {
  const layout = useLayout(data.structure);
  if (layout.state === 'loading') return <PanelSkeleton rows={12} />;
  if (layout.state === 'failed') {
    return (
      <PanelFailure
        problem={{
          code: 'internal',
          message: `The picture could not be laid out: ${layout.reason}.`,
          remedy: 'The table shows the same; reload the window to try again.',
        }}
      />
    );
  }
  return <TopologyGraph topology={data.topology} nodes={data.nodes} layout={layout.layout} {...rest} />;
}

interface SideProps {
  nodes: readonly TopologyNode[];
  selected: string | null;
  onSelect: (name: string | null) => void;
  isStale: boolean;
  isReach: boolean;
}

function SideReach(props: Pick<SideProps, 'selected' | 'onSelect'>) {
  return <ReachList reach={useReach()} {...props} />;
}

function Side({ nodes, selected, onSelect, isStale, isReach }: SideProps) {
  const node = nodes.find(({ name }) => name === selected);
  return (
    <div className={classes.side} data-open={selected !== null || undefined} data-stale={isStale || undefined}>
      {node ? (
        <PanelFrame
          fill
          title={
            <span className={classes.title}>
              <StatusMark level={node.level} /> {node.name}
            </span>
          }
          level={node.level === 'down' || node.level === 'degraded' ? node.level : undefined}
          source={node.box}
          tools={
            <Button size="small" look="quiet" aria-label="Close" title="Close (Esc)" onClick={() => onSelect(null)}>
              ✕
            </Button>
          }
        >
          <ServicePanel node={node} nodes={nodes} onSelect={onSelect} />
        </PanelFrame>
      ) : isReach ? null : (
        <PanelFrame fill title={selected ? `There is no service "${selected}"` : 'Trouble'} source="by severity">
          <TroubleList nodes={nodes} onSelect={onSelect} />
        </PanelFrame>
      )}
      {isReach ? <SideReach selected={node ? selected : null} onSelect={onSelect} /> : null}
    </div>
  );
}
