// Values of charts as text, by their unit. Pure.
import type { MetricsUnit } from '../../../app/contract/index.ts';
import { formatBytes, formatCount, formatMs, formatPercent, formatRate, NOTHING } from '../../components/format.ts';

export const unitWords: Record<MetricsUnit, string> = {
  perSecond: 'per s',
  share: '%',
  seconds: 'ms',
  bytes: 'bytes',
  bytesPerSecond: 'bytes per s',
  cores: 'cores',
  count: 'number',
  colour: 'state',
};

const colours = ['green', 'yellow', 'red'];

/** With its unit, for legends, tables and axes alike. */
export function formatMetric(value: number | null | undefined, unit: MetricsUnit): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  switch (unit) {
    case 'perSecond':
      return `${formatRate(value)}/s`;
    case 'share':
      return `${formatPercent(value)} %`;
    case 'seconds':
      return Math.abs(value) < 10 ? `${formatMs(value * 1000)} ms` : `${value.toFixed(1)} s`;
    case 'bytes':
      return formatBytes(value);
    case 'bytesPerSecond':
      return `${formatBytes(value)}/s`;
    case 'cores':
      return value > 0 && value < 0.005 ? '<0.01' : value.toFixed(2);
    case 'count':
      return formatPlain(value);
    case 'colour':
      return colours[Math.round(value)] ?? NOTHING;
  }
}

/** A number that means what its query means: whole ones in groups, others with four digits that say something. */
export function formatPlain(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  if (Number.isInteger(value) || Math.abs(value) >= 10_000) return formatCount(value);
  return String(Number(value.toPrecision(4)));
}
