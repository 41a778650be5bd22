import { readMap, readText } from './rawValues.ts';

/** Name and value of one field. */
export type Pair = [string, string];

/** Nothing for an empty value or the default. */
export function field(name: string, value: string, defaults: readonly string[] = []): Pair[] {
  return value === '' || defaults.includes(value) ? [] : [[name, value]];
}

/** The order of the list means nothing. */
export function setField(name: string, values: readonly string[]): Pair[] {
  return field(name, [...new Set(values)].sort().join(', '));
}

export function mapFields(name: string, value: unknown): Pair[] {
  return Object.entries(readMap(value)).map(([key, one]) => [`${name}.${key}`, readText(one)]);
}
