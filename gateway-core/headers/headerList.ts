// Header fields as an ordered list of pairs, names as received. Repeated fields stay repeated.

import { remember } from '../memo/remember.ts';
import { FIELD_VALUE, isFieldName } from './fieldSyntax.ts';

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** Whether Node takes the field; it throws in mid-answer otherwise. */
export function isValidField(name: string, value: string): boolean {
  return isFieldName(name) && FIELD_VALUE.test(value);
}

/** Each message brings the same few dozen names. */
export const toLowerName = remember((name) => name.toLowerCase());

/** From Node's flat rawHeaders. */
export function toHeaderList(raw: readonly string[]): [string, string][] {
  const list: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) list.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return list;
}

/** As Node's `headers`, by lower case; a field that stands several times has a list. */
export function toHeaderRecord(list: HeaderList): Record<string, string | string[]> {
  // Without a prototype: `constructor` is a name like any other, and must not be known before it came.
  const record: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of list) {
    const lower = name.toLowerCase();
    const known = record[lower];
    record[lower] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
  }
  return record;
}

const NO_VALUES: readonly string[] = [];

/** All values of a field; the name is in lower case. Mostly there is none or one, for which no list has to grow. */
export function valuesOf(headers: HeaderList, lowerName: string): readonly string[] {
  let values: string[] | undefined;
  for (const [name, value] of headers) {
    if (name.length !== lowerName.length || name.toLowerCase() !== lowerName) continue;
    if (values) values.push(value);
    else values = [value];
  }
  return values ?? NO_VALUES;
}

/** The value of a field that stands exactly once, else undefined. */
export function findSingle(headers: HeaderList, lowerName: string): string | undefined {
  const values = valuesOf(headers, lowerName);
  return values.length === 1 ? values[0] : undefined;
}

export function hasHeader(headers: HeaderList, lowerName: string): boolean {
  return headers.some(([name]) => name.length === lowerName.length && name.toLowerCase() === lowerName);
}

/** Without the blanks and tabs around it (OWS, RFC 9110, 5.6.3). A loop: a pattern for this takes quadratic time on a field of blanks. */
export function trimOws(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
