// The guard around every handler: neither a UI nor the CLI can pass it, since nothing else is handed to the transports.
import {
  type CallContext,
  GatehouseError,
  type Guard,
  type Handlers,
  type Operation,
  operations,
} from '../../contract/index.ts';
import { findRefusal } from './guard.ts';

export interface GuardSource {
  /** The guard of the environment that an input names. */
  guardOf(environment: string): Guard;
  /** For operations without an environment: `readOnly` on a read-only host, else `open`. */
  hostGuard: Guard;
}

type AnyHandler = (input: unknown, call: CallContext) => unknown;

export function guardHandlers(handlers: Handlers, source: GuardSource): Handlers {
  const guarded = Object.entries(operations).map(([domain, verbs]) => {
    const own = handlers[domain as keyof Handlers] as never as Record<string, AnyHandler>;
    const entries = Object.entries(verbs as Record<string, Operation>).map(([verb, operation]) => {
      const handler = own[verb];
      if (!handler) throw new Error(`operation ${domain}.${verb} has no handler`);
      return [verb, guardHandler(`${domain}.${verb}`, operation, handler, source)];
    });
    return [domain, Object.fromEntries(entries)];
  });
  return Object.fromEntries(guarded) as Handlers;
}

function guardHandler(name: string, operation: Operation, handler: AnyHandler, source: GuardSource): AnyHandler {
  const check = (input: unknown) => {
    const environment = environmentOf(input);
    const guard = environment === undefined ? source.hostGuard : source.guardOf(environment);
    const refusal = findRefusal(guard, { name, class: operation.class });
    if (refusal) throw new GatehouseError(refusal);
  };
  if (operation.kind === 'subscription') {
    return async function* (input, call) {
      check(input);
      yield* handler(input, call) as AsyncIterable<unknown>;
    };
  }
  return async (input, call) => {
    check(input);
    return handler(input, call);
  };
}

function environmentOf(input: unknown): string | undefined {
  if (input === null || typeof input !== 'object') return undefined;
  const { environment } = input as { environment?: unknown };
  return typeof environment === 'string' ? environment : undefined;
}
