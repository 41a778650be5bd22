// Every component in every state, for those who build with them: /gallery, in no navigation.
import { useState } from 'react';
import type { Level } from '../../../app/contract/index.ts';
import { type Live, liveOf, loading } from '../../api/live.ts';
import { Button } from '../../components/Button.tsx';
import { Chip } from '../../components/Chip.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { Drawer } from '../../components/Drawer.tsx';
import { FilterInput } from '../../components/FilterInput.tsx';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMs,
  formatPercent,
  formatRate,
} from '../../components/format.ts';
import { Kbd } from '../../components/Kbd.tsx';
import { Panel, PanelFrame } from '../../components/Panel.tsx';
import { Sparkline } from '../../components/Sparkline.tsx';
import { StatusMark, StatusText } from '../../components/StatusMark.tsx';
import { Tile } from '../../components/Tile.tsx';
import { Since, TimeText, Until } from '../../components/TimeText.tsx';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { GalleryBanners, GalleryForms, GallerySteps } from './GalleryForms.tsx';
import classes from './GalleryView.module.css';

const levels: Level[] = ['ok', 'degraded', 'down', 'unknown'];
const wave = Array.from({ length: 60 }, (_, index) => 10 + 4 * Math.sin(index / 6));
const gaps = wave.map((value, index) => (index < 8 || (index > 30 && index < 38) ? null : value));
const openedAt = Date.now();

const lost = {
  code: 'gateway-unreachable',
  message: 'The gateway of shop-platform does not answer on its admin socket.',
  remedy: 'See whether the container api_gateway runs; the console tries again by itself.',
} as const;
const states: { title: string; live: Live<string[]> }[] = [
  { title: 'Loading', live: loading },
  { title: 'Empty', live: liveOf([]) },
  { title: 'Stale', live: { state: 'stale', data: ['the last known'], at: openedAt - 42_000, problem: lost } },
  { title: 'Failed', live: { state: 'failed', data: null, at: null, problem: lost } },
  { title: 'Live', live: liveOf(['as it is']) },
];

interface Row {
  name: string;
  level: Level;
  rate: number | null;
}
const rows: Row[] = Array.from({ length: 200 }, (_, index) => ({
  name: `service-${index + 1}`,
  level: levels[index % 4] ?? 'ok',
  rate: index % 7 === 0 ? null : (index * 37) % 100,
}));
const columns: Column<Row>[] = [
  { id: 'level', header: '', label: 'State', width: '30px', cell: (row) => <StatusMark level={row.level} /> },
  { id: 'name', header: 'Name', sort: (row) => row.name, cell: (row) => row.name, mono: true },
  {
    id: 'rate',
    header: 'req/s',
    align: 'end',
    width: '100px',
    sort: (row) => row.rate,
    cell: (row) => formatRate(row.rate),
  },
];

export function GalleryView() {
  const [filter, setFilter] = useState('');
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <>
      <ViewHeader title="Gallery" note="every component in every state" />
      <GalleryBanners />
      <div className={classes.grid}>
        <Marks />
        <Controls filter={filter} onFilter={setFilter} />
        <Figures />
        <GalleryForms />
        <GallerySteps />
        {states.map(({ title, live }) => (
          <Panel
            key={title}
            title={title}
            source="gateway"
            live={live}
            empty={{ when: (list) => list.length === 0, title: 'Nothing here', next: 'And this is the next step.' }}
          >
            {(list) => <p className={classes.pad}>{list.join(', ')}</p>}
          </Panel>
        ))}
        <PanelFrame title="Out of order" level="down" source="a coloured border">
          <p className={classes.pad}>Only for what must be seen first.</p>
        </PanelFrame>
      </div>
      <div className={classes.tiles}>
        <Tile
          label="Requests"
          source="gateway"
          value="412"
          unit="/s"
          note="peak 486"
          course={{ values: wave, label: 'wave' }}
        />
        <Tile
          label="Errors"
          source="gateway"
          value="9.3"
          unit="%"
          tone="degraded"
          note="of callers, 60 s"
          course={{ values: gaps, label: 'with gaps' }}
        />
        <Tile label="p95" source="gateway" value="–" unit="ms" note="nothing is known" />
      </div>
      <div className={classes.table}>
        <PanelFrame title="A table of 200 rows, virtual" source="j k ↵" fill>
          <DataTable
            label="Services"
            columns={columns}
            rows={rows}
            rowKey={(row) => row.name}
            onOpen={(row) => setOpened(row.name)}
            selected={opened}
            virtual
          />
        </PanelFrame>
      </div>
      {opened ? (
        <Drawer title={opened} meta={<StatusText level="ok">healthy</StatusText>} onClose={() => setOpened(null)}>
          <p className={classes.pad}>Detail beside the list.</p>
        </Drawer>
      ) : null}
    </>
  );
}

function Marks() {
  return (
    <PanelFrame title="Status, chips, keys">
      <div className={classes.pad}>
        {levels.map((level) => (
          <StatusText key={level} level={level} strong>
            {level}
          </StatusText>
        ))}
      </div>
      <div className={classes.pad}>
        {levels.map((level) => (
          <Chip key={level} look="cell" level={level}>
            {level}
          </Chip>
        ))}
        <Chip>
          gateway <b>1 of 1</b>
        </Chip>
        <Chip look="token">status:5xx</Chip>
        <Kbd keys="g o" />
      </div>
    </PanelFrame>
  );
}

function Controls({ filter, onFilter }: { filter: string; onFilter: (filter: string) => void }) {
  return (
    <PanelFrame title="Controls">
      <div className={classes.pad}>
        <Button look="primary">Primary</Button>
        <Button>Normal</Button>
        <Button look="danger">Danger</Button>
        <Button look="quiet">Quiet</Button>
        <Button disabled>Disabled</Button>
        <Button size="small">Small</Button>
      </div>
      <div className={classes.pad}>
        <FilterInput value={filter} onChange={onFilter} label="Filter" />
        <CopyCommand command="gatehouse breakers --json" />
      </div>
    </PanelFrame>
  );
}

function Figures() {
  return (
    <PanelFrame title="Figures and time">
      <div className={classes.pad}>
        <span>{formatCount(38_214)}</span>
        <span>{formatRate(412.34)}/s</span>
        <span>{formatPercent(0.093)} %</span>
        <span>{formatMs(1204)} ms</span>
        <span>{formatBytes(43_010_048)}</span>
        <span>{formatDuration(200_000)}</span>
        <span>{formatRate(null)}</span>
      </div>
      <div className={classes.pad}>
        <TimeText at={openedAt} milliseconds />
        <span>
          since <Since at={openedAt} />
        </span>
        <span>
          until <Until at={openedAt + 90_000} />
        </span>
        <Sparkline values={wave} label="wave" />
        <Sparkline values={gaps} label="with gaps" tone="degraded" />
        <Sparkline values={wave} label="down" tone="down" filled />
      </div>
    </PanelFrame>
  );
}
