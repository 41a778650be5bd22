// The filter of Traces: words that become the conditions of a search, or the id of one trace. Pure.
import { splitField, splitFilterWords, type TraceQuery } from '../../../app/contract/index.ts';

export interface TraceFilter {
  readonly query: TraceQuery;
  /** The filter names one trace: it is opened, not searched. */
  readonly traceId: string | null;
  /** Why a word does not count. */
  readonly problem: string | null;
}

export const traceFilterHint = 'Filter: service:search route:ai-search ms>500 error, or a trace id';
const LIMIT = 100;

/** Never throws: a word that means nothing is said to. */
export function parseTraceFilter(text: string): TraceFilter {
  let query: TraceQuery = { error: false, limit: LIMIT };
  let traceId: string | null = null;
  let problem: string | null = null;
  for (const word of splitFilterWords(text)) {
    const read = readWord(word.text, splitField(word));
    if (word.negated) problem ??= `${word.raw} does not count: traces are found by what is in them`;
    else if (typeof read === 'string') problem ??= `${word.raw} does not count: ${read}`;
    else if ('traceId' in read) traceId = read.traceId;
    else query = { ...query, ...read };
  }
  return { query, traceId, problem };
}

type Read = Partial<TraceQuery> | { traceId: string } | string;

function readWord(text: string, split: ReturnType<typeof splitField>): Read {
  const [, sign, figure] = /^ms\s*([<>])\s*(\d{1,8}(?:\.\d+)?)$/i.exec(text) ?? [];
  if (figure !== undefined) return sign === '>' ? { minMs: Number(figure) } : { maxMs: Number(figure) };
  if (/^(error|errors|is:error)$/i.test(text)) return { error: true };
  // Only a whole id: it is opened at once, and who types one has the rest of it to type.
  if (/^[0-9a-f]{32}$/i.test(text)) return { traceId: text.toLowerCase() };
  if (!split) return 'words are service:, route:, request:, trace:, ms>, ms< and error';
  const { field, value } = split;
  if (value === '') return `${field}: has no value yet`;
  if (field === 'service') return { service: value };
  if (field === 'route') return { route: value };
  if (field === 'request') return { requestId: value };
  if (field === 'trace' && /^[0-9a-f]{32}$/i.test(value)) return { traceId: value.toLowerCase() };
  return field === 'trace' ? 'a trace id has 32 hexadecimal digits' : `there is no field ${field}`;
}

/** The filter with a word for the service, or without one. */
export function withService(filter: string, service: string | null): string {
  return replaceWord(filter, /^service:/i, service === null ? null : `service:${service}`);
}

export function withError(filter: string, isOn: boolean): string {
  return replaceWord(filter, /^(error|errors|is:error)$/i, isOn ? 'error' : null);
}

function replaceWord(filter: string, old: RegExp, added: string | null): string {
  const kept = splitFilterWords(filter)
    .filter(({ text, negated }) => negated || !old.test(text))
    .map(({ raw }) => raw);
  return [...kept, ...(added === null ? [] : [added])].join(' ');
}
