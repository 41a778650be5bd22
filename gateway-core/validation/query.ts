// The query as its parameters, in the form that HTML forms write (a=1&b=2) and that every framework reads.
import type { ValidationFault } from './fault.ts';
import { escapePointerStep } from './strictJson.ts';

type Parameters =
  | { readonly ok: true; readonly pairs: readonly (readonly [name: string, value: string])[] }
  | { readonly ok: false; readonly detail: string };

/** Takes the query with or without its `?`. Refuses escapes that are none, or not UTF-8: servers differ in what they make of them. */
export function parseQuery(query: string): Parameters {
  const text = query.startsWith('?') ? query.slice(1) : query;
  if (text === '') return { ok: true, pairs: [] };
  const pairs: [string, string][] = [];
  for (const piece of text.split('&')) {
    if (piece === '') continue;
    const sign = piece.indexOf('=');
    const name = decode(sign < 0 ? piece : piece.slice(0, sign));
    const value = sign < 0 ? '' : decode(piece.slice(sign + 1));
    if (name === undefined || value === undefined)
      return { ok: false, detail: 'the query has an escape that is not UTF-8' };
    pairs.push([name, value]);
  }
  return { ok: true, pairs };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** What the schema of a query says of its parameters, as far as it decides how their text is read. */
export interface QueryTypes {
  readonly properties?: Readonly<
    Record<string, { readonly type?: unknown; readonly items?: { readonly type?: unknown } }>
  >;
}

type QueryObject =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  | { readonly ok: false; readonly fault: ValidationFault };

/**
 * The parameters as an object to hold against a schema. Text becomes a number or a boolean where its property asks for
 * one and it is written as JSON would write it; anything else stays text, for the schema to refuse. A parameter may
 * stand several times only where its property is an array: which of them an upstream takes is anybody's guess.
 */
export function toQueryObject(
  pairs: readonly (readonly [string, string])[],
  { properties = {} }: QueryTypes,
): QueryObject {
  // Without a prototype: `__proto__` and `constructor` are names like others here.
  const value: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, text] of pairs) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property?.type === 'array') {
      const known = (value[name] ?? []) as unknown[];
      known.push(toTyped(text, property.items?.type));
      value[name] = known;
    } else if (name in value) {
      return {
        ok: false,
        fault: { in: 'query', pointer: `/${escapePointerStep(name)}`, message: 'stands there twice' },
      };
    } else value[name] = toTyped(text, property?.type);
  }
  return { ok: true, value };
}

function toTyped(text: string, type: unknown): unknown {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  const isInteger = /^-?(?:0|[1-9]\d{0,15})$/.test(text);
  if (types.includes('integer') && isInteger && Number.isSafeInteger(Number(text))) return Number(text);
  if (types.includes('number') && /^-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?$/.test(text)) {
    const number = Number(text);
    if (Number.isFinite(number)) return number;
  }
  return text;
}
