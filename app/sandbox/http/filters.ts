// Docker's `filters` parameter: {"label":["a=b"]}, or in the old form {"label":{"a=b":true}}.
import { EngineError } from './engineError.ts';

export type Filters = ReadonlyMap<string, readonly string[]>;

/** Throws EngineError 400 when it is not such an object, or names a filter that is not in `known`. */
export function parseFilters(text: string | null, known: readonly string[]): Filters {
  if (text === null || text === '') return new Map();
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new EngineError(400, 'filters is not JSON');
  }
  if (typeof given !== 'object' || given === null) throw new EngineError(400, 'filters must be an object');
  const filters = new Map<string, string[]>();
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) throw new EngineError(400, `invalid filter '${name}'; known here: ${known.join(', ')}`);
    filters.set(name, toValues(name, value));
  }
  return filters;
}

function toValues(name: string, value: unknown): string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] === true);
  }
  throw new EngineError(400, `filter '${name}' must be a list of texts`);
}

/** Several values of one filter mean any of them; an absent filter lets everything pass. */
export function passesAny(filters: Filters, name: string, matches: (wanted: string) => boolean): boolean {
  const wanted = filters.get(name);
  return wanted === undefined || wanted.length === 0 || wanted.some(matches);
}

/** Labels are the exception: every `key` or `key=value` must be there. */
export function passesLabels(filters: Filters, labels: Readonly<Record<string, string>>): boolean {
  return (filters.get('label') ?? []).every((wanted) => {
    const at = wanted.indexOf('=');
    if (at === -1) return Object.hasOwn(labels, wanted);
    const key = wanted.slice(0, at);
    return Object.hasOwn(labels, key) && labels[key] === wanted.slice(at + 1);
  });
}

/** Docker matches a name by regular expression; here it is a part of the name, with ^ and $ as its ends. */
export function matchesName(name: string, wanted: string): boolean {
  const core = wanted.replace(/^\^?\/?/, '').replace(/\$$/, '');
  const atStart = wanted.startsWith('^');
  const atEnd = wanted.endsWith('$');
  if (atStart && atEnd) return name === core;
  if (atStart) return name.startsWith(core);
  if (atEnd) return name.endsWith(core);
  return name.includes(core);
}
