// The result of a run: as JSON, as tables in Markdown, and where the two are kept.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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
  return `${machine.cpus} cores of ${machine.model}, Node ${machine.node}; ${machine.pinning}.\n\n${toMarkdown(head, lines)}${missing.join('')}${told}`;
}

function toShareTable(what: string, shares: readonly Share[]): string {
  return toMarkdown(
    [what, 'time'],
    shares.map(({ name, share }) => [name, `${(share * 100).toFixed(1)} %`]),
  );
}

function toMarkdown(head: readonly string[], lines: readonly (readonly string[])[]): string {
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}

const BEGIN = '<!-- written by npm run bench -- gateway --record -->\n';
const END = '<!-- end -->\n';

/** Everything between the two marks of the page is replaced. */
export function recordResult(result: Result): void {
  const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
  const file = fileURLToPath(new URL('../results/gateway.json', import.meta.url));
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from === -1 || to < from) throw new Error(`${page} has lost the marks between which the tables stand`);
  mkdirSync(fileURLToPath(new URL('../results', import.meta.url)), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(page, text.slice(0, from + BEGIN.length) + toTable(result) + text.slice(to));
}
