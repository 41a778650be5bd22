// What an operation of the admin API is. The table of them is both what is served and what the OpenAPI document says.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from '../exchange/core.ts';

/** Of JSON Schema, what parameters need. */
export type ParameterSchema =
  | {
      readonly type: 'string';
      readonly pattern?: string;
      readonly enum?: readonly string[];
      readonly maxLength?: number;
    }
  | { readonly type: 'integer' | 'number'; readonly minimum?: number; readonly maximum?: number }
  | { readonly type: 'boolean' }
  /** Given by repeating the parameter. */
  | { readonly type: 'array'; readonly items: ParameterSchema & { readonly type: 'string' } };

export interface Parameter {
  readonly in: 'query' | 'path' | 'header';
  readonly description: string;
  readonly required?: boolean;
  readonly schema: ParameterSchema;
}

type ValueOf<Schema> = Schema extends { type: 'integer' | 'number' }
  ? number
  : Schema extends { type: 'boolean' }
    ? boolean
    : Schema extends { type: 'array' }
      ? string[]
      : string;

export type Parameters = Readonly<Record<string, Parameter>>;
export type ParameterValue = string | number | boolean | string[];
type ValuesOf<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends { required: true }
    ? ValueOf<P[Name]['schema']>
    : ValueOf<P[Name]['schema']> | undefined;
};

export interface Body {
  readonly type: 'application/json' | 'application/yaml';
  readonly description: string;
  /** Of JSON; it is checked before the handler sees it. */
  readonly schema?: object;
  readonly limitBytes: number;
}

export type Reply =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly json: unknown }
  | { readonly headers?: Readonly<Record<string, string>>; readonly text: string; readonly type: string }
  /** Takes the response over; lines of JSON until somebody goes. */
  | { readonly stream: (res: ServerResponse) => void };

export interface Call<Values> {
  readonly core: Core;
  readonly req: IncomingMessage;
  readonly values: Values;
  /** Text, or the parsed and checked value of a JSON body; undefined where there is none. */
  readonly body: unknown;
}

export interface Description {
  readonly description: string;
  /** Name of a component schema, or a schema of its own. */
  readonly schema?: string | object;
  readonly type?: string;
}

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /v1, with `{name}` for path parameters. */
  readonly path: string;
  readonly id: string;
  readonly group: string;
  readonly summary: string;
  readonly description?: string;
  /** Also served without /v1, as it was before there were versions. */
  readonly isUnversionedToo?: boolean;
  readonly parameters: Parameters;
  readonly body?: Body;
  readonly answers: Readonly<Record<number, Description>>;
  handle(call: Call<Readonly<Record<string, ParameterValue | undefined>>>): Reply | Promise<Reply>;
}

type Definition<P extends Parameters> = Omit<Operation, 'parameters' | 'handle'> & {
  readonly parameters?: P;
  handle(call: Call<ValuesOf<P>>): Reply | Promise<Reply>;
};

/** Gives a handler the types of its parameters, then forgets them: the table holds all kinds. */
export function defineOperation<const P extends Parameters = Record<never, never>>(
  definition: Definition<P>,
): Operation {
  const { handle } = definition;
  return { parameters: {}, ...definition, handle: (call) => handle(call as Call<ValuesOf<P>>) };
}

/** An answer that is not the wanted one, as problem+json (RFC 9457). */
export class AdminProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, { detail, ...more }: { detail: string; [name: string]: unknown }) {
    super(detail);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}
