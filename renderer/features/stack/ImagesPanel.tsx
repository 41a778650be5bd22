// Which images the stack uses, by what registries know them, and whether what runs is older than its name.
import { useQuery } from '@tanstack/react-query';
import type { UsedImage } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { toLive } from '../../api/liveQuery.ts';
import { Button } from '../../components/Button.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { formatBytes } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { Since, TimeText } from '../../components/TimeText.tsx';
import { useSourced } from '../../shell/environment.ts';
import { toDigest, toImageState } from './imageState.ts';
import classes from './StackView.module.css';
import { toImagesReport } from './stackReports.ts';

export function ImagesPanel({ environment }: { environment: string }) {
  const query = useQuery({ ...useTRPC().stack.images.queryOptions({ environment }), retry: false });
  const live = useSourced('engine', toLive(query));
  return (
    <Panel
      title="Images"
      live={live}
      report={toImagesReport}
      rows={8}
      fill
      source={
        live.data ? (
          <>
            looked at <TimeText at={live.data.at} /> · engine and files
          </>
        ) : (
          'engine and files'
        )
      }
      tools={
        <Button size="small" disabled={query.isFetching} onClick={() => void query.refetch()}>
          Look again
        </Button>
      }
      empty={{ when: ({ images }) => images.length === 0, title: 'The stack uses no image' }}
    >
      {({ images }) => (
        <div className={classes.scroll}>
          <DataTable label="Images" columns={columns} rows={images} rowKey={({ reference }) => reference} />
        </div>
      )}
    </Panel>
  );
}

const columns: Column<UsedImage>[] = [
  {
    id: 'reference',
    header: 'Image',
    mono: true,
    sort: ({ reference }) => reference,
    cell: ({ reference }) => (
      <span className={classes.reference} title={reference}>
        {reference}
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: (image) => {
      const { level, words } = toImageState(image);
      return (
        <StatusText level={level} strong={level === 'degraded'}>
          {words}
        </StatusText>
      );
    },
  },
  {
    id: 'digest',
    header: 'Digest',
    mono: true,
    width: '190px',
    cell: (image) => <Digest image={image} />,
  },
  {
    id: 'size',
    header: 'Size',
    align: 'end',
    width: '76px',
    sort: ({ named }) => named?.sizeBytes ?? null,
    cell: ({ named }) => formatBytes(named?.sizeBytes || null),
  },
  {
    id: 'age',
    header: 'Made',
    align: 'end',
    width: '64px',
    sort: ({ named }) => named?.createdAt ?? null,
    cell: ({ named }) => <Since at={named?.createdAt ?? null} />,
  },
  {
    id: 'services',
    header: 'Services',
    dim: true,
    optional: true,
    cell: ({ services }) => (
      <span className={classes.why} title={services.join(', ')}>
        {services.join(', ')}
      </span>
    ),
  },
];

const SHOWN_DIGITS = 12;

function Digest({ image }: { image: UsedImage }) {
  const digest = toDigest(image);
  if (!digest) return <span className="faint">–</span>;
  const [algorithm, value = ''] = digest.text.split(':');
  return (
    <span title={digest.isLocal ? `${digest.text}: no registry knows it` : digest.text}>
      {algorithm}:{value.slice(0, SHOWN_DIGITS)}
      {digest.isLocal ? <span className="faint"> id</span> : null}
    </span>
  );
}
