// What the gateway's JSON Schema allows at a place of the document, in words and as completions. Pure.
import type { YamlPlace } from './yamlPlace.ts';

/** Of JSON Schema, what the gateway's uses. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly required?: readonly string[];
}

export interface Option {
  label: string;
  /** What is put in. */
  apply: string;
  /** Beside it: its type. */
  detail: string;
  /** In a sentence, where the schema has one. */
  info: string;
}

/** Alternatives are taken together: which of them it will be is not known while one types. */
export function findSchemas(root: Schema, path: readonly (string | 0)[]): Schema[] {
  return path.reduce<Schema[]>((schemas, step) => schemas.flatMap((schema) => stepInto(schema, step)), expand(root));
}

function expand(schema: Schema): Schema[] {
  const parts = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...parts.flatMap(expand)];
}

function stepInto({ properties, additionalProperties, items }: Schema, step: string | 0): Schema[] {
  if (step === 0) return items ? expand(items) : [];
  const own = properties && Object.hasOwn(properties, step) ? properties[step] : undefined;
  if (own) return expand(own);
  return typeof additionalProperties === 'object' ? expand(additionalProperties) : [];
}

/** Names that the document itself defines, for keys that refer to them. */
export interface KnownNames {
  upstreams: readonly string[];
  policies: readonly string[];
  providers: readonly string[];
}

export function toOptions(root: Schema, place: YamlPlace, names: KnownNames): Option[] {
  if (place.kind === 'key') return toKeys(findSchemas(root, place.path));
  const { key } = place;
  if (key === null) return [];
  const schemas = findSchemas(root, [...place.path, key]);
  const referred = { upstream: names.upstreams, limits: names.policies, provider: names.providers }[key] ?? [];
  const values = [...schemas, ...schemas.flatMap(({ items }) => (items ? expand(items) : []))].flatMap(toValues);
  return [...new Set([...referred, ...values])].map((label) => ({ label, apply: label, detail: '', info: '' }));
}

function toKeys(schemas: readonly Schema[]): Option[] {
  const required = new Set(schemas.flatMap((schema) => schema.required ?? []));
  const keys = new Map<string, Option>();
  for (const [label, schema] of schemas.flatMap(({ properties }) => Object.entries(properties ?? {}))) {
    if (keys.has(label)) continue;
    const isMap = expand(schema).some(({ properties, additionalProperties }) => properties ?? additionalProperties);
    const detail = `${toTypeText(schema)}${required.has(label) ? ', needed' : ''}`;
    keys.set(label, { label, apply: isMap ? `${label}:` : `${label}: `, detail, info: schema.description ?? '' });
  }
  return [...keys.values()];
}

function toValues(schema: Schema): string[] {
  if (schema.const !== undefined) return [String(schema.const)];
  if (schema.enum) return schema.enum.filter((value) => value !== null).map(String);
  return schema.type === 'boolean' ? ['true', 'false'] : [];
}

/** `integer from 0 to 65535`, `one of a, b`, `map`. */
export function toTypeText(schema: Schema): string {
  const parts = expand(schema);
  const values = parts.flatMap((part) => (part.const === undefined ? (part.enum ?? []) : [part.const]));
  if (values.length > 0 && values.length <= 8) return `one of ${values.map(String).join(', ')}`;
  const types = new Set(
    parts
      .flatMap(({ type }) => type ?? [])
      .map((type) => (type === 'object' ? 'map' : type === 'array' ? 'list' : type)),
  );
  const { minimum, maximum } = parts.find((part) => part.minimum !== undefined || part.maximum !== undefined) ?? {};
  const range = [minimum === undefined ? '' : `from ${minimum}`, maximum === undefined ? '' : `to ${maximum}`];
  return [[...types].join(' or ') || 'anything', ...range].filter((word) => word !== '').join(' ');
}

/** For whoever points at a key; null where the schema does not know it. */
export function toHoverText(root: Schema, path: readonly (string | 0)[]): { type: string; text: string } | null {
  const [schema] = findSchemas(root, path);
  if (!schema) return null;
  const fallback = schema.default === undefined ? '' : ` Without it: ${JSON.stringify(schema.default)}.`;
  return { type: toTypeText(schema), text: `${schema.description ?? ''}${fallback}`.trim() };
}

/** The keys below a key of the document, or below one of its sections. */
export function findKnownNames(text: string): KnownNames {
  return {
    upstreams: keysBelow(text, /^upstreams:/m, 0),
    policies: keysBelow(text, /^ +policies:/m, 1),
    providers: keysBelow(text, /^ +providers:/m, 1),
  };
}

function keysBelow(text: string, section: RegExp, depth: number): string[] {
  const start = section.exec(text);
  if (!start) return [];
  const indent = depth === 0 ? 0 : (/^ */.exec(start[0])?.[0].length ?? 0);
  const names: string[] = [];
  let own: number | null = null;
  for (const line of text.slice(start.index).split('\n').slice(1)) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    const [, spaces = '', name = ''] = /^( *)([A-Za-z0-9][A-Za-z0-9._-]*):/.exec(line) ?? [];
    const column = /^ */.exec(line)?.[0].length ?? 0;
    if (column <= indent) break;
    own ??= column;
    if (name !== '' && spaces.length === own) names.push(name);
  }
  return names;
}
