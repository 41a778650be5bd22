// From what is known at a place of a query to what can be put there. Pure.
import type { Completion } from '../../../contract/index.ts';
import type { CompletionContext } from './completionContext.ts';
import { escapePromql, quotePromql } from './quote.ts';

type Option = Completion['options'][number];

const optionLimit = 50;
const durations = ['30s', '1m', '5m', '15m', '1h', '6h', '1d'];

const functions: readonly [name: string, detail: string][] = [
  ['rate', 'per second, of a counter over a window'],
  ['irate', 'per second, between the last two scrapes'],
  ['increase', 'by how much a counter grew over a window'],
  ['delta', 'by how much a gauge changed over a window'],
  ['deriv', 'per second, of a gauge over a window'],
  ['histogram_quantile', 'a quantile from buckets by le'],
  ['avg_over_time', 'mean over a window'],
  ['max_over_time', 'largest over a window'],
  ['min_over_time', 'smallest over a window'],
  ['sum_over_time', 'sum over a window'],
  ['count_over_time', 'how many points in a window'],
  ['quantile_over_time', 'a quantile over a window'],
  ['last_over_time', 'the last one in a window'],
  ['changes', 'how often it changed in a window'],
  ['resets', 'how often a counter began anew in a window'],
  ['predict_linear', 'where a gauge will be'],
  ['absent', '1 where there is none'],
  ['absent_over_time', '1 where there was none in a window'],
  ['clamp_min', 'not below a bound'],
  ['clamp_max', 'not above a bound'],
  ['label_replace', 'a label made of another'],
  ['label_join', 'a label made of several'],
  ['round', 'to a multiple'],
  ['sort_desc', 'largest first'],
  ['time', 'seconds since 1970'],
  ['timestamp', 'when it was scraped'],
  ['vector', 'a number as a vector'],
  ['scalar', 'a vector of one as a number'],
];
const aggregations = ['sum', 'avg', 'min', 'max', 'count', 'topk', 'bottomk', 'quantile', 'stddev', 'count_values'];
const keywords = [
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'offset',
  'and',
  'or',
  'unless',
  'bool',
];

export interface Known {
  readonly metrics: readonly string[];
  /** By metric its type and help. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly labels: readonly string[];
  readonly values: readonly string[];
}

export function complete(context: CompletionContext, known: Known): Completion {
  const all = toOptions(context, known);
  const wanted = context.prefix.toLowerCase();
  const fitting = all
    .map((option) => ({ option, rank: toRank(option.text.toLowerCase(), wanted) }))
    .filter(({ rank }) => rank !== null)
    .toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
    .map(({ option }) => option);
  return {
    from: context.from,
    to: context.to,
    options: fitting.slice(0, optionLimit),
    optionCount: fitting.length,
  };
}

/** What begins with it, then what has a word that does, then what holds it anywhere; null for the rest. */
function toRank(text: string, wanted: string): number | null {
  if (text.startsWith(wanted)) return 0;
  if (text.includes(`_${wanted}`)) return 1;
  return text.includes(wanted) ? 2 : null;
}

function toOptions(context: CompletionContext, { metrics, metadata, labels, values }: Known): Option[] {
  switch (context.kind) {
    case 'expression':
      return [
        ...functions.map(([text, detail]): Option => ({ text, kind: 'function', detail })),
        ...aggregations.map((text): Option => ({ text, kind: 'function', detail: 'over series' })),
        ...keywords.map((text): Option => ({ text, kind: 'keyword', detail: '' })),
        ...metrics.map((name): Option => ({ text: toMetric(name), kind: 'metric', detail: metadata.get(name) ?? '' })),
      ];
    case 'label':
      return labels.map((name): Option => ({ text: toLabel(name), kind: 'label', detail: '' }));
    case 'value':
      return values
        .filter((value) => context.quote !== '`' || !value.includes('`'))
        .map((value): Option => ({ text: toValue(value, context.quote), kind: 'value', detail: '' }));
    case 'duration':
      return durations.map((text): Option => ({ text, kind: 'keyword', detail: '' }));
    case 'nothing':
      return [];
  }
}

/** Since Prometheus 3 a name may be any text; one that is no plain name is written in quotes and braces. */
function toMetric(name: string): string {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name) ? name : `{${quotePromql(name)}}`;
}

function toLabel(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quotePromql(name);
}

function toValue(value: string, quote: string): string {
  if (quote === '`') return value;
  const escaped = escapePromql(value);
  return quote === '"' ? escaped : escaped.replaceAll('\\"', '"').replaceAll("'", "\\'");
}
