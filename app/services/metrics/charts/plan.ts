// What a chart asks, apart from who answers: the same plan becomes PromQL, or is worked out from the host's own ring. Pure.
import { quotePromql, toAlternatives } from '../promql/quote.ts';

export interface Selection {
  readonly metric: string;
  /** Label and the values of which it has one. */
  readonly match?: Readonly<Record<string, readonly string[]>>;
  /** Label and the values of which it has none. */
  readonly except?: Readonly<Record<string, readonly string[]>>;
}

export type Plan =
  /** Of a counter, per second. */
  | (Selection & { readonly kind: 'rate'; readonly by: readonly string[] })
  /** Of a counter: what is selected as a share of the whole metric, 0 to 1. */
  | (Selection & { readonly kind: 'share'; readonly by: readonly string[] })
  /** Of a histogram, in its unit; the metric's name without `_bucket`. */
  | (Selection & { readonly kind: 'quantile'; readonly q: number; readonly by: readonly string[] })
  | (Selection & { readonly kind: 'gauge'; readonly take: 'sum' | 'max'; readonly by: readonly string[] })
  /** Of a gauge that is 1 for the colour that holds: 0 green, 1 yellow, 2 red. */
  | (Selection & { readonly kind: 'colour'; readonly label: string; readonly by: readonly string[] });

export interface PromqlFrame {
  /** Matchers for every selection, for example `job="gateway"`. */
  readonly matchers: string;
  /** Over which rates are taken. */
  readonly windowMs: number;
  /** The same thing may be scraped by several jobs: of each instance one is taken. */
  readonly acrossJobs: boolean;
}

export function toPromql(plan: Plan, frame: PromqlFrame): string {
  const of = (expression: string) => (frame.acrossJobs ? `max without (job) (${expression})` : expression);
  const sum = (expression: string, by = plan.by) => `sum${toBy(by)}(${of(expression)})`;
  const rate = (selection: Selection) => `rate(${toSelector(selection, frame)}[${toDuration(frame.windowMs)}])`;
  switch (plan.kind) {
    case 'rate':
      return sum(rate(plan));
    case 'share':
      // A whole without the part is a share of zero: what never failed has no series of failures.
      return `(${sum(rate(plan))} or 0 * ${sum(rate({ metric: plan.metric }))}) / ${sum(rate({ metric: plan.metric }))}`;
    case 'quantile':
      return `histogram_quantile(${plan.q}, ${sum(rate({ ...plan, metric: `${plan.metric}_bucket` }), ['le', ...plan.by])})`;
    case 'gauge':
      return `${plan.take}${toBy(plan.by)}(${of(toSelector(plan, frame))})`;
    case 'colour': {
      const is = (colour: string) =>
        `max${toBy(plan.by)}(${toSelector({ metric: plan.metric, match: { [plan.label]: [colour] } }, frame)})`;
      return `${is('yellow')} + 2 * ${is('red')}`;
    }
  }
}

/** Whether anybody measured: a value wherever the metric was scraped, also where the plan itself has none to give. */
export function toCoveragePromql(plan: Plan, frame: PromqlFrame): string {
  const metric = plan.kind === 'quantile' ? `${plan.metric}_count` : plan.metric;
  return `count(${toSelector({ metric }, frame)})`;
}

/** The metrics of a plan as they are called where they are scraped. */
export function toMetricName(plan: Plan): string {
  return plan.kind === 'quantile' ? `${plan.metric}_bucket` : plan.metric;
}

function toBy(by: readonly string[]): string {
  return by.length === 0 ? ' ' : ` by (${by.join(', ')}) `;
}

function toSelector({ metric, match = {}, except = {} }: Selection, { matchers }: PromqlFrame): string {
  const own = [
    ...Object.entries(match).map(([label, values]) => toMatcher(label, values, ['=', '=~'])),
    ...Object.entries(except).map(([label, values]) => toMatcher(label, values, ['!=', '!~'])),
    ...(matchers === '' ? [] : [matchers]),
  ];
  return own.length === 0 ? metric : `${metric}{${own.join(',')}}`;
}

function toMatcher(label: string, values: readonly string[], [one, several]: readonly [string, string]): string {
  const [first = ''] = values;
  return values.length === 1 ? `${label}${one}${quotePromql(first)}` : `${label}${several}${toAlternatives(values)}`;
}

/** Milliseconds as PromQL writes them. */
export function toDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${Math.round(ms)}ms`;
}
