import type { ChartSeries, MetricsRange } from '../../../app/contract/index.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { TimeText, ZoneName } from '../../components/TimeText.tsx';
import classes from './ChartPanel.module.css';
import { type ChartRow, toChartRows } from './chartRows.ts';

export interface ChartTableProps {
  title: string;
  series: readonly ChartSeries[];
  range: MetricsRange;
  format: (value: number | null) => string;
}

/** The points of a chart as figures, the newest first. */
export function ChartTable({ title, series, range, format }: ChartTableProps) {
  const columns: Column<ChartRow>[] = [
    {
      id: 'at',
      header: (
        <>
          At, <ZoneName />
        </>
      ),
      width: '84px',
      cell: ({ at }) => <TimeText at={at} />,
    },
    ...series.map(
      ({ name }, place): Column<ChartRow> => ({
        id: String(place),
        header: <span title={name}>{name}</span>,
        align: 'end',
        cell: ({ values }) => format(values[place] ?? null),
      }),
    ),
  ];
  return (
    <div className={classes.table}>
      <DataTable
        label={`${title}, newest first`}
        columns={columns}
        rows={toChartRows(series, range).toReversed()}
        rowKey={({ at }) => String(at)}
        virtual
      />
    </div>
  );
}
