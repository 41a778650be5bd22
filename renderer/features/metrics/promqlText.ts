// Putting a completion into a query. Pure.
import type { Completion } from '../../../app/contract/index.ts';

type Kind = Completion['options'][number]['kind'];

/** The query with the option in the place of what was there, and where the caret then stands: within a function's brackets. */
export function insertOption(
  query: string,
  { from, to }: Pick<Completion, 'from' | 'to'>,
  { option, kind }: { option: string; kind: Kind },
): { text: string; caret: number } {
  const rest = query.slice(to);
  const brackets = kind === 'function' && !rest.startsWith('(') ? '()' : '';
  const text = query.slice(0, from) + option + brackets + rest;
  return { text, caret: from + option.length + (kind === 'function' ? 1 : 0) };
}

/** The name of a series: its metric and its labels, as PromQL would select it. */
export function toSeriesName({ __name__ = '', ...labels }: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  if (own.length === 0) return __name__ || '{}';
  return `${__name__}{${own.join(', ')}}`;
}
