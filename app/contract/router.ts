// Turns the catalogue and its handlers into a tRPC router, and the other way round for clients: one type, `GatehouseRouter`.
import {
  initTRPC,
  type TRPCBuiltRouter,
  TRPCError,
  type TRPCMutationProcedure,
  type TRPCQueryProcedure,
  type TRPCSubscriptionProcedure,
} from '@trpc/server';
import { ZodError, type z } from 'zod';
import type { CallContext, Catalogue, Operation } from './operation.ts';
import { type Handlers, type Operations, operations } from './operations.ts';
import { GatehouseError, type Problem } from './problem.ts';

export interface SessionContext {
  /** Who calls, for the audit log: `console`, `cli`. */
  readonly caller: string;
}

interface ErrorShapeData {
  problem: Problem;
}

const t = initTRPC.context<SessionContext>().create({
  errorFormatter: ({ shape, error }) => {
    const problem = toProblem(error);
    return {
      // Never a stack, and never the message of an unexpected error: only the problem crosses the wire.
      message: problem.message,
      code: shape.code,
      data: { code: shape.data.code, path: shape.data.path, problem } satisfies ErrorShapeData &
        Record<string, unknown>,
    };
  },
});

type Procedure<T extends Operation> =
  T extends Operation<infer K, infer I, infer O>
    ? K extends 'query'
      ? TRPCQueryProcedure<{ meta: unknown; input: z.input<I>; output: z.output<O> }>
      : K extends 'mutation'
        ? TRPCMutationProcedure<{ meta: unknown; input: z.input<I>; output: z.output<O> }>
        : TRPCSubscriptionProcedure<{ meta: unknown; input: z.input<I>; output: AsyncIterable<z.output<O>> }>
    : never;

type RouterRecordOf<C extends Catalogue> = { [D in keyof C]: { [V in keyof C[D]]: Procedure<C[D][V]> } };
export type GatehouseRouter = TRPCBuiltRouter<(typeof t)['_config']['$types'], RouterRecordOf<Operations>>;

/** Builds the router. Inputs are validated by the catalogue's schemas before a handler sees them. */
export function createRouter(handlers: Handlers): GatehouseRouter {
  const domains: Record<string, ReturnType<typeof t.router>> = {};
  for (const [domain, verbs] of Object.entries(operations)) {
    const procedures: Record<string, never> = {};
    for (const [verb, operation] of Object.entries(verbs)) {
      const handler = (handlers as never as Record<string, Record<string, AnyHandler>>)[domain]?.[verb];
      if (!handler)
        throw new Error(`operation ${domain}.${verb} has no handler; register it in app/host/composition.ts`);
      procedures[verb] = createProcedure(operation, handler) as never;
    }
    domains[domain] = t.router(procedures);
  }
  return t.router(domains) as never as GatehouseRouter;
}

type AnyHandler = (input: unknown, call: CallContext) => unknown;

function createProcedure(operation: Operation, handler: AnyHandler) {
  const procedure = t.procedure.input(operation.input);
  const toCall = ({ signal, ctx }: { signal: AbortSignal | undefined; ctx: SessionContext }): CallContext => ({
    signal: signal ?? new AbortController().signal,
    caller: ctx.caller,
  });
  if (operation.kind === 'query') return procedure.query((request) => handler(request.input, toCall(request)));
  if (operation.kind === 'mutation') return procedure.mutation((request) => handler(request.input, toCall(request)));
  return procedure.subscription(async function* (request) {
    yield* handler(request.input, toCall(request)) as AsyncIterable<unknown>;
  });
}

/** Any failure as a problem. What was not thrown on purpose becomes `internal`, without its message. */
export function toProblem(error: unknown): Problem {
  const cause = error instanceof TRPCError ? (error.cause ?? error) : error;
  if (cause instanceof GatehouseError) return cause.toProblem();
  if (cause instanceof ZodError) {
    const issue = cause.issues[0];
    const where = issue?.path.join('.') || 'input';
    return {
      code: 'bad-input',
      message: `${where}: ${issue?.message ?? 'not valid'}`,
      remedy: 'Correct the value and try again.',
    };
  }
  if (cause instanceof TRPCError && cause.code === 'UNAUTHORIZED') {
    return {
      code: 'unauthenticated',
      message: 'This window has no session.',
      remedy: 'Run `gatehouse code` and open the URL that it prints.',
    };
  }
  return {
    code: 'internal',
    message: 'The host failed in a way that it did not expect.',
    remedy: 'Its log says more; run `gatehouse serve` in a terminal to see it.',
  };
}
