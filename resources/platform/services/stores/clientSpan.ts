import { currentTrace, inSpan, type SpanAttributes } from '../kit/tracing.ts';

/**
 * A span for a question to a store, where it is part of a trace. What a process asks by itself (is there something to send,
 * is the store back) belongs to none, and would fill the traces with what nobody looks for.
 */
export function inClientSpan<Result>(
  name: string,
  attributes: SpanAttributes,
  work: () => Promise<Result>,
): Promise<Result> {
  return currentTrace() === undefined ? work() : inSpan(name, { kind: 'client', attributes }, work);
}
