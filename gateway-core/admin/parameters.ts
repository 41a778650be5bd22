// Parameters of a call, read as the table declares them. What is not declared is refused: a misspelt filter would
// otherwise show everything, and look as if it had been applied.
import type { IncomingHttpHeaders } from 'node:http';
import {
  AdminProblem,
  type Parameter,
  type ParameterSchema,
  type Parameters,
  type ParameterValue,
} from './operation.ts';

interface Given {
  readonly query: URLSearchParams;
  readonly path: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
}

/** Throws AdminProblem 400 that names the parameter, the value and what it takes. */
export function readParameters(
  parameters: Parameters,
  { query, path, headers }: Given,
): Readonly<Record<string, ParameterValue | undefined>> {
  const known = Object.keys(parameters).filter((name) => parameters[name]?.in === 'query');
  for (const name of query.keys())
    if (!known.includes(name)) {
      const list = known.length === 0 ? 'takes none' : `knows ${known.join(', ')}`;
      throw new AdminProblem(400, 'unknown-parameter', {
        detail: `There is no parameter "${name}"; the operation ${list}.`,
      });
    }
  const values: Record<string, ParameterValue | undefined> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const given = findGiven(name, parameter, { query, path, headers });
    if (given.length > 0) values[name] = parse(name, parameter.schema, given);
    else if (parameter.required) throw new AdminProblem(400, 'missing-parameter', { detail: `The parameter "${name}" is missing.` }); // biome-ignore format: one rule
  }
  return values;
}

function findGiven(name: string, parameter: Parameter, { query, path, headers }: Given): string[] {
  if (parameter.in === 'query') return query.getAll(name);
  const value = parameter.in === 'path' ? path[name] : headers[name.toLowerCase()];
  return value === undefined ? [] : [String(value)];
}

function parse(name: string, schema: ParameterSchema, given: readonly string[]): ParameterValue {
  if (schema.type === 'array') return given.map((text) => parseOne(name, schema.items, text) as string);
  const [text = '', more] = given;
  if (more !== undefined) throw new AdminProblem(400, 'bad-parameter', { detail: `"${name}" stands several times.` });
  return parseOne(name, schema, text);
}

function parseOne(name: string, schema: Exclude<ParameterSchema, { type: 'array' }>, text: string): ParameterValue {
  const refuse = (wanted: string): never => {
    throw new AdminProblem(400, 'bad-parameter', { detail: `"${name}" is ${JSON.stringify(text.slice(0, 100))}; it takes ${wanted}.` }); // biome-ignore format: one sentence
  };
  if (schema.type === 'boolean') return text === 'true' || (text !== 'false' && refuse('true or false'));
  if (schema.type === 'string') {
    const { pattern, maxLength = 1_024 } = schema;
    if (schema.enum && !schema.enum.includes(text)) return refuse(schema.enum.join(', '));
    if (pattern !== undefined && !new RegExp(pattern).test(text)) return refuse(`what fits ${pattern}`);
    return text.length <= maxLength ? text : refuse(`at most ${maxLength} characters`);
  }
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  const number = /^-?\d{1,16}(?:\.\d{1,16})?$/.test(text) ? Number(text) : Number.NaN;
  const isFine = number >= minimum && number <= maximum && (schema.type === 'number' || Number.isInteger(number));
  return isFine ? number : refuse(`a${schema.type === 'integer' ? ' whole' : ''} number from ${minimum} to ${maximum}`);
}
