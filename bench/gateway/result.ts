// The result of a run, and its tables in Markdown.
import { toMarkdownTable } from '../record.ts';
import type { ProfileSummary, Share } from './profile.ts';

export interface Row {
  readonly name: string;
  readonly requestsPerSecond: number;
  /** Of all cores, for one request under full load. */
  readonly cpuUs: number | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rssMb: number | null;
}

export interface Result {
  readonly bench: 'gateway';
  readonly machine: { readonly cpus: number; readonly model: string; readonly node: string; readonly pinning: string };
  readonly rows: readonly Row[];
  /** Candidate → why it did not take part. */
  readonly skipped: Readonly<Record<string, string>>;
  /** `a/b` → how many times b's requests per second a served. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly profile: ProfileSummary | null;
}

const MISSING = 'not measured';

/** Latency is told as what the candidate adds to that of the origin itself. */
export function toTable({ machine, rows, skipped, ratios, profile }: Result): string {
  const direct = rows.find(({ name }) => name === 'direct');
  const added = (row: Row, key: 'p50Ms' | 'p99Ms') =>
    direct && row !== direct ? (row[key] - direct[key]).toFixed(2) : '';
  const times = (name: string, base: string) =>
    name === base ? '1' : (ratios[`${name}/${base}`]?.toFixed(2) ?? MISSING);
  const lines = rows.map((row) => [
    row.name,
    String(row.requestsPerSecond),
    row.cpuUs === null ? '' : row.cpuUs.toFixed(0),
    times(row.name, 'http-proxy-3'),
    times(row.name, 'undici'),
    row.cpuUs === null || row.name === 'undici' ? '' : (ratios[`${row.name}/undici by CPU`]?.toFixed(2) ?? MISSING),
    added(row, 'p50Ms'),
    added(row, 'p99Ms'),
    row.rssMb === null ? '' : String(row.rssMb),
  ]);
  const head = [
    '',
    'requests/s',
    'CPU µs',
    '× http-proxy-3',
    '× undici',
    '× undici by CPU',
    'p50 + ms',
    'p99 + ms',
    'RSS MiB',
  ];
  const missing = Object.entries(skipped).map(([name, reason]) => `- ${name} was left out: ${reason}.\n`);
  const told = profile
    ? `\n${toShareTable('Part', profile.groups)}\n${toShareTable('Function', profile.functions)}`
    : '';
  return `${machine.cpus} cores of ${machine.model}, Node ${machine.node}; ${machine.pinning}.\n\n${toMarkdownTable(head, lines)}${missing.join('')}${told}`;
}

function toShareTable(what: string, shares: readonly Share[]): string {
  return toMarkdownTable(
    [what, 'time'],
    shares.map(({ name, share }) => [name, `${(share * 100).toFixed(1)} %`]),
  );
}
