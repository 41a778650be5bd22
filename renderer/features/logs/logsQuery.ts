// What the view of logs is asked to show, as its address holds it. Pure.
import { type LogFilterInput, type ShownLevel, shownLevelSchema } from '../../../app/contract/index.ts';
import { toShellWord } from '../../components/shellWord.ts';
import type { ViewSearch } from '../../shell/useViewSearch.ts';

export interface LogsQuery {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Empty: all. */
  readonly levels: readonly ShownLevel[];
  readonly search: string;
  readonly isPattern: boolean;
  readonly matchCase: boolean;
  /** Lines that the search does not match are shown too. */
  readonly showAll: boolean;
  readonly trace: string | null;
  readonly from: number | null;
  readonly to: number | null;
  /** A moment to look at, standing still; null: as the lines come. */
  readonly at: number | null;
}

export const everything: LogsQuery = {
  services: [],
  levels: [],
  search: '',
  isPattern: false,
  matchCase: false,
  showAll: false,
  trace: null,
  from: null,
  to: null,
  at: null,
};

export const shownLevels = shownLevelSchema.options;

export function parseLogsQuery(search: ViewSearch): LogsQuery {
  return {
    services: toList(search.services),
    levels: shownLevels.filter((level) => toList(search.level).includes(level)),
    search: search.q ?? '',
    isPattern: search.re === '1',
    matchCase: search.case === '1',
    showAll: search.show === 'all',
    trace: /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i.test(search.trace ?? '') ? (search.trace ?? null) : null,
    from: toMoment(search.from),
    to: toMoment(search.to),
    at: toMoment(search.at),
  };
}

/** The parameters of the address that a change stands for; null takes one away. */
export function toLogsSearch(change: Partial<LogsQuery>): Record<string, string | null> {
  const written: Record<string, string | null> = {};
  if (change.services) written.services = change.services.join(',') || null;
  if (change.levels) written.level = change.levels.join(',') || null;
  if (change.search !== undefined) written.q = change.search || null;
  if (change.isPattern !== undefined) written.re = change.isPattern ? '1' : null;
  if (change.matchCase !== undefined) written.case = change.matchCase ? '1' : null;
  if (change.showAll !== undefined) written.show = change.showAll ? 'all' : null;
  if (change.trace !== undefined) written.trace = change.trace;
  for (const name of ['from', 'to', 'at'] as const) {
    const moment = change[name];
    if (moment !== undefined) written[name] = moment === null ? null : String(moment);
  }
  return written;
}

export function toLogFilter(query: LogsQuery): LogFilterInput {
  const { services, levels, search, isPattern, matchCase, showAll, trace, from, to } = query;
  return {
    services: [...services],
    levels: [...levels],
    search,
    isPattern,
    matchCase,
    onlyHits: !showAll,
    trace,
    from,
    to,
  };
}

/** The same question as a command. */
export function toLogsCommand({ services, levels, search, isPattern, trace, from, to }: LogsQuery): string {
  const options = [
    levels.length > 0 ? `--level =${levels.join(',')}` : '',
    search === '' ? '' : `--grep ${toShellWord(search)}${isPattern ? ' -E' : ''}`,
    trace === null ? '' : `--trace ${trace}`,
    from === null ? '' : `--since ${new Date(from).toISOString()}`,
    to === null ? '--follow' : `--until ${new Date(to).toISOString()}`,
  ];
  return ['gatehouse logs', ...services.map(toShellWord), ...options.filter((option) => option !== '')].join(' ');
}

function toList(text: string | undefined): string[] {
  return (text ?? '').split(',').filter((part) => part !== '');
}

function toMoment(text: string | undefined): number | null {
  return text !== undefined && /^\d{10,14}$/.test(text) ? Number(text) : null;
}
