// What an operation is, and the types that services, transports and UIs derive from the catalogue.
import type { z } from 'zod';

/** What an operation can do to an environment; the guard of app/services decides on it. */
export type OperationClass = 'observe' | 'sensitiveRead' | 'change' | 'destroy';
export type OperationKind = 'query' | 'mutation' | 'subscription';

export interface Operation<
  K extends OperationKind = OperationKind,
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
> {
  readonly kind: K;
  readonly class: OperationClass;
  /** One sentence for documentation, the palette and the audit log. */
  readonly summary: string;
  readonly input: I;
  readonly output: O;
}

type Shape<I extends z.ZodType, O extends z.ZodType> = { class: OperationClass; summary: string; input: I; output: O };

/** Asked once, changes nothing. */
export function query<I extends z.ZodType, O extends z.ZodType>(shape: Shape<I, O>): Operation<'query', I, O> {
  return { kind: 'query', ...shape };
}

/** Carried out once; may change something. */
export function mutation<I extends z.ZodType, O extends z.ZodType>(shape: Shape<I, O>): Operation<'mutation', I, O> {
  return { kind: 'mutation', ...shape };
}

/** The current value at once, then every later one until the caller leaves. */
export function subscription<I extends z.ZodType, O extends z.ZodType>(
  shape: Shape<I, O>,
): Operation<'subscription', I, O> {
  return { kind: 'subscription', ...shape };
}

export type Catalogue = Record<string, Record<string, Operation>>;

export interface CallContext {
  /** Aborted when the caller leaves; a handler must then free what it holds. */
  readonly signal: AbortSignal;
  /** Who calls, for the audit log: `console`, `cli`. */
  readonly caller?: string;
}

/** What a service must provide for an operation. Inputs arrive validated. */
export type Handler<T extends Operation> =
  T extends Operation<infer K, infer I, infer O>
    ? K extends 'subscription'
      ? (input: z.output<I>, call: CallContext) => AsyncIterable<z.output<O>>
      : (input: z.output<I>, call: CallContext) => Promise<z.output<O>>
    : never;

export type HandlersOf<D extends Record<string, Operation>> = { [V in keyof D]: Handler<D[V]> };
export type AllHandlersOf<C extends Catalogue> = { [D in keyof C]: HandlersOf<C[D]> };
