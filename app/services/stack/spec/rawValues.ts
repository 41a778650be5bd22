// Reading fields of an inspection or a create body that nobody has checked.
import { z } from 'zod';

export type Raw = Readonly<Record<string, unknown>>;

const textsSchema = z.array(z.coerce.string()).catch([]);

/** Anything else than an object is an empty one. */
export function readMap(value: unknown): Raw {
  // Not copied, nor by a schema: a trace of ten thousand spans is read by it, too.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

export function readTexts(value: unknown): string[] {
  return textsSchema.parse(value);
}

export function readMaps(value: unknown): Raw[] {
  return Array.isArray(value) ? value.map(readMap) : [];
}

export function readText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function readNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

export function withoutUndefined(values: Raw): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
