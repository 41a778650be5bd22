// JSON Schema to a validator, on ajv, with what in it could be made slow by a body replaced by what cannot.
import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidationFault } from './fault.ts';
import { formats } from './formats.ts';
import { createLinearPattern } from './linearPattern.ts';
import { escapePointerStep } from './strictJson.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface SchemaValidator {
  /** What is wrong, the first that was found; empty when the value fits. */
  check(value: unknown, place: ValidationFault['in']): readonly ValidationFault[];
}

export type CompiledSchema =
  | { readonly ok: true; readonly validator: SchemaValidator }
  | { readonly ok: false; readonly message: string };

/** By the schema itself: a configuration is checked, resolved and put in force with the same one. */
const compiled = new WeakMap<JsonSchema, CompiledSchema>();

/** Compiles a schema of draft 2020-12, or of draft-07 when its $schema says so; once for each schema object. Never throws. */
export function compileSchema(schema: JsonSchema): CompiledSchema {
  const known = compiled.get(schema);
  if (known) return known;
  const result = compile(schema);
  compiled.set(schema, result);
  return result;
}

/** What is wrong with a value. A schema that cannot be compiled lets nothing pass; a configuration in force has none. */
export function checkAgainst(
  schema: JsonSchema,
  value: unknown,
  place: ValidationFault['in'],
): readonly ValidationFault[] {
  const result = compileSchema(schema);
  if (result.ok) return result.validator.check(value, place);
  return [{ in: place, pointer: '', message: 'cannot be checked' }];
}

const OPTIONS: Options = {
  // An unknown keyword or format would silently check nothing.
  strict: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  // A member that is only in the prototype is none.
  ownProperties: true,
  // All errors of a large body would be more work than the body; ajv advises against it for what strangers send.
  allErrors: false,
  // The body is forwarded as it came, so nothing may be changed to make it fit.
  coerceTypes: false,
  useDefaults: false,
  removeAdditional: false,
  formats: { ...formats },
  logger: false,
  code: { regExp: Object.assign((source: string) => createLinearPattern(source), { code: 'createLinearPattern' }) },
};

/** ajv remembers the ids of what it compiles: an instance each, so that no schema meets another, nor an older self. */
function createAjv(dialect: Dialect): Ajv {
  // Held against its metaschema elsewhere: compiling that for each instance would take longer than all the rest.
  const ajv = new dialect.Ajv({ ...OPTIONS, meta: false, validateSchema: false });
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    // ajv compares each item with each, which takes the square of their number.
    validate: (wanted: boolean, items: unknown[]) => !wanted || !hasTwice(items),
    error: { message: 'must not have an item twice' },
  });
  return ajv;
}

interface Dialect {
  readonly uri: string;
  readonly Ajv: typeof Ajv | typeof Ajv2020;
  /** Made when the first schema comes, and kept: it knows the metaschema alone. */
  metaschema?: Ajv;
}

const dialects: readonly [Dialect, Dialect] = [
  { uri: 'https://json-schema.org/draft/2020-12/schema', Ajv: Ajv2020 },
  { uri: 'http://json-schema.org/draft-07/schema', Ajv },
];

function compile(schema: JsonSchema): CompiledSchema {
  const dialect = findDialect(schema);
  if (!dialect) {
    const known = dialects.map(({ uri }) => uri).join(' or ');
    return refuse(`its $schema ${JSON.stringify(schema.$schema)} is not known; use ${known}`);
  }
  // ajv would give a promise instead of an answer.
  if ('$async' in schema) return refuse('it has $async, which is not a keyword of JSON Schema; remove it');
  dialect.metaschema ??= new dialect.Ajv({ logger: false });
  try {
    if (!dialect.metaschema.validateSchema(schema)) return refuse(describeFirst(dialect.metaschema.errors));
    const validate = createAjv(dialect).compile(schema);
    const check: SchemaValidator['check'] = (value, place) =>
      validate(value) ? [] : (validate.errors ?? []).map((error) => toFault(error, place));
    return { ok: true, validator: { check } };
  } catch (error) {
    return refuse(toReadable(error instanceof Error ? error.message : String(error)));
  }
}

function findDialect({ $schema }: JsonSchema): Dialect | undefined {
  if ($schema === undefined) return dialects[0];
  const plain = typeof $schema === 'string' ? $schema.replace(/#$/, '') : '';
  return dialects.find(({ uri }) => uri === plain);
}

function describeFirst(errors: ErrorObject[] | null | undefined): string {
  const [error] = errors ?? [];
  return `its ${error?.instancePath || 'root'} ${error?.message ?? 'is not valid'}`;
}

function refuse(message: string): CompiledSchema {
  return { ok: false, message };
}

function toReadable(message: string): string {
  const format = /unknown format "([^"]*)"/.exec(message)?.[1];
  if (format !== undefined)
    return `its format "${format}" is not checked here; known are ${Object.keys(formats).join(', ')}`;
  return message.replace(/^strict mode: /, 'it has an ');
}

function toFault(error: ErrorObject, place: ValidationFault['in']): ValidationFault {
  const { instancePath, keyword, message = 'is not valid' } = error;
  const params = error.params as Record<string, unknown>;
  const at = (name: unknown): string => `${instancePath}/${escapePointerStep(String(name))}`;
  if (keyword === 'required') return { in: place, pointer: at(params.missingProperty), message: 'is missing' };
  const extra = params.additionalProperty ?? params.unevaluatedProperty;
  if (extra !== undefined) return { in: place, pointer: at(extra), message: 'is not known here' };
  if (keyword === 'enum')
    return { in: place, pointer: instancePath, message: 'must be one of the values that are allowed' };
  return { in: place, pointer: instancePath, message };
}

/** By a text that is the same for equal values alone, whatever the order of their members. */
function hasTwice(items: readonly unknown[]): boolean {
  const seen = new Set<unknown>();
  for (const item of items) {
    const key = typeof item === 'object' && item !== null ? toSortedText(item) : toScalarKey(item);
    if (seen.has(key)) return true;
    seen.add(key);
  }
  return false;
}

/** A text never looks like the text of an object. */
function toScalarKey(value: unknown): unknown {
  return typeof value === 'string' ? `"${value}` : value;
}

function toSortedText(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
