// Which exchanges somebody wants to see. Plain data in, one test out; the words that people type are the console's business.
import type { ExchangeRow } from './exchangeRecord.ts';

/** What is left out lets everything pass; of a list, one has to fit. */
export interface ExchangeFilter {
  /** `5xx`, `404` or `aborted`. */
  readonly status?: readonly string[];
  readonly route?: readonly string[];
  /** `search:8002`, or its name without the port. */
  readonly upstream?: readonly string[];
  readonly method?: readonly string[];
  readonly code?: readonly string[];
  readonly client?: readonly string[];
  readonly trace?: readonly string[];
  /** Part of the path or query, whatever the case. */
  readonly path?: string;
  readonly minMs?: number;
  readonly maxMs?: number;
  /** Epoch ms at which the exchange began, both included. */
  readonly since?: number;
  readonly until?: number;
  readonly protocol?: 'http' | 'websocket';
  readonly demo?: boolean;
}

export const STATUS_PATTERN = '^([1-5]xx|[1-5][0-9]{2}|aborted)$';

export type ExchangeTest = (row: ExchangeRow) => boolean;

/** undefined when everything passes. */
export function compileFilter(filter: ExchangeFilter): ExchangeTest | undefined {
  const tests: ExchangeTest[] = [];
  const { status, upstream, method, path, minMs, maxMs, since, until, protocol, demo } = filter;
  if (status) {
    const patterns = status.map(compileStatus);
    tests.push((row) => patterns.some((fits) => fits(row.status)));
  }
  if (upstream)
    tests.push((row) => row.upstream !== null && upstream.some((name) => isUpstream(row.upstream ?? '', name)));
  if (method) {
    const wanted = new Set(method.map((name) => name.toUpperCase()));
    tests.push((row) => wanted.has(row.method));
  }
  for (const field of ['route', 'code', 'client'] as const) addList(tests, filter[field], (row) => row[field]);
  addList(tests, filter.trace, (row) => row.traceId);
  if (path !== undefined) {
    const wanted = path.toLowerCase();
    tests.push((row) => row.path.toLowerCase().includes(wanted));
  }
  if (minMs !== undefined) tests.push((row) => row.durationMs >= minMs);
  if (maxMs !== undefined) tests.push((row) => row.durationMs <= maxMs);
  if (since !== undefined) tests.push((row) => row.at >= since);
  if (until !== undefined) tests.push((row) => row.at <= until);
  if (protocol !== undefined) tests.push((row) => row.protocol === protocol);
  if (demo !== undefined) tests.push((row) => row.demo === demo);
  return tests.length === 0 ? undefined : (row) => tests.every((fits) => fits(row));
}

function addList(
  tests: ExchangeTest[],
  wanted: readonly string[] | undefined,
  read: (row: ExchangeRow) => string | null,
): void {
  if (!wanted) return;
  const values = new Set<string | null>(wanted);
  tests.push((row) => values.has(read(row)));
}

function compileStatus(pattern: string): (status: number | null) => boolean {
  if (pattern === 'aborted') return (status) => status === null;
  if (pattern.endsWith('xx')) {
    const hundreds = Number(pattern[0]);
    return (status) => status !== null && Math.floor(status / 100) === hundreds;
  }
  const wanted = Number(pattern);
  return (status) => status === wanted;
}

function isUpstream(authority: string, name: string): boolean {
  return authority === name || authority.replace(/:\d+$/, '') === name;
}
