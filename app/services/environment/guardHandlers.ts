// The guard and the audit log around every handler: neither a UI nor the CLI can pass them, since nothing else is handed
// to the transports.
import {
  applyResultSchema,
  type CallContext,
  GatehouseError,
  type Guard,
  type Handlers,
  type Operation,
  operations,
  type Problem,
  toProblem,
} from '../../contract/index.ts';
import type { AuditLog, FinalOutcome, OpenAction } from '../audit/auditLog.ts';
import { recordEngineCalls, recordEngineCallsOf } from '../docker/callRecording.ts';
import { findRefusal } from './guard.ts';

export interface GuardedPlace {
  guard: Guard;
  /** What lifts it, or why nothing does. */
  guardReason: string;
  unlockReason: string | null;
  /** Engine and project. */
  place: string;
  project: string;
}

export interface GuardSource {
  /**
   * Of the environment that an input names, once it is known what runs there. The whole input, since what it asks for
   * may tighten the guard.
   */
  inspect(environment: string, operation: string, input: object, signal: AbortSignal): Promise<GuardedPlace>;
  /** For operations without an environment: `readOnly` on a read-only host, else `open`. */
  hostGuard: Guard;
  audit: Pick<AuditLog, 'begin'>;
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

/**
 * They change no stack, but what may be changed, how far a change goes, or the figures of an upstream; never refused
 * for their class.
 */
const auditedReads: readonly string[] = [
  'environment.unlock',
  'environment.lock',
  'environment.configure',
  'environment.forget',
  'stack.cancel',
  'traffic.replay',
  'secrets.keepToken',
  'secrets.forgetToken',
  'forwards.close',
];

export function isAudited(name: string, { class: operationClass }: Pick<Operation, 'class'>): boolean {
  return operationClass === 'change' || operationClass === 'destroy' || auditedReads.includes(name);
}

function guardHandler(name: string, operation: Operation, handler: AnyHandler, source: GuardSource): AnyHandler {
  if (!isAudited(name, operation)) return handler;
  const enter = async (input: unknown, call: CallContext) => enterAction(name, operation, source, { input, call });
  if (operation.kind === 'subscription') {
    return async function* (input, call) {
      const action = await enter(input, call);
      // Until it ended by itself: its reader left.
      let outcome: FinalOutcome = 'cancelled';
      try {
        yield* recordEngineCallsOf(action.record, handler(input, call) as AsyncIterable<unknown>);
        outcome = 'done';
      } catch (error) {
        finishFailed(action, error);
        throw error;
      } finally {
        action.finish(outcome);
      }
    };
  }
  return async (input, call) => {
    const action = await enter(input, call);
    try {
      const answer = await recordEngineCalls(action.record, async () => handler(input, call));
      finishAnswered(action, answer);
      return answer;
    } catch (error) {
      finishFailed(action, error);
      throw error;
    }
  };
}

/** Throws what the guard refuses, after it was written down. */
async function enterAction(
  name: string,
  operation: Operation,
  source: GuardSource,
  { input, call }: { input: unknown; call: CallContext },
): Promise<OpenAction> {
  const environment = environmentOf(input);
  const place =
    environment === undefined ? undefined : await source.inspect(environment, name, input as object, call.signal);
  const guard = place?.guard ?? source.hostGuard;
  const action = source.audit.begin({
    operation: name,
    summary: operation.summary,
    class: operation.class,
    caller: call.caller ?? 'unknown',
    environment: environment ?? null,
    place: place?.place ?? null,
    guard,
    unlockReason: place?.unlockReason ?? null,
    input,
  });
  const project = place?.project ?? '';
  const refusal = findRefusal(guard, { name, class: operation.class, project, confirm: confirmationOf(input) });
  if (!refusal) return action;
  action.finish('refused', refusal);
  throw new GatehouseError(refusal);
}

/** As plans and changes of the gateway say it. */
const outcomeSchema = applyResultSchema.pick({ outcome: true, problems: true });

/** What was carried out in part is an answer, and no success. */
function finishAnswered(action: OpenAction, answer: unknown): void {
  const parsed = outcomeSchema.safeParse(answer);
  if (!parsed.success || parsed.data.outcome === 'applied') {
    action.finish('done');
    return;
  }
  const { outcome, problems } = parsed.data;
  const [first] = problems;
  const problem: Problem | undefined = first && { code: 'plan-failed', message: first.message, remedy: first.remedy };
  action.finish(outcome === 'cancelled' ? 'cancelled' : 'failed', problem);
}

/** What a handler itself refuses, is refused; what was stopped on request, was cancelled. */
function finishFailed(action: OpenAction, error: unknown): void {
  const problem = toProblem(error);
  const outcomes: Partial<Record<typeof problem.code, FinalOutcome>> = {
    'read-only': 'refused',
    'confirmation-needed': 'refused',
    cancelled: 'cancelled',
  };
  action.finish(outcomes[problem.code] ?? 'failed', problem);
}

function environmentOf(input: unknown): string | undefined {
  if (input === null || typeof input !== 'object') return undefined;
  const { environment } = input as { environment?: unknown };
  return typeof environment === 'string' ? environment : undefined;
}

function confirmationOf(input: unknown): string | undefined {
  const { confirm } = (input ?? {}) as { confirm?: unknown };
  return typeof confirm === 'string' ? confirm : undefined;
}
