// A queue of tasks: what was sent is worked off at least once. A task that fails waits and is tried again, a few times;
// then it is laid aside among the dead, where people can look at it.
import { extract, inject, inSpan, type SpanAttributes } from '../kit/tracing.ts';
import { toReason } from './storeState.ts';

export interface Task {
  /** The same for every copy of it: who has done it once must not do it again. */
  id: string;
  name: string;
  payload: Readonly<Record<string, unknown>>;
  /** W3C Trace Context and Baggage of whoever wants it done; empty when nobody waits for it. */
  trace: Readonly<Record<string, string>>;
}

export interface Delivery extends Task {
  /** From 1. */
  attempt: number;
}

export type Work = (delivery: Delivery) => Promise<void>;

export interface QueueDepth {
  ready: number;
  /** Waiting for their next try. */
  retrying: number;
  dead: number;
}

export interface TaskQueue {
  /** For people. */
  readonly described: string;
  readonly isAway: boolean;
  /** Resolves when the queue has it for good; rejects with StoreAway when that is not known. */
  send(task: Task): Promise<void>;
  /** From now on `work` is called for each task, several at once. Work that throws is tried again. */
  consume(work: Work): void;
  /** Rejects with StoreAway. */
  depth(): Promise<QueueDepth>;
  /** Takes no more tasks and waits shortly for those under way; what is not done by then comes again. */
  close(): Promise<void>;
}

/** Work that will not succeed however often it is tried: it goes to the dead at once. */
export class TaskRefused extends Error {
  override name = 'TaskRefused';
}

/** How long a task waits before its second, third and fourth try; after that it is dead. */
export const RETRY_DELAYS_MS: readonly number[] = [1_000, 5_000, 30_000];

export type Outcome =
  | { kind: 'done' }
  | { kind: 'retry'; delayMs: number; reason: string }
  | { kind: 'dead'; reason: string };

export interface WorkReport {
  task: string;
  id: string;
  attempt: number;
  outcome: Outcome;
  ms: number;
}

export interface QueueSettings {
  name: string;
  /** Tasks under way at a time. */
  atOnce: number;
  retryDelaysMs?: readonly number[];
  report(report: WorkReport): void;
}

/** For spans. */
interface System {
  system: 'rabbitmq' | 'in-process';
}

/** What becomes of a task whose work has thrown. */
export function decideOutcome(error: unknown, attempt: number, retryDelaysMs: readonly number[]): Outcome {
  const reason = toReason(error);
  const delayMs = error instanceof TaskRefused ? undefined : retryDelaysMs[attempt - 1];
  return delayMs === undefined ? { kind: 'dead', reason } : { kind: 'retry', delayMs, reason };
}

/** Runs the work in a span of its own within the trace that the task carries. Never rejects. */
export async function workOff(
  delivery: Delivery,
  work: Work,
  { name, system, retryDelaysMs = RETRY_DELAYS_MS, report }: QueueSettings & System,
): Promise<Outcome> {
  const startedAt = performance.now();
  const attributes = { ...toAttributes(delivery, { name, system }), 'shop.task.attempt': delivery.attempt };
  const options = { kind: 'consumer', attributes, parent: extract(delivery.trace) } as const;
  return inSpan(`process ${name}`, options, async (span) => {
    let outcome: Outcome = { kind: 'done' };
    try {
      await work(delivery);
    } catch (error) {
      outcome = decideOutcome(error, delivery.attempt, retryDelaysMs);
      span.fail(error instanceof Error ? error.name : 'unknown');
    }
    // Within the span, so that the line of the log that comes of it is in the trace.
    const { name: task, id, attempt } = delivery;
    report({ task, id, attempt, outcome, ms: performance.now() - startedAt });
    return outcome;
  });
}

/** Sends a task in a span of its own; `put` is given the task with that span as its trace. */
export function sendInSpan(
  task: Task,
  queue: { name: string } & System,
  put: (task: Task) => Promise<void>,
): Promise<void> {
  const options = { kind: 'producer', attributes: toAttributes(task, queue), parent: extract(task.trace) } as const;
  return inSpan(`send ${queue.name}`, options, () => put({ ...task, trace: { ...task.trace, ...inject() } }));
}

/** https://opentelemetry.io/docs/specs/semconv/messaging/ */
function toAttributes(task: Task, { name, system }: { name: string } & System): SpanAttributes {
  return {
    'messaging.system': system,
    'messaging.destination.name': name,
    'messaging.message.id': task.id,
    'shop.task.name': task.name,
  };
}
