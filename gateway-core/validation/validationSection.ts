// The configuration's section `validation`, and the rules `validate` of a route: documents, schema, defaults and faults.
import type { DocumentPath } from '../config/loadConfig.ts';
import { compileSchema, type JsonSchema } from './compileSchema.ts';

interface BodyDocument {
  schema?: JsonSchema;
  schemaFile?: string;
  required?: boolean;
  bufferBytes?: number;
  timeoutMs?: number;
  depthLimit?: number;
  valueLimit?: number;
}

interface QueryDocument {
  schema?: JsonSchema;
  schemaFile?: string;
  lengthLimit?: number;
  parameterLimit?: number;
}

interface HeadersDocument {
  countLimit?: number;
  totalBytes?: number;
  valueBytes?: number;
}

export interface ValidateDocument {
  methods?: string[];
  contentTypes?: string[];
  body?: BodyDocument;
  query?: QueryDocument;
  headers?: HeadersDocument;
}

export interface ValidationDocument {
  bufferedBytes?: number;
}

/** The part of a document that has to do with validation. */
export interface ValidatingDocument {
  routes: readonly { id: string; methods?: string[]; validate?: ValidateDocument[] }[];
  validation?: ValidationDocument;
}

export interface BodyRule {
  /** null: any JSON. */
  readonly schema: JsonSchema | null;
  readonly required: boolean;
  readonly bufferBytes: number;
  readonly timeoutMs: number;
  readonly depthLimit: number;
  readonly valueLimit: number;
}

export interface QueryRule {
  readonly schema: JsonSchema | null;
  /** Characters, which are bytes, without the question mark. */
  readonly lengthLimit: number;
  readonly parameterLimit: number;
}

export interface HeaderRule {
  readonly countLimit: number | null;
  /** Of all names and values. */
  readonly totalBytes: number | null;
  readonly valueBytes: number | null;
}

/** What a route asks of requests with certain methods. */
export interface ValidationRule {
  /** null: all methods. */
  readonly methods: readonly string[] | null;
  /** Lower case; null: a body of any type. Never null when there is a body rule. */
  readonly contentTypes: readonly string[] | null;
  readonly body: BodyRule | null;
  readonly query: QueryRule | null;
  readonly headers: HeaderRule | null;
}

export interface ValidationConfig {
  /** How much of all bodies together is held while they are checked and forwarded. */
  readonly bufferedBytes: number;
}

/** Of a body that is checked, where the route sets nothing else. */
const BODY = { required: true, bufferBytes: 1024 * 1024, timeoutMs: 15_000, depthLimit: 32, valueLimit: 10_000 };
const QUERY = { lengthLimit: 8_192, parameterLimit: 100 };
const BUFFERED_BYTES = 128 * 1024 * 1024;

const method = { type: 'string', pattern: '^[A-Z]{1,24}$' };
const schema = {
  type: 'object',
  description: 'A JSON Schema of draft 2020-12, or of draft-07 when its $schema says so.',
};
const schemaFile = {
  type: 'string',
  pattern: '^[^/\\\\:][^\\\\:]*\\.json$',
  maxLength: 512,
  description: 'The same as a JSON file, relative to the configuration and not outside of its folder.',
};
const count = (maximum: number, description: string) => ({ type: 'integer', minimum: 1, maximum, description });

export const validateSchema = {
  type: 'array',
  maxItems: 32,
  description: 'What requests have to fit; the first rule with the method of the request counts.',
  items: {
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    properties: {
      methods: { type: 'array', minItems: 1, items: method, description: 'The methods of the rule; all by default.' },
      contentTypes: {
        type: 'array',
        minItems: 1,
        maxItems: 32,
        items: { type: 'string', pattern: "^[!#$%&'+.^_`|~0-9A-Za-z-]+/(\\*|[!#$%&'+.^_`|~0-9A-Za-z-]+)$" },
        description:
          'Types of body that are taken, as type/subtype or type/*; other bodies get 415. With a body rule application/json by default; a type that is not JSON is taken unchecked.',
      },
      body: {
        type: 'object',
        additionalProperties: false,
        description:
          'The body has to be JSON without double members, and to fit the schema. It is read whole before it is forwarded.',
        properties: {
          schema,
          schemaFile,
          required: { type: 'boolean', description: 'Whether there has to be a body; true by default.' },
          bufferBytes: count(
            64 * 1024 * 1024,
            'How long the body may be; 1048576 (1 MiB) by default, and never more than bodyLimitBytes.',
          ),
          timeoutMs: count(600_000, 'How long the body may take to arrive; 15000 by default.'),
          depthLimit: count(1_000, 'How deep arrays and objects may lie in each other; 32 by default.'),
          valueLimit: count(1_000_000, 'How many values there may be; 10000 by default.'),
        },
      },
      query: {
        type: 'object',
        additionalProperties: false,
        description: 'What the query has to fit.',
        properties: {
          schema: {
            ...schema,
            description: `${schema.description} Of an object whose properties are the parameters; numbers, booleans and arrays are read as such.`,
          },
          schemaFile,
          lengthLimit: count(65_536, 'How long the query may be; 8192 by default.'),
          parameterLimit: count(10_000, 'How many parameters it may have; 100 by default.'),
        },
      },
      headers: {
        type: 'object',
        additionalProperties: false,
        description: 'Limits on the header fields of the route, below those of the whole port.',
        properties: {
          countLimit: count(10_000, 'How many fields there may be.'),
          totalBytes: count(1_048_576, 'How long all names and values may be together.'),
          valueBytes: count(1_048_576, 'How long each value may be.'),
        },
      },
    },
  },
};

export const validationSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'What the checks of bodies may take of the gateway.',
  properties: {
    bufferedBytes: {
      type: 'integer',
      minimum: 65_536,
      maximum: 68_719_476_736,
      description:
        'How much of all bodies together is held in memory; beyond it requests get 503. 134217728 (128 MiB) by default.',
    },
  },
};

export function resolveValidation(document: ValidatingDocument): ValidationConfig {
  return { bufferedBytes: document.validation?.bufferedBytes ?? BUFFERED_BYTES };
}

/** Takes rules whose schema files have been read. */
export function resolveRouteValidation(rules: readonly ValidateDocument[] | undefined): readonly ValidationRule[] {
  return (rules ?? []).map((rule): ValidationRule => {
    const { methods = null, body, query, headers } = rule;
    const types = rule.contentTypes ?? (body ? ['application/json'] : null);
    return {
      methods,
      contentTypes: types?.map((type) => type.toLowerCase()) ?? null,
      body: body ? { ...BODY, ...withoutFile(body) } : null,
      query: query ? { ...QUERY, ...withoutFile(query) } : null,
      headers: headers ? { countLimit: null, totalBytes: null, valueBytes: null, ...headers } : null,
    };
  });
}

function withoutFile<T extends BodyDocument | QueryDocument>({ schemaFile: _file, ...rest }: T) {
  return { ...rest, schema: rest.schema ?? null };
}

/** Compiles every schema. Throws an Error that names the first that cannot be. */
export function compileRouteSchemas(
  routes: readonly { readonly id: string; readonly validate: readonly ValidationRule[] }[],
): void {
  for (const { id, validate } of routes)
    for (const schema of validate.flatMap(({ body, query }) => [body?.schema, query?.schema])) {
      const compiled = schema ? compileSchema(schema) : undefined;
      if (compiled?.ok === false) throw new Error(`a schema of route "${id}" is not usable: ${compiled.message}`);
    }
}

interface Fault {
  readonly path: DocumentPath;
  readonly message: string;
}

/** Takes a document whose schema files have been read. */
export function findValidationFaults(document: ValidatingDocument): Fault[] {
  return document.routes.flatMap((route, routeIndex) =>
    (route.validate ?? []).flatMap((rule, ruleIndex, rules) => {
      const at = (...rest: (string | number)[]): DocumentPath => ['routes', routeIndex, 'validate', ruleIndex, ...rest];
      return [
        ...findMethodFaults(rule, rules.slice(0, ruleIndex), at),
        ...findForeignMethods(rule, route, at),
        ...findSchemaFaults(rule, at),
      ];
    }),
  );
}

type At = (...rest: (string | number)[]) => DocumentPath;

/** A rule that is never reached would promise a check that does not take place. */
function findMethodFaults(rule: ValidateDocument, earlier: readonly ValidateDocument[], at: At): Fault[] {
  if (earlier.some(({ methods }) => methods === undefined))
    return [
      {
        path: at(),
        message: 'the rule is never reached: one before it has no methods, and takes all; put that one last',
      },
    ];
  const taken = new Set(earlier.flatMap(({ methods = [] }) => methods));
  const faults = (rule.methods ?? []).flatMap((name, index): Fault[] =>
    taken.has(name) || rule.methods?.indexOf(name) !== index
      ? [{ path: at('methods', index), message: `the method ${name} stands in a rule already; remove it from one` }]
      : [],
  );
  // GET has none, and would be refused.
  if (rule.methods === undefined && rule.body && rule.body.required !== false)
    faults.push({
      path: at('body'),
      message:
        'requests without a body would be refused, GET too; name the methods that have one, for example methods: [POST, PUT]',
    });
  return faults;
}

function findForeignMethods(rule: ValidateDocument, route: { id: string; methods?: string[] }, at: At): Fault[] {
  return (rule.methods ?? []).flatMap((name, index): Fault[] =>
    route.methods === undefined || route.methods.includes(name)
      ? []
      : [
          {
            path: at('methods', index),
            message: `route "${route.id}" does not take the method ${name}; its methods are ${route.methods.join(', ')}`,
          },
        ],
  );
}

function findSchemaFaults({ body, query }: ValidateDocument, at: At): Fault[] {
  const parts: [name: string, part: BodyDocument | QueryDocument | undefined][] = [
    ['body', body],
    ['query', query],
  ];
  return parts.flatMap(([name, part]): Fault[] => {
    if (!part?.schema) return [];
    const key = part.schemaFile === undefined ? 'schema' : 'schemaFile';
    const compiled = compileSchema(part.schema);
    if (!compiled.ok) return [{ path: at(name, key), message: `the schema is not usable: ${compiled.message}` }];
    if (name === 'query' && part.schema.type !== 'object')
      return [{ path: at(name, key), message: 'the schema of a query describes an object: set type: object' }];
    return [];
  });
}
